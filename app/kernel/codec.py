"""Rows, commands and messages as plain JSON values and as JSON text; ``typed`` makes them of it again.

One rule for the wire, the feed and the databases: a time is RFC 3339 text in UTC with microseconds, a day is
``YYYY-MM-DD``, money and counts are integers, an enumeration is its text. The text of two times compares like the times
themselves, so both databases order them alike.
"""

import dataclasses
import functools
import json
import operator
import re
import types
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any


def time_text(value: datetime) -> str:
    """``2026-11-24T23:28:51.123456Z``; a time without a zone is a bug and raises ValueError."""
    if value.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return value.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def parse_time(text: str) -> datetime:
    """The aware UTC time of an RFC 3339 text; raises ValueError for anything else."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError(f"{text!r} names no zone")
    return value.astimezone(UTC)


HALF_SIGN = re.compile("[\ud800-\udfff]")
"""Half of a sign of two, which no encoding can write."""


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal values give equal text, so they can be hashed and compared.

    Halves of signs, which no encoding can write, are escaped, so that even what is refused can be logged. Values of the
    domain may stand in it; they are written as ``plain`` has them.
    """
    text = _ENCODER.encode(value)
    if text.isascii() or HALF_SIGN.search(text) is None:
        return text
    return HALF_SIGN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def parse(text: str) -> Any:
    """The JSON value of a text; raises ValueError for anything that is not JSON, numbers with a point included."""
    return json.loads(text, parse_float=_no_float, parse_constant=_no_float)


def _no_float(text: str) -> Any:
    raise ValueError(f"{text} is not a whole number")


PLAIN = frozenset({str, int, bool, types.NoneType})
"""What is its own JSON value."""


def plain(value: Any) -> Any:
    """Any value of the domain as JSON values."""
    kind: Any = type(value)
    return value if kind in PLAIN else _plainer(kind)(value)  # most of them are, so this is asked first


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain)
"""Made once: the library would make one for each text."""


@functools.cache
def _plainer(kind: type) -> Callable[[Any], Any]:
    """How values of one type become JSON values; found once, because an order has hundreds of them."""
    if issubclass(kind, datetime):
        return time_text
    if issubclass(kind, str):
        return operator.attrgetter("value") if issubclass(kind, StrEnum) else lambda text: text
    if issubclass(kind, int):
        return int
    if issubclass(kind, date):
        return date.isoformat
    if dataclasses.is_dataclass(kind):
        return _object_plainer(tuple(field.name for field in dataclasses.fields(kind)))
    if issubclass(kind, Mapping):
        return lambda value: {str(name): plain(each) for name, each in value.items()}
    if issubclass(kind, frozenset):
        return lambda value: [plain(item) for item in sorted(value)]
    if issubclass(kind, list | tuple):
        return lambda value: [plain(item) for item in value]
    raise TypeError(f"{kind.__name__} has no JSON form")


def _object_plainer(names: tuple[str, ...]) -> Callable[[Any], dict[str, Any]]:
    if len(names) < 2:  # noqa: PLR2004 - of a single name the getter answers no tuple
        return lambda value: {name: plain(getattr(value, name)) for name in names}
    values = operator.attrgetter(*names)

    def as_object(value: Any) -> dict[str, Any]:
        found = dict(zip(names, values(value), strict=True))
        for name, each in found.items():
            if type(each) not in PLAIN:
                found[name] = plain(each)
        return found

    return as_object
