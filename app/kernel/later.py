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
