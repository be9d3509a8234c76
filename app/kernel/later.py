"""Modules that are imported when they are used first, so that the first picture need not wait for them.

    if TYPE_CHECKING:
        import httpx
    else:
        httpx = later("httpx")

Nothing else changes for whoever uses them. What is said of their types at a function's head has to be quoted.
"""

import importlib
from typing import Any


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
    return _Later(name)
