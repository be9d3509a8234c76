"""Rows as database records and as feed images, and back.

A record holds exactly what the wire holds: text, whole numbers and nulls; an object is canonical JSON text in a record
and plain JSON on the wire. Both databases store the same values, so their dumps can be compared byte for byte.
"""

import dataclasses
import json
import operator
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from types import NoneType
from typing import Any, Generic, TypeVar

from app.domain.row import Row
from app.kernel import codec, typed

R = TypeVar("R", bound=Row)
_quoted = json.encoder.encode_basestring
"""How JSON writes a text, signs of all languages as they are."""
Record = tuple[Any, ...]
VERSION_COLUMN = "row_version"


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """A column as the row type describes it; ``base`` is the type without its ``None``."""

    name: str
    base: Any
    is_nullable: bool
    default: Any

    @property
    def is_json(self) -> bool:
        return (typing.get_origin(self.base) or self.base) in (dict, Mapping, typing.Mapping) or (
            isinstance(typing.get_origin(self.base), type) and issubclass(typing.get_origin(self.base), Mapping)
        )

    @property
    def is_number(self) -> bool:
        return isinstance(self.base, type) and issubclass(self.base, int)


class Mapper(Generic[R]):
    """Converts the rows of one type; ``columns`` are in the order of the dataclass, the version comes last."""

    def __init__(self, kind: type[R]) -> None:
        self.kind = kind
        self.columns = tuple(_column(kind, f) for f in dataclasses.fields(kind))  # type: ignore[arg-type]
        self.names = (*(c.name for c in self.columns), VERSION_COLUMN)
        self._values: Callable[[R], tuple[Any, ...]] = operator.attrgetter(*(c.name for c in self.columns))
        self._json = tuple(i for i, c in enumerate(self.columns) if c.is_json)
        self._texts = tuple(
            (f"{_quoted(name)}:", self.names.index(name), self.names.index(name) in self._json)
            for name in sorted(self.names)
        )
        self._key = tuple(self.names.index(k) for k in kind.KEY)
        self._readers = tuple((i, _reader(c)) for i, c in enumerate(self.columns) if c.base not in (str, int))

    def record(self, row: R, version: int) -> Record:
        """The stored form of a row at a version."""
        values = list(self._values(row))
        for i in self._json:
            values[i] = codec.canonical(values[i])
        for i, value in enumerate(values):
            if type(value) not in codec.PLAIN:
                values[i] = codec.plain(value)
        values.append(version)
        return tuple(values)

    def row(self, record: Sequence[Any]) -> R:
        """The row of a record; the version is not part of it."""
        values = list(record[: len(self.columns)])
        for i, read in self._readers:
            values[i] = read(values[i])
        return self.kind(*values)

    def image(self, record: Sequence[Any]) -> dict[str, Any]:
        """What the feed carries: the record by column names."""
        image = dict(zip(self.names, record, strict=True))
        for i in self._json:
            image[self.names[i]] = codec.parse(record[i])
        return image

    def image_text(self, record: Sequence[Any]) -> str:
        """The image as canonical text, of which an object is a part already: a third of the work."""
        parts = []
        for name, i, is_json in self._texts:
            value = record[i]
            if value is None:
                parts.append(f"{name}null")
            elif type(value) is int:
                parts.append(f"{name}{value}")
            else:
                parts.append(name + (value if is_json else _quoted(value)))
        return f"{{{','.join(parts)}}}"

    def record_of_image(self, image: Mapping[str, Any]) -> Record:
        """The record of a feed image; unknown fields are ignored, missing ones take their defaults."""
        values = [image.get(c.name, c.default) for c in self.columns]
        for i in self._json:
            values[i] = codec.canonical(values[i])
        return (*values, image.get(VERSION_COLUMN, 0))

    def key(self, record: Sequence[Any]) -> tuple[str, ...]:
        return tuple(record[i] for i in self._key)


_MAPPERS: dict[str, Mapper[Any]] = {}


def mapper_of(kind: type[R]) -> Mapper[R]:
    """The mapper of a row type, made at its first use."""
    found = _MAPPERS.get(kind.TABLE)
    if found is None:
        found = _MAPPERS[kind.TABLE] = Mapper(kind)
    return found


def _column(kind: type[Row], field: "dataclasses.Field[Any]") -> Column:
    hint = typed.type_hints(kind)[field.name]
    parts = typing.get_args(hint)
    is_nullable = NoneType in parts
    base = next(p for p in parts if p is not NoneType) if is_nullable else hint
    default = None if field.default is dataclasses.MISSING else codec.plain(field.default)
    return Column(field.name, base, is_nullable, default)


def _reader(column: Column) -> Any:
    base = column.base
    if column.is_json:
        return codec.parse
    if isinstance(base, type) and issubclass(base, datetime):
        return lambda text: None if text is None else codec.parse_time(text)
    if isinstance(base, type) and issubclass(base, date):
        return lambda text: None if text is None else date.fromisoformat(text)
    read = typed.reader(base)
    return lambda value: None if value is None else read(value, column.name)
