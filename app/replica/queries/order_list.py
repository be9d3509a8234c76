"""Which orders a list shows: its newest rows at once by key, the numbers of all of them after that."""

import sqlite3
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.replica.search.finding import Search, rows, search_for
from app.replica.search.subject import ORDERS

FIRST_ROWS: Final = 100
UNKNOWN: Final = 0
"""Stands for a row whose number has not been read yet; real ones begin with 1."""
_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """``state`` empty: all; several are parted by commas.

    All of ``words`` must be found in number, receiver, phone, address, goods or waybill number.
    """

    state: str = ""
    words: str = ""

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(self.state.split(",")) if self.state else ()


@dataclass(frozen=True, slots=True)
class OrderList:
    """The rows of a filter, newest first, what they come to, and the counts of all states for the same words.

    As long as the list is not whole, either the rows behind the first ones are ``UNKNOWN``, or it is not known how
    many they are: then there are no counts.
    """

    rowids: "array[int]"
    counts: Mapping[str, int]
    total_fen: int = 0
    is_whole: bool = True


def first_orders(connection: sqlite3.Connection, wanted: OrderFilter) -> OrderList:
    """The beginning of a list, in no time however many orders there are."""
    if wanted.words.strip():
        return _first_found(connection, wanted)
    counts, count, total_fen = _counted(connection, wanted)
    rowids = array("q", (rid for (rid,) in connection.execute(*_by_key(wanted, FIRST_ROWS))))
    is_whole = len(rowids) >= count
    if not is_whole:
        rowids.frombytes(bytes(rowids.itemsize * (count - len(rowids))))
    return OrderList(rowids, counts, total_fen, is_whole)


def order_list(connection: sqlite3.Connection, wanted: OrderFilter) -> OrderList:
    """The whole list."""
    if wanted.words.strip():
        search = search_for(ORDERS, wanted.words)
        return _of_rows(connection, wanted, rows(connection, search) if search else ())
    counts, _, total_fen = _counted(connection, wanted)
    return OrderList(array("q", [rid for (rid,) in connection.execute(*_by_key(wanted))]), counts, total_fen)


def order_counts(connection: sqlite3.Connection) -> Mapping[str, int]:
    """How many orders are in each state, and under "" in all."""
    return _counted(connection, OrderFilter())[0]


def _counted(connection: sqlite3.Connection, wanted: OrderFilter) -> tuple[Mapping[str, int], int, int]:
    """The counts of all states, the count of the wanted ones, and what those come to; read from the kept sums."""
    held = {
        state: (count, fen)
        for state, count, fen in connection.execute(
            "SELECT state, sum(order_count) AS held, sum(total_fen) FROM order_counts GROUP BY state HAVING held"
        ).fetchall()
    }
    chosen = [held.get(state, (0, 0)) for state in wanted.states or held]
    counts = {state: count for state, (count, _) in held.items()}
    return counts | {"": sum(counts.values())}, sum(c for c, _ in chosen), sum(fen for _, fen in chosen)


def _by_key(wanted: OrderFilter, limit: int = -1) -> tuple[str, Sequence[str | int]]:
    """Each state is read in its own order by an index, and SQLite merges them; sorting a million rows takes seconds."""
    one = "SELECT rid, placed_at, id FROM orders"
    parts = [f"{one} WHERE state = ?" for _ in wanted.states] or [one]
    sql = f"SELECT rid FROM ({' UNION ALL '.join(parts)} ORDER BY placed_at DESC, id DESC LIMIT ?)"
    return sql, (*wanted.states, limit)


def _first_found(connection: sqlite3.Connection, wanted: OrderFilter) -> OrderList:
    search = search_for(ORDERS, wanted.words)
    found = rows(connection, search, FIRST_ROWS + 1) if search else []
    if search is None or len(found) <= FIRST_ROWS:
        return _of_rows(connection, wanted, found)
    if wanted.states:
        found = rows(connection, Search(ORDERS, search.asked, wanted.states), FIRST_ROWS)
    return OrderList(array("q", found[:FIRST_ROWS]), {}, is_whole=False)


def _of_rows(connection: sqlite3.Connection, wanted: OrderFilter, found: Sequence[int]) -> OrderList:
    """The list of these rows, all states of them counted."""
    facts: dict[int, tuple[str, int]] = {}
    for start in range(0, len(found), _AT_ONCE):
        some = found[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        records = connection.execute(f"SELECT rid, state, total_fen FROM orders WHERE rid IN ({marks})", some)
        facts |= {rid: (state, fen) for rid, state, fen in records}
    counts: dict[str, int] = {}
    rowids, total_fen = array("q"), 0
    for rid in found:
        state, fen = facts[rid]
        counts[state] = counts.get(state, 0) + 1
        if not wanted.states or state in wanted.states:
            rowids.append(rid)
            total_fen += fen
    return OrderList(rowids, counts | {"": len(found)}, total_fen)
