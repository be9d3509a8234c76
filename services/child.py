"""The conversation with the desktop that has started the service: one line in, the answer, and the end of input.

Before the answer stand lines that tell how far a demo shop is made, when one has to be.
"""

import json
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from app.kernel import typed
from app.kernel.errors import KnownError
from services.opening import Founding

STDIN = 0
STDOUT = 1
MOST_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class ChildConfig:
    """The first line of input. ``token`` opens ``/supervisor`` and is known to this one desktop only."""

    token: str
    port: int = -1
    host: str = ""
    shop: Founding = field(default_factory=Founding)


def read_config() -> ChildConfig:
    """Waits for the first line; raises KnownError when it is none."""
    line = b""
    # Read without Python's own buffer: its lock would be held by a waiting thread when the process ends.
    while not line.endswith(b"\n") and len(line) < MOST_BYTES:
        sign = os.read(STDIN, 1)
        if not sign:
            break
        line += sign
    try:
        config = typed.build(ChildConfig, json.loads(line))
        if len(config.token) < 16:
            raise ValueError("token is too short")
    except ValueError as error:
        template = "The first line of input does not configure the service: {why}"
        raise KnownError("config.malformed", template, {"why": str(error)}) from error
    return config


def when_parent_is_gone(do: Callable[[], None]) -> None:
    """Call ``do`` at the end of input: closed on purpose, or because the desktop has died, however it died."""

    def watch() -> None:
        try:
            while os.read(STDIN, 4096):
                pass
        except OSError:
            pass
        do()

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def tell(message: Mapping[str, Any]) -> None:
    """A line of output; plain ASCII, so no console's encoding can spoil it. Nobody may be there to read it."""
    with suppress(OSError):
        os.write(STDOUT, json.dumps(message).encode() + b"\n")
