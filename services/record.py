"""A small secret file that tells programs of this user where the service answers and how to prove themselves."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from app.kernel import codec
from app.kernel.files import replace_file

NAME = "service.json"


@dataclass(frozen=True, slots=True)
class Record:
    """``database`` has no password; it tells whether the running service is that of the shop which is meant."""

    host: str
    port: int
    secret: str
    pid: int
    database: str


def write(folder: Path, record: Record) -> None:
    replace_file(folder / NAME, codec.canonical(codec.plain(record)).encode(), secret=True)


def read(folder: Path) -> Record | None:
    """The record of a service that runs or was killed; None when there is none."""
    try:
        return codec.build(Record, json.loads((folder / NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


def remove(folder: Path) -> None:
    """Take our own record away; one that another process has written meanwhile stays."""
    found = read(folder)
    if found is not None and found.pid == os.getpid():
        (folder / NAME).unlink(missing_ok=True)
