"""Keeps what is compiled from a text that lies in no file of Python's, and would be compiled at every start.

Compiled files of Python's own lie in ``__pycache__``; these lie beside them and follow the same rules: a changed text
is compiled anew, a folder that cannot be written costs the time and nothing else, and ``-B`` keeps nothing.
"""

import importlib.util
import marshal
import os
import sys
from contextlib import suppress
from pathlib import Path
from types import CodeType
from typing import Final, TypeAlias, cast

Kept: TypeAlias = dict[tuple[str, bytes], bytes]
_compile: Final = compile


class KeptCode:
    """The compiled texts of one file; only what was asked for this time stays in it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._kept = _read(file)
        self._used: Kept = {}

    def of(self, text: bytes, name: str) -> CodeType:
        """The text as a module's code. Raises SyntaxError."""
        key = (name, importlib.util.source_hash(text))
        kept = self._kept.get(key)
        if kept is not None:
            self._used[key] = kept
            return cast("CodeType", marshal.loads(kept))
        code = _compile(text, name, "exec", dont_inherit=True)
        self._used[key] = marshal.dumps(code)
        return code

    def keep(self) -> None:
        """Write the file if something is not in it yet."""
        used = dict(self._used)
        if not used.keys() <= self._kept.keys() and not sys.dont_write_bytecode:
            _write(self._file, used)


def beside(source: str, ending: str) -> Path:
    """Where a module keeps such a file: beside its own compiled one, and like that one for this Python only."""
    return Path(importlib.util.cache_from_source(source)).with_suffix(ending)


def _read(file: Path) -> Kept:
    with suppress(OSError, ValueError, EOFError, TypeError):  # none yet, or half a file: it is made anew
        found = marshal.loads(file.read_bytes())
        if isinstance(found, dict) and all(isinstance(code, bytes) for code in found.values()):
            return found
    return {}


def _write(file: Path, kept: Kept) -> None:
    fresh = file.with_suffix(f".{os.getpid()}")
    with suppress(OSError):  # a program that was installed for all may not write there
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(marshal.dumps(kept))
        fresh.replace(file)
