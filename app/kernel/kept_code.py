"""Keeps what is compiled from a text that lies in no file of Python's, and would be compiled at every start."""

import importlib.util
import marshal
from types import CodeType
from typing import Final, cast

from app.kernel.kept import Kept

_compile: Final = compile


def code_of(text: bytes, name: str, kept: Kept) -> CodeType:
    """The text as a module's code. Raises SyntaxError."""
    key = (name, importlib.util.source_hash(text))
    found = kept.get(key)
    if found is not None:
        return cast("CodeType", marshal.loads(found))
    code = _compile(text, name, "exec", dont_inherit=True)
    kept.put(key, marshal.dumps(code))
    return code
