"""The rows of a list without words, as an index has them: the first ones, those at any place, or all.

An index of each state has its orders in the order of time, and SQLite merges them; sorting a million rows takes
seconds. How many there are is known from the kept sums, so that a place is counted from the nearer end.
"""

import sqlite3
import sys
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Protocol

from app.domain.orders.state import SHIPPABLE, DeliveryKind, OrderState

TO_COLLECT: Final = "to_collect"
"""How a paid order stands that its buyer collects: it waits for the buyer, and nobody ships it."""
_PIECE: Final = 20_000
_Key = tuple[str, str]
"""When an order was placed, and its id."""


class Narrowed(Protocol):
    """What a list is narrowed to; empty is for all."""

    @property
    def states(self) -> tuple[str, ...]: ...

    @property
    def delivery_kind(self) -> str: ...


@contextmanager
def one_picture(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is read in here is of the same instant, as within a transaction it is anyway."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("COMMIT")


def rows_at(connection: sqlite3.Connection, wanted: Narrowed, first: int, count: int, total: int) -> "array[int]":
    """``count`` rows from position ``first`` on, of ``total``, newest first; fewer where the list ends."""
    end = min(first + count, total)
    if first <= total - end:
        return _read(connection, wanted, end - first, first)
    rowids = _read(connection, wanted, end - first, total - end, is_oldest_first=True)
    rowids.reverse()
    return rowids


def all_rows(connection: sqlite3.Connection, wanted: Narrowed, piece: int = _PIECE) -> "array[int]":
    """All rows, newest first. Read in pieces: while SQLite reads one, the other threads go on."""
    rowids = array("q")
    while True:
        after = None if not rowids else _key(connection, rowids[-1])
        more = _read(connection, wanted, piece, after=after)
        rowids += more
        if len(more) < piece:
            return rowids


def _key(connection: sqlite3.Connection, rowid: int) -> _Key:
    found: _Key = connection.execute("SELECT placed_at, id FROM orders WHERE rid = ?", (rowid,)).fetchone()
    return found


def _read(  # noqa: PLR0913 - where to begin, in which direction, and how far
    connection: sqlite3.Connection,
    wanted: Narrowed,
    limit: int,
    offset: int = 0,
    *,
    after: _Key | None = None,
    is_oldest_first: bool = False,
) -> "array[int]":
    """Some rows as one text, sixteen signs for each.

    A step for each row would hand the interpreter from thread to thread each time, and making numbers of plain ones
    would keep it from the windows' thread as long as SQLite takes to read them.
    """
    direction = "ASC" if is_oldest_first else "DESC"
    order = f"ORDER BY placed_at {direction}, id {direction} LIMIT ? OFFSET ?"
    bound = " AND (placed_at, id) < (?, ?)" if after else ""
    parts, params = [], list[str | int]()
    for condition, values in _conditions(connection, wanted):
        parts.append(f"FROM orders WHERE {condition}{bound}")
        params += [*values, *(after or ())]
    if len(parts) == 1:
        rows = f"SELECT rid {parts[0]} {order}"
    else:
        rows = f"{' UNION ALL '.join(f'SELECT rid, placed_at, id {part}' for part in parts)} {order}"
    sql = f"SELECT group_concat(printf('%016x', rid), '') FROM ({rows})"
    (text,) = connection.execute(sql, (*params, limit, offset)).fetchone()
    found = array("q", bytes.fromhex(text or ""))
    if sys.byteorder == "little":
        found.byteswap()
    return found


def _conditions(connection: sqlite3.Connection, wanted: Narrowed) -> list[tuple[str, Sequence[str]]]:
    """One condition with its values for each state that is read in its own order."""
    if not wanted.states and not wanted.delivery_kind:
        return [("1", ())]
    kind = (" AND delivery_kind = ?", [wanted.delivery_kind]) if wanted.delivery_kind else ("", [])
    found: list[tuple[str, list[str]]] = []
    for state in wanted.states or _held(connection):
        if state == TO_COLLECT:
            found += [(f"state = ? AND delivery_kind = '{DeliveryKind.PICKUP}'", [str(real)]) for real in SHIPPABLE]
        elif state in SHIPPABLE and wanted.states:
            found.append((f"state = ? AND delivery_kind <> '{DeliveryKind.PICKUP}'", [state]))
        else:
            found.append(("state = ?", [str(state)]))
    return [(condition + kind[0], [*values, *kind[1]]) for condition, values in found]


def _held(connection: sqlite3.Connection) -> tuple[str, ...]:
    """All states that orders are in: a newer service has some that this program does not know, and they are counted."""
    held = connection.execute("SELECT DISTINCT state FROM order_counts").fetchall()
    return tuple(state for (state,) in held) or tuple(OrderState)
