"""Which orders a list shows: its newest rows at once by key, the numbers of all of them after that."""

import sqlite3
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from app.domain.orders.model import SHIPPABLE, DeliveryKind
from app.kernel import codec
from app.kernel.later import later
from app.kernel.splices import Splices

if TYPE_CHECKING:
    from app.replica.search import finding, subject
else:
    finding = later("app.replica.search.finding")
    subject = later("app.replica.search.subject")

FIRST_ROWS: Final = 100
UNKNOWN: Final = -1
"""Stands for a row whose number has not been read yet."""
_AT_ONCE: Final = 5_000
TO_COLLECT: Final = "to_collect"
"""How a paid order stands that its buyer collects: it waits for the buyer, and nobody ships it."""
_SHIPPABLE: Final = ", ".join(f"'{state}'" for state in SHIPPABLE)
STANDING: Final = (
    f"CASE WHEN delivery_kind = '{DeliveryKind.PICKUP}' AND state IN ({_SHIPPABLE}) THEN '{TO_COLLECT}' ELSE state END"
)
"""SQL for what lists, tabs and counts call an order's state."""


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """``state`` empty: all; several are parted by commas, and ``to_collect`` is one of them.

    All of ``words`` must be found in number, receiver, phone, address, goods or waybill number. ``paid`` are spans of
    time, from and until, one of which the order was paid in.
    """

    state: str = ""
    words: str = ""
    delivery_kind: str = ""
    paid: tuple[tuple[datetime, datetime], ...] = ()

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(self.state.split(",")) if self.state else ()


@dataclass(frozen=True, slots=True)
class OrderList:
    """The rows of a filter, newest first, what they come to, and the counts of all states for the same words.

    As long as the list is not whole, either the rows behind the first ones are ``UNKNOWN``, or it is not known how
    many they are: then there are no counts. ``splices`` tells how it came out of an older list, if it did.
    """

    rowids: "array[int]"
    counts: Mapping[str, int]
    total_fen: int = 0
    is_whole: bool = True
    splices: Splices | None = None


def first_orders(connection: sqlite3.Connection, wanted: OrderFilter) -> OrderList:
    """The beginning of a list, in no time however many orders there are."""
    if wanted.paid:
        return order_list(connection, wanted)
    if wanted.words.strip():
        return _first_found(connection, wanted)
    counts, count, total_fen = counted(connection, wanted)
    rowids = array("q", (rid for (rid,) in connection.execute(*_by_key(wanted, FIRST_ROWS))))
    is_whole = len(rowids) >= count
    if not is_whole:
        rowids += array("q", [UNKNOWN]) * (count - len(rowids))
    return OrderList(rowids, counts, total_fen, is_whole)


def order_list(connection: sqlite3.Connection, wanted: OrderFilter) -> OrderList:
    """The whole list."""
    found: Sequence[int] | None = None
    if wanted.words.strip():
        search = finding.search_for(subject.ORDERS, wanted.words)
        found = finding.rows(connection, search) if search else ()
    if wanted.paid:
        paid = _paid(connection, wanted)
        among = frozenset(paid)
        found = paid if found is None else [rid for rid in found if rid in among]
    if found is not None:
        return _of_rows(connection, wanted, found)
    counts, _, total_fen = counted(connection, wanted)
    return OrderList(array("q", [rid for (rid,) in connection.execute(*_by_key(wanted))]), counts, total_fen)


def order_counts(connection: sqlite3.Connection) -> Mapping[str, int]:
    """How many orders are in each state, and under "" in all."""
    return counted(connection, OrderFilter())[0]


def counted(connection: sqlite3.Connection, wanted: OrderFilter) -> tuple[Mapping[str, int], int, int]:
    """The counts of all states, the count of the wanted ones, and what those come to; read from the kept sums."""
    held = {
        state: (count, fen)
        for state, count, fen in connection.execute(
            f"SELECT {STANDING}, sum(order_count) AS held, sum(total_fen) FROM order_counts"
            " WHERE ? IN ('', delivery_kind) GROUP BY 1 HAVING held",
            (wanted.delivery_kind,),
        ).fetchall()
    }
    chosen = [held.get(state, (0, 0)) for state in wanted.states or held]
    counts = {state: count for state, (count, _) in held.items()}
    return counts | {"": sum(counts.values())}, sum(c for c, _ in chosen), sum(fen for _, fen in chosen)


