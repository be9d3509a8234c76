"""Rows of every kind, made up: any text, any number, any time that a column can hold."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from hypothesis import strategies as st

from app.domain.row import Row
from app.kernel import typed

BIG = 2**53
TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12)
NUMBERS = st.integers(-BIG, BIG)
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
JSONS = st.dictionaries(
    TEXTS,
    st.recursive(
        st.none() | st.booleans() | NUMBERS | TEXTS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
        max_leaves=5,
    ),
    max_size=3,
)


def rows_of(kind: type[Row]) -> st.SearchStrategy[Any]:
    """Any row of a type, also such as the shop would never write."""
    hints = typed.type_hints(kind)
    return st.builds(kind, **{f.name: _values(hints[f.name]) for f in dataclasses.fields(kind)})  # type: ignore[arg-type]


def _values(hint: Any) -> st.SearchStrategy[Any]:
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        inner = next(a for a in typing.get_args(hint) if a is not type(None))
        return st.none() | _values(inner)
    if typing.get_origin(hint) is Mapping or hint is Mapping or str(hint).startswith("collections.abc.Mapping"):
        return JSONS
    if issubclass(hint, StrEnum):
        return st.sampled_from(list(hint)) | st.just("of a newer program")
    if issubclass(hint, datetime):
        return TIMES
    if issubclass(hint, date):
        return st.dates(date(2000, 1, 1), date(2100, 1, 1))
    if issubclass(hint, int):
        return NUMBERS.map(hint)
    return TEXTS
