"""Keeps what Qt's binding compiles at every start: its own Python part lies in its library as text.

Compiled files of Python's own lie in ``__pycache__``; this one lies beside them and follows the same rules: a changed
text is compiled anew, a folder that cannot be written costs the time and nothing else, and ``-B`` keeps nothing.
"""

import builtins
import importlib.util
import marshal
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import CodeType
from typing import Any, Final, TypeAlias

OF_BINDING: Final = "shibokensupport/"
WRITES_STUBS: Final = f"{OF_BINDING}signature/lib/pyi_generator.py"
"""What the binding writes its type stubs with, which no program does; it stays empty."""
FILE: Final = Path(importlib.util.cache_from_source(__file__)).with_suffix(".binding")
Kept: TypeAlias = dict[tuple[str, bytes], CodeType]


@contextmanager
def kept_code(file: Path = FILE) -> Iterator[None]:
    """Within this, what the binding compiles is taken from the file, and put into it where it was not there."""
    kept, used = _read(file), Kept()
    real: Any = builtins.compile

    def compiled(source: Any, filename: Any, mode: str, *args: Any, **options: Any) -> Any:
        is_bindings = isinstance(source, bytes) and mode == "exec" and str(filename).startswith(OF_BINDING)
        if not is_bindings or args or options:
            return real(source, filename, mode, *args, **options)
        if filename == WRITES_STUBS:
            return real("", filename, mode)
        key = (str(filename), importlib.util.source_hash(source))
        used[key] = kept[key] if key in kept else real(source, filename, mode)
        return used[key]

    builtins.compile = compiled
    try:
        yield
    finally:
        builtins.compile = real
    if not used.keys() <= kept.keys() and not sys.dont_write_bytecode:
        _write(file, used)


def _read(file: Path) -> Kept:
    with suppress(OSError, ValueError, EOFError, TypeError):  # none yet, or half a file: it is made anew
        found = marshal.loads(file.read_bytes())
        if isinstance(found, dict):
            return found
    return {}


def _write(file: Path, kept: Kept) -> None:
    fresh = file.with_suffix(f".{os.getpid()}")
    with suppress(OSError):  # a program that was installed for all may not write there
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(marshal.dumps(kept))
        fresh.replace(file)