def _by_key(wanted: OrderFilter, limit: int = -1) -> tuple[str, Sequence[str | int]]:
    """Each state is read in its own order by an index, and SQLite merges them; sorting a million rows takes seconds."""
    parts, params = [], []
    for condition, values in _conditions(wanted):
        parts.append(f"SELECT rid, placed_at, id FROM orders WHERE {condition}")
        params += values
    sql = f"SELECT rid FROM ({' UNION ALL '.join(parts)} ORDER BY placed_at DESC, id DESC LIMIT ?)"
    return sql, (*params, limit)


def _conditions(wanted: OrderFilter) -> list[tuple[str, list[str]]]:
    """One condition with its values for each state that is read in its own order."""
    kind = (" AND delivery_kind = ?", [wanted.delivery_kind]) if wanted.delivery_kind else ("", [])
    if not wanted.states:
        return [("delivery_kind = ?", kind[1]) if wanted.delivery_kind else ("1", [])]
    found: list[tuple[str, list[str]]] = []
    for state in wanted.states:
        if state == TO_COLLECT:
            found += [(f"state = ? AND delivery_kind = '{DeliveryKind.PICKUP}'", [str(real)]) for real in SHIPPABLE]
        elif state in SHIPPABLE:
            found.append((f"state = ? AND delivery_kind <> '{DeliveryKind.PICKUP}'", [state]))
        else:
            found.append(("state = ?", [state]))
    return [(condition + kind[0], [*values, *kind[1]]) for condition, values in found]


def _paid(connection: sqlite3.Connection, wanted: OrderFilter) -> list[int]:
    """The rows that were paid in one of the spans, newest first."""
    one = "SELECT rid, placed_at, id FROM orders WHERE paid_at >= ? AND paid_at < ?"
    sql = f"SELECT rid FROM ({' UNION '.join([one] * len(wanted.paid))}) ORDER BY placed_at DESC, id DESC"
    bounds = [codec.time_text(bound) for span in wanted.paid for bound in span]
    return [rid for (rid,) in connection.execute(sql, bounds)]


def _first_found(connection: sqlite3.Connection, wanted: OrderFilter) -> OrderList:
    search = finding.search_for(subject.ORDERS, wanted.words)
    found = finding.rows(connection, search, FIRST_ROWS + 1) if search else []
    if search is None or len(found) <= FIRST_ROWS:
        return _of_rows(connection, wanted, found)
    if wanted.states:
        found = finding.rows(connection, finding.Search(subject.ORDERS, search.asked, _marks(wanted)), FIRST_ROWS)
    fitting = _of_rows(connection, wanted, found[:FIRST_ROWS])
    return OrderList(fitting.rowids, {}, is_whole=False)


def _marks(wanted: OrderFilter) -> tuple[str, ...]:
    """The states that the text index knows for the wanted ones."""
    real = [state for state in wanted.states if state != TO_COLLECT]
    return tuple(dict.fromkeys([*real, *SHIPPABLE])) if TO_COLLECT in wanted.states else tuple(real)


def _of_rows(connection: sqlite3.Connection, wanted: OrderFilter, found: Sequence[int]) -> OrderList:
    """The list of these rows, all states of them counted."""
    facts: dict[int, tuple[str, int, str]] = {}
    for start in range(0, len(found), _AT_ONCE):
        some = found[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        sql = f"SELECT rid, {STANDING}, total_fen, delivery_kind FROM orders WHERE rid IN ({marks})"
        facts |= {rid: (state, fen, kind) for rid, state, fen, kind in connection.execute(sql, some)}
    counts: dict[str, int] = {}
    rowids, total_fen = array("q"), 0
    for rid in found:
        state, fen, kind = facts[rid]
        if wanted.delivery_kind not in ("", kind):
            continue
        counts[state] = counts.get(state, 0) + 1
        if not wanted.states or state in wanted.states:
            rowids.append(rid)
            total_fen += fen
    return OrderList(rowids, counts | {"": sum(counts.values())}, total_fen)
