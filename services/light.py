"""Libraries without the parts of them that only a person at a terminal would use.

httpx and uvicorn bring commands of their own, and for these they load a library for options and one for colours.
httpx goes without its command when the libraries for that are not installed, so for the moment of its loading it is
told so; uvicorn is shown an empty one.

FastAPI asks of every type whether it is a model of pydantic's first version, and loads the whole of that to know one.
"""

import sys
from types import ModuleType
from typing import Any

_FOR_TERMINALS = ("click", "pygments", "rich")


def load_httpx() -> None:
    """To be called before anybody else loads it."""
    missed = [name for name in _FOR_TERMINALS if name not in sys.modules]
    sys.modules.update(dict.fromkeys(missed))  # type: ignore[arg-type]
    try:
        import httpx  # noqa: F401
    finally:
        for name in missed:
            del sys.modules[name]


def load_uvicorn() -> None:
    """To be called before anybody else loads it."""
    if "uvicorn" in sys.modules:
        return
    command = ModuleType("uvicorn.main")
    command.__dict__.update(dict.fromkeys(("Server", "main", "run")))
    sys.modules[command.__name__] = command
    import uvicorn

    del sys.modules[command.__name__], uvicorn.main, uvicorn.run
    from uvicorn.server import Server

    uvicorn.Server = Server  # type: ignore[misc]


def spare_old_models() -> None:
    """Show FastAPI a first version of pydantic in which there is a model, and nothing is one: 3 MB, 30 ms."""
    old = ModuleType("pydantic.v1")
    old.BaseModel = type("BaseModel", (), {})  # type: ignore[attr-defined]
    sys.modules.setdefault(old.__name__, old)


def load_fastapi() -> None:
    """FastAPI with the shapes of its descriptions left as they are: each is made ready when it is used first.

    They are a hundred, and used when somebody asks for the description of our routes: 2 MB, 40 ms.
    """
    from pydantic import BaseModel

    made, rebuild = BaseModel.model_config, BaseModel.__dict__["model_rebuild"]

    def later(kind: type[BaseModel], /, **how: Any) -> Any:
        return rebuild.__func__(kind, **how) if how else None  # who says no more is the library itself, at its loading

    BaseModel.model_config = {"defer_build": True}
    BaseModel.model_rebuild = classmethod(later)  # type: ignore[assignment]
    try:
        import fastapi  # noqa: F401
    finally:
        BaseModel.model_config = made
        BaseModel.model_rebuild = rebuild  # type: ignore[method-assign]
