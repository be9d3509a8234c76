"""JSON values as rows, commands and messages again, each field checked by its declared type.

What comes from outside and does not fit is told with the path of the field; unknown fields are ignored and missing ones
take their defaults, so that older and newer programs understand each other.
"""

import dataclasses
import functools
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from app.kernel.codec import HALF_SIGN, parse_time

T = typing.TypeVar("T")

_HINTS: dict[Any, dict[str, Any]] = {}


def type_hints(kind: Any) -> dict[str, Any]:
    """A dataclass's field types, resolved once."""
    if kind not in _HINTS:
        _HINTS[kind] = typing.get_type_hints(kind)
    return _HINTS[kind]


class Malformed(ValueError):
    """The JSON does not describe the wanted type; ``where`` is the path of the field, ``""`` for the whole."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where or 'value'}: {why}")
        self.where = where
        self.why = why


MAX_DEPTH = 20


def require_storable(value: Any, where: str = "", depth: int = 0) -> None:
    """Raises Malformed for JSON values that a database cannot hold: broken text, huge numbers, endless nesting."""
    if not _is_storable(value, depth):
        _refuse_unstorable(value, where, depth)


def _is_storable(value: Any, depth: int) -> bool:
    """The same as a word, without a path for who is asked about: nearly everything is."""
    kind: Any = type(value)
    if kind is str:
        return "\x00" not in value and (bool(value.isascii()) or HALF_SIGN.search(value) is None)
    if kind is int:
        is_in_range: bool = -MAX_INTEGER <= value <= MAX_INTEGER
        return is_in_range
    if kind is dict and depth < MAX_DEPTH:
        parts: Any = (*value, *value.values())
    elif kind in (list, tuple) and depth < MAX_DEPTH:
        parts = value
    else:
        return value is None or kind is bool
    for each in parts:  # noqa: SIM110 - a generator takes twice as long
        if not _is_storable(each, depth + 1):
            return False
    return True


def _refuse_unstorable(value: Any, where: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Malformed(where, "is nested too deeply")
    if isinstance(value, str):
        _text(value, where)
    elif isinstance(value, int) and not -MAX_INTEGER <= value <= MAX_INTEGER:
        raise Malformed(where, "is out of range")
    elif isinstance(value, float):
        raise Malformed(where, "must be a whole number")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            _refuse_unstorable(key, where, depth + 1)
            _refuse_unstorable(item, f"{where}.{key}" if where else str(key), depth + 1)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _refuse_unstorable(item, f"{where}[{index}]", depth + 1)


def build(kind: type[T], value: Any, where: str = "") -> T:
    """The dataclass ``kind`` from JSON values.

    Unknown fields are ignored and missing ones take their defaults, so older and newer programs understand each other.
    Raises Malformed with the path of the first field that does not fit.
    """
    return typing.cast(T, reader(typing.cast(Any, kind))(value, where))


@functools.cache
def reader(hint: Any) -> Callable[[Any, str], Any]:
    """The function that checks and converts one JSON value of a type; its second argument is the path for errors."""
    origin = typing.get_origin(hint)
    if origin is typing.Annotated:
        return reader(typing.get_args(hint)[0])
    if isinstance(hint, typing.NewType):
        return reader(hint.__supertype__)
    if origin in (typing.Union, types.UnionType):
        return _optional(typing.get_args(hint))
    if origin in (tuple, list, frozenset):
        return _sequence(origin, reader(typing.get_args(hint)[0]))
    if origin in (dict, Mapping) or hint in (dict, Mapping) or _is_mapping_origin(origin):
        return _mapping
    if isinstance(hint, type):
        return _scalar(hint)
    if hint is Any:
        return lambda value, where: value
    raise TypeError(f"no reader for {hint!r}")


def _is_mapping_origin(origin: Any) -> bool:
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _optional(args: tuple[Any, ...]) -> Callable[[Any, str], Any]:
    inner = [a for a in args if a is not type(None)]
    if len(inner) != 1:
        raise TypeError(f"only `X | None` is understood, not {args!r}")
    read = reader(inner[0])
    return lambda value, where: None if value is None else read(value, where)


def _sequence(origin: Any, read: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    def sequence(value: Any, where: str) -> Any:
        if not isinstance(value, list | tuple):
            raise Malformed(where, "must be a list")
        return origin(read(item, f"{where}[{i}]") for i, item in enumerate(value))

    return sequence


def _mapping(value: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise Malformed(where, "must be an object")
    return dict(value)


def _scalar(kind: type) -> Callable[[Any, str], Any]:
    if dataclasses.is_dataclass(kind):
        return _dataclass(kind)
    if issubclass(kind, StrEnum):
        return _enumeration(kind)
    if issubclass(kind, datetime):
        return _timed
    if issubclass(kind, date):
        return _dated
    if issubclass(kind, bool):
        return _exact(bool, "must be true or false")
    if issubclass(kind, int):
        return _integer(kind)
    if issubclass(kind, str):
        return _text
    if kind is types.NoneType:
        return _exact(types.NoneType, "must be null")
    raise TypeError(f"no reader for {kind!r}")


def _exact(kind: type, why: str) -> Callable[[Any, str], Any]:
    def exact(value: Any, where: str) -> Any:
        if not isinstance(value, kind):
            raise Malformed(where, why)
        return value

    return exact


MAX_INTEGER = 2**63 - 1


def _integer(kind: type) -> Callable[[Any, str], Any]:
    def integer(value: Any, where: str) -> Any:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Malformed(where, "must be an integer")
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise Malformed(where, "is out of range")
        return value if kind is int else kind(value)

    return integer


def _text(value: Any, where: str) -> Any:
    if not isinstance(value, str):
        raise Malformed(where, "must be text")
    if "\x00" in value or not (value.isascii() or HALF_SIGN.search(value) is None):
        raise Malformed(where, "holds a sign that cannot be stored")
    return value


def _enumeration(kind: Any) -> Callable[[Any, str], Any]:
    def enumeration(value: Any, where: str) -> Any:
        text = _text(value, where)
        try:
            return kind(text)
        except ValueError:
            # A newer program may know more states than this one: the text is kept as it came, so nothing is lost.
            return text

    return enumeration


def _timed(value: Any, where: str) -> Any:
    if isinstance(value, datetime):
        return value
    try:
        return parse_time(_text(value, where))
    except ValueError as error:
        raise Malformed(where, "must be an RFC 3339 time with its zone") from error


def _dated(value: Any, where: str) -> Any:
    try:
        return date.fromisoformat(_text(value, where))
    except ValueError as error:
        raise Malformed(where, "must be a day like 2026-11-24") from error


def _dataclass(kind: Any) -> Callable[[Any, str], Any]:
    hints = type_hints(kind)
    fields = [(f.name, reader(hints[f.name]), _has_default(f)) for f in dataclasses.fields(kind) if f.init]

    def dataclass(value: Any, where: str) -> Any:
        if not isinstance(value, Mapping):
            raise Malformed(where, "must be an object")
        found = {}
        for name, read, has_default in fields:
            path = f"{where}.{name}" if where else name
            if name in value:
                found[name] = read(value[name], path)
            elif not has_default:
                raise Malformed(path, "is missing")
        return kind(**found)

    return dataclass


def _has_default(field: "dataclasses.Field[Any]") -> bool:
    return field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
