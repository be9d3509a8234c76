"""Modules that are imported when they are used first, so that the first picture need not wait for them.

    if TYPE_CHECKING:
        import httpx
    else:
        httpx = later("httpx")

Nothing else changes for whoever uses them. What is said of their types at a function's head has to be quoted.

Once the picture is there ``fetch`` brings our own ones in, on a thread that nobody waits for: then no first click waits
for an import. The large libraries stay away until something needs them; most days nothing does.
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

_PUT_OFF: dict[str, None] = {}


class _Later:
    """Stands for a module until somebody asks for something in it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, wanted: str) -> Any:
        found = getattr(importlib.import_module(self._name), wanted)
        setattr(self, wanted, found)
        return found


def later(name: str) -> Any:
    """The module of this name; it is imported at the first use of anything in it."""
    _PUT_OFF[name] = None
    return _Later(name)


def fetch(*packages: str) -> None:
    """Import what was put off of these packages, and what that puts off itself."""
    seen: set[str] = set()
    while wanted := [name for name in list(_PUT_OFF) if name not in seen and name.partition(".")[0] in packages]:
        seen.update(wanted)
        for name in wanted:
            importlib.import_module(name)


class _PutOff:
    """Stands for a module in a library that fetches it at its own import and needs it at best years later."""

    __spec__ = None  # importing asks for it

    def __init__(self, name: str, function: str) -> None:
        self._name = name
        if function:
            setattr(self, function, partial(self._call, function))

    def __getattr__(self, wanted: str) -> Any:
        found = self._fetched(wanted)
        setattr(self, wanted, found)
        return found

    def _call(self, function: str, *given: Any, **more: Any) -> Any:
        return self._fetched(function)(*given, **more)

    def _fetched(self, wanted: str) -> Any:
        standing: Any = sys.modules.get(self._name)
        if standing is self:  # asked for before the library is there
            del sys.modules[self._name]
        return getattr(importlib.import_module(self._name), wanted)


@contextmanager
def without(*names: str) -> Iterator[None]:
    """A library that is imported within gets these modules when it uses them first; all others get them as ever.

    A function's name behind the module's (``textwrap.dedent``) is for a library that takes the function out at once.
    """
    parted = [name.partition(".") for name in names]
    stand_ins: dict[str, Any] = {name: _PutOff(name, it) for name, _, it in parted if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, stand_in in stand_ins.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]
