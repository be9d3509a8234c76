"""How handlers look at the shop: point look-ups and short child lists, never free queries."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol, TypeVar

from app.domain.outcome import Bump, Change, Put, Remove
from app.domain.row import Audience, Row, key_of

R = TypeVar("R", bound=Row)


class NotHere(Exception):
    """This shell does not hold the table at all (another audience); the caller answers Deferred."""

    def __init__(self, table: str) -> None:
        super().__init__(table)
        self.table = table


class View(Protocol):
    """A read-only look at one consistent state of the shop."""

    def get(self, kind: type[R], *key: str) -> R | None:
        """The row, or None when it does not exist; raises NotHere when this shell cannot know."""
        ...

    def children(self, kind: type[R], **by: str) -> tuple[R, ...]:
        """Rows whose declared look-up columns equal ``by``, in key order; raises NotHere like ``get``."""
        ...


class MemoryView:
    """The shop as dictionaries: for tests, previews and anything small enough to hold."""

    def __init__(self, rows: Iterable[Row] = (), audiences: Iterable[Audience] = tuple(Audience)) -> None:
        self._tables: dict[type[Row], dict[tuple[str, ...], Row]] = {}
        self._audiences = frozenset(audiences)
        for row in rows:
            self.apply(Put(row))

    def get(self, kind: type[R], *key: str) -> R | None:
        return self._table(kind).get(key)

    def children(self, kind: type[R], **by: str) -> tuple[R, ...]:
        table = self._table(kind)
        unknown = set(by) - set(kind.LOOKUPS) - set(kind.KEY)
        if unknown:
            raise LookupError(f"{kind.TABLE} has no look-up by {sorted(unknown)}")
        fitting = (row for _, row in sorted(table.items()) if all(getattr(row, k) == v for k, v in by.items()))
        return tuple(fitting)

    def rows(self, kind: type[R]) -> tuple[R, ...]:
        return tuple(row for _, row in sorted(self._table(kind).items()))

    def apply(self, *changes: Change) -> None:
        """Carry out changes like a database would: a Bump or Remove of a missing row raises LookupError."""
        for change in changes:
            table = self._tables.setdefault(change.kind, {})
            match change:
                case Put(row=row):
                    if row.APPEND_ONLY and key_of(row) in table:
                        raise LookupError(f"{row.TABLE} keeps what it once recorded")
                    table[key_of(row)] = row
                case Remove(key=key):
                    del table[key]
                case Bump(key=key, column=column, by=by):
                    table[key] = _bumped(table[key], column, by)

    def _table(self, kind: type[R]) -> dict[tuple[str, ...], R]:
        if kind.AUDIENCE not in self._audiences:
            raise NotHere(kind.TABLE)
        return self._tables.setdefault(kind, {})  # type: ignore[return-value]  # one dictionary per row type


def _bumped(row: Row, column: str, by: int) -> Row:
    value = getattr(row, column)
    return replace(row, **{column: type(value)(int(value) + by)})  # type: ignore[type-var]  # every Row is a dataclass
