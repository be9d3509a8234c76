"""What one start of the program makes of files and texts, kept for the next one.

Compiled files of Python's own lie in ``__pycache__``; these lie beside them and follow the same rules: what was made of
something that has changed is made anew, a folder that cannot be written costs the time and nothing else, and ``-B``
keeps nothing. Only the desktop does it, from ``begin_start`` until its first picture is there.
"""

import importlib.util
import marshal
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeAlias

Key: TypeAlias = tuple[Any, ...]
_at_end: Final[list[Callable[[], None]]] = []
_starts: Final[list[None]] = []


class Kept:
    """Bytes by what they were made of. Only what was asked for this time stays in the file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._found = _read(file)
        self._used: dict[Key, bytes] = {}

    def get(self, key: Key) -> bytes | None:
        made = self._used.get(key) or self._found.get(key)
        if made is not None:
            self._used[key] = made
        return made

    def put(self, key: Key, made: bytes) -> None:
        self._used[key] = made

    def keep(self) -> None:
        """Write the file if something is not in it yet."""
        used = dict(self._used)
        if not used.keys() <= self._found.keys() and not sys.dont_write_bytecode:
            _write(self._file, used)


class OfStart:
    """Kept while the program starts; before and afterwards it holds nothing, and nothing put into it stays."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._kept: Kept | None = None

    def get(self, key: Key) -> bytes | None:
        kept = self._now()
        return kept.get(key) if kept is not None else None

    def put(self, key: Key, made: bytes) -> None:
        kept = self._now()
        if kept is not None:
            kept.put(key, made)

    def _now(self) -> Kept | None:
        kept = self._kept
        if kept is None and _starts:
            kept = self._kept = Kept(self.file)
            at_end_of_start(self._end)
        return kept

    def _end(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.keep()


def beside(source: str, ending: str) -> Path:
    """Where a module keeps such a file: beside its own compiled one, and like that one for this Python only."""
    return Path(importlib.util.cache_from_source(source)).with_suffix(ending)


def begin_start() -> None:
    _starts.append(None)


def at_end_of_start(act: Callable[[], None]) -> None:
    """To be done when the first picture is there, by a thread that nobody waits for."""
    _at_end.append(act)


def end_start() -> None:
    """Write what was new; to be called where a moment of the disk holds up nobody."""
    _starts.clear()
    while _at_end:
        _at_end.pop()()


def _read(file: Path) -> dict[Key, bytes]:
    with suppress(OSError, ValueError, EOFError, TypeError):  # none yet, or half a file: it is made anew
        found = marshal.loads(file.read_bytes())
        if isinstance(found, dict) and all(isinstance(made, bytes) for made in found.values()):
            return found
    return {}


def _write(file: Path, made: dict[Key, bytes]) -> None:
    fresh = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(marshal.dumps(made))
        fresh.replace(file)
    except OSError:  # installed for all: nobody may write there; or, on Windows, another one is reading it now
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
