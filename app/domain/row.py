"""What every stored thing of the shop is: a frozen dataclass with a table, a key and an audience."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any, ClassVar


class Audience(StrEnum):
    """Whose desktops receive the rows of a table; SERVICE stays at the authority."""

    ALL = "all"
    MANAGER = "manager"
    SERVICE = "service"


class Row:
    """A row of a table: frozen dataclasses inherit from this and name the table.

    TABLE      plural snake_case name
    KEY        the columns that identify a row, client-made text
    LOOKUPS    columns by which handlers may list rows; each becomes an index
    AUDIENCE   who receives the rows
    APPEND_ONLY  rows are facts: they are never changed or removed
    """

    __slots__ = ()
    TABLE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    LOOKUPS: ClassVar[tuple[str, ...]] = ()
    AUDIENCE: ClassVar[Audience] = Audience.ALL
    APPEND_ONLY: ClassVar[bool] = False


KEY_SEPARATOR = "/"


def key_text(parts: Iterable[str]) -> str:
    """One text for a key of several columns, as the feed and the shadow name it: ``sku/location``."""
    return KEY_SEPARATOR.join(parts)


def key_of(row: Row) -> tuple[str, ...]:
    found = _taking(row.KEY)(row)
    return found if len(row.KEY) > 1 else (found,)


@cache
def _taking(columns: tuple[str, ...]) -> Callable[[Row], Any]:
    """Every change asks for its row's key, so how it is taken is found once."""
    return attrgetter(*columns)
