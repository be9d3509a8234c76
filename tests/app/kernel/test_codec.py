"""Values on their way to the wire and the databases, and back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, NewType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import codec, typed

TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=20)
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers(-typed.MAX_INTEGER, typed.MAX_INTEGER) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
ZONES = st.builds(lambda minutes: timezone(timedelta(minutes=minutes)), st.integers(-14 * 60, 14 * 60))
TIMES = st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1), timezones=ZONES)  # noqa: DTZ001


class Colour(StrEnum):
    RED = "red"


Name = NewType("Name", str)


@dataclass(frozen=True, slots=True)
class Part:
    qty: int


@dataclass(frozen=True, slots=True)
class Whole:
    name: Name
    colour: Colour
    at: datetime
    on: date
    parts: tuple[Part, ...]
    extra: Mapping[str, Any]
    maybe: Part | None = None
    marks: frozenset[str] = field(default_factory=frozenset)
    is_new: bool = False


WHOLE: dict[str, Any] = {
    "name": "n",
    "colour": "red",
    "at": "2026-11-24T08:00:00+08:00",
    "on": "2026-11-24",
    "parts": [{"qty": 1}],
    "extra": {"x": 1},
}


@given(JSONS)
def test_equal_values_give_equal_text_and_come_back(value: Any) -> None:
    text = codec.canonical(value)
    assert codec.parse(text) == value
    assert codec.canonical(codec.parse(text)) == text
    typed.require_storable(value)
    text.encode()


@given(st.text(max_size=20))
def test_even_broken_text_has_a_form_that_can_be_stored(value: str) -> None:
    text = codec.canonical({"x": value})
    text.encode()
    assert codec.parse(text) == {"x": value}


@given(TIMES, TIMES)
def test_the_texts_of_times_compare_like_the_times(one: datetime, other: datetime) -> None:
    assert codec.parse_time(codec.time_text(one)) == one
    assert (codec.time_text(one) < codec.time_text(other)) == (one < other)


@pytest.mark.parametrize("text", ["2026-11-24T08:00:00", "yesterday", "", "2026-11-24"])
def test_a_time_without_a_zone_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        codec.parse_time(text)


def test_a_naive_time_is_a_bug() -> None:
    with pytest.raises(ValueError, match="zone"):
        codec.time_text(datetime(2026, 11, 24))  # noqa: DTZ001


@pytest.mark.parametrize("text", ["1.0", "1e3", "NaN", "Infinity", "{", ""])
def test_floats_and_what_is_no_json_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        codec.parse(text)


def test_floats_have_no_form() -> None:
    with pytest.raises(TypeError):
        codec.plain({"x": 1.5})


def test_a_dataclass_comes_back_with_its_defaults_and_without_what_it_does_not_know() -> None:
    built = typed.build(Whole, {**WHOLE, "of_tomorrow": 1})
    assert built == Whole(
        Name("n"), Colour.RED, datetime(2026, 11, 24, tzinfo=UTC), date(2026, 11, 24), (Part(1),), {"x": 1}
    )
    assert typed.build(Whole, codec.plain(built)) == built
    assert typed.build(Whole, {**WHOLE, "colour": "mauve"}).colour == "mauve"
    assert typed.build(Whole, {**WHOLE, "maybe": None, "marks": ["b", "a"]}).marks == {"a", "b"}
    assert codec.plain(typed.build(Whole, {**WHOLE, "marks": ["b", "a"]}))["marks"] == ["a", "b"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"name": 5}, "name"),
        ({"name": None}, "name"),
        ({"name": "a\x00"}, "name"),
        ({"name": "a\udc00"}, "name"),
        ({"colour": 1}, "colour"),
        ({"at": "2026-11-24T08:00:00"}, "at"),
        ({"at": 5}, "at"),
        ({"on": "24.11.2026"}, "on"),
        ({"parts": {}}, "parts"),
        ({"parts": [{"qty": 1}, {}]}, "parts[1].qty"),
        ({"parts": [{"qty": True}]}, "parts[0].qty"),
        ({"parts": [{"qty": 1.0}]}, "parts[0].qty"),
        ({"parts": [{"qty": 2**63}]}, "parts[0].qty"),
        ({"parts": [3]}, "parts[0]"),
        ({"extra": []}, "extra"),
        ({"maybe": {"qty": "1"}}, "maybe.qty"),
        ({"is_new": 1}, "is_new"),
    ],
)
def test_what_does_not_fit_is_named_by_its_place(change: dict[str, Any], where: str) -> None:
    with pytest.raises(typed.Malformed) as refused:
        typed.build(Whole, {**WHOLE, **change})
    assert refused.value.where == where


def test_what_is_missing_is_named() -> None:
    with pytest.raises(typed.Malformed, match="name: is missing"):
        typed.build(Whole, {})
    with pytest.raises(typed.Malformed, match="must be an object"):
        typed.build(Whole, [])


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"a": ["\ud800"]}, "a[0]"),
        ({"\x00": 1}, ""),
        ({"a": {"b": 2**63}}, "a.b"),
        ({"a": 0.5}, "a"),
        ("[" * 3, None),
    ],
)
def test_values_that_no_database_holds_are_found_however_deep(value: Any, where: str | None) -> None:
    if where is None:
        typed.require_storable(value)
        return
    with pytest.raises(typed.Malformed) as refused:
        typed.require_storable(value)
    assert refused.value.where == where


def test_endless_nesting_is_refused() -> None:
    value: Any = 1
    for _ in range(typed.MAX_DEPTH + 1):
        value = [value]
    with pytest.raises(typed.Malformed, match="nested"):
        typed.require_storable(value)
