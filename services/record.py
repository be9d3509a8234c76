"""A small secret file that tells programs of this user where the service answers and how to prove themselves."""

import json
import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.kernel import codec, typed
from app.kernel.files import replace_file

NAME = "service.json"
_PATIENCE_S = 2.0
_MOST_BYTES = 4_096


@dataclass(frozen=True, slots=True)
class Record:
    """``database`` has no password; it tells whether the running service is that of the shop which is meant.

    ``outside`` is the service's address for other computers, "" when they do not reach it.
    """

    host: str
    port: int
    secret: str
    pid: int
    database: str
    outside: str = ""

    @property
    def url(self) -> str:
        """Its address for whoever is on this computer."""
        return url_of(self.host, self.port)


def url_of(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def write(folder: Path, record: Record) -> None:
    replace_file(folder / NAME, codec.canonical(codec.plain(record)).encode(), secret=True)


def read(folder: Path) -> Record | None:
    """The record of a service that runs or was killed; None when there is none."""
    try:
        return typed.build(Record, json.loads((folder / NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


def is_answering(record: Record) -> bool:
    """Whether the service of the record runs: it may have been killed, and its port be a stranger's."""
    from http.client import HTTPConnection, HTTPException  # few ask

    with closing(HTTPConnection(record.host, record.port, timeout=_PATIENCE_S)) as line:
        try:
            line.request("GET", "/healthz")
            told = json.loads(line.getresponse().read(_MOST_BYTES))
        except (OSError, HTTPException, ValueError):
            return False
    return isinstance(told, dict) and told.get("pid") == record.pid


def remove(folder: Path) -> None:
    """Take our own record away; one that another process has written meanwhile stays."""
    found = read(folder)
    if found is not None and found.pid == os.getpid():
        (folder / NAME).unlink(missing_ok=True)
