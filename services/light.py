"""Libraries without the parts of them that only a person at a terminal would use.

httpx brings a command of its own; for its colours it loads as much again as it needs for asking. uvicorn can start
itself anew when a programmer has changed a file. Both go without when the libraries for that are not installed, so for
the moment of their loading they are told so.

FastAPI asks of every type whether it is a model of pydantic's first version, and loads the whole of that to know one.
"""

import importlib
import sys
from types import ModuleType

_NOT_NEEDED = ("pygments", "rich", "watchfiles")


def load_lightly(library: str) -> None:
    """Load httpx or uvicorn; to be called before anybody else does."""
    missed = [name for name in _NOT_NEEDED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(missed))  # type: ignore[arg-type]
    try:
        importlib.import_module(library)
    finally:
        for name in missed:
            del sys.modules[name]


def spare_old_models() -> None:
    """Show FastAPI a first version of pydantic in which there is a model, and nothing is one: 3 MB, 30 ms."""
    old = ModuleType("pydantic.v1")
    old.BaseModel = type("BaseModel", (), {})  # type: ignore[attr-defined]
    sys.modules.setdefault(old.__name__, old)
