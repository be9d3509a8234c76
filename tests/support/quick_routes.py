"""Applications are made once a test, and always of the same routes.

What a route's parameter may be is worked out by the library anew for each application, which is two thirds of the time
of making one. The answer is kept here for the next application; it holds nothing of the first.
"""

from typing import Any

from fastapi._compat.v2 import ModelField

_work_out = ModelField.__post_init__
_known: dict[Any, Any] = {}


def _remember(field: ModelField) -> None:
    asked = field.field_info.annotation, repr(field.field_info), repr(field.config)
    if asked not in _known:
        _work_out(field)
        _known[asked] = field._type_adapter
    field._type_adapter = _known[asked]


def remember() -> None:
    """From here on, in this process."""
    ModelField.__post_init__ = _remember  # type: ignore[assignment,method-assign]
