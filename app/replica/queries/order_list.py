"""Which orders a list shows: its newest rows at once by key, the numbers of all of them after that."""

import json
import sqlite3
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from app.domain.orders.state import SHIPPABLE, DeliveryKind
from app.kernel import codec
from app.kernel.later import later
from app.replica.queries.order_rows import TO_COLLECT, all_rows, one_picture, rows_at

if TYPE_CHECKING:
    from app.kernel.splices import Splices
    from app.replica.search import finding, subject
else:
    finding = later("app.replica.search.finding")
    subject = later("app.replica.search.subject")

FIRST_ROWS: Final = 100
FIRST_FOUND: Final = 240
"""What is found of a search before it is known how much there is: there in a few milliseconds, and long to scroll.

Each row lies elsewhere on the disk, so those that the window shows come before the others.
"""
_OF_A_TAB: Final = 2
"""So many times as many are looked at where only those of a tab are wanted."""
_MORE: Final = 4
"""Where too few of the first ones fit, so many times as many are looked at."""
UNKNOWN: Final = -1
"""Stands for a row whose number has not been read yet."""
_AT_ONCE: Final = 5_000
_SHIPPABLE: Final = ", ".join(f"'{state}'" for state in SHIPPABLE)
STANDING: Final = (
    f"CASE WHEN delivery_kind = '{DeliveryKind.PICKUP}' AND state IN ({_SHIPPABLE}) THEN '{TO_COLLECT}' ELSE state END"
)
"""SQL for what lists, tabs and counts call an order's state."""
_READ: Final = (
    f"SELECT rid, {STANDING}, total_fen, delivery_kind FROM json_each(?) found CROSS JOIN orders ON rid = found.value"
)
"""One statement for any number of rows: preparing one for each number took longer than three rows do."""
_Facts = tuple[str, int, str]
"""What a row is listed as, what it comes to, and its way of delivery."""


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
class OrderSummary:
    """One row of the list; the receiver is shown masked by whoever paints it. ``state`` is what lists call it."""

    rowid: int
    order_id: str
    no: str
    state: str
    channel: str
    total_fen: int
    placed_at: datetime
    title: str
    line_count: int
    piece_count: int
    receiver: str
    phone: str
    is_syncing: bool
    sha256: str
    """The first article's picture; empty for none."""


@dataclass(frozen=True, slots=True)
class OrderList:
    """The rows of a filter, newest first, what they come to, and the counts of all states for the same words.

    As long as the list is not whole, either the rows behind the first ones are ``UNKNOWN``, or it is not known how
    many they are: then there are no counts. ``splices`` tells how it came out of an older list, if it did.
    ``is_here`` is false while this computer has never had the shop: then not even that there is no order is known.
    ``shown`` is what is shown of its first rows, where that was read with them.
    """

    rowids: "array[int]"
    counts: Mapping[str, int]
    total_fen: int = 0
    is_whole: bool = True
    splices: "Splices | None" = None
    is_here: bool = True
    shown: Mapping[int, OrderSummary] = field(default_factory=dict)


def first_orders(connection: sqlite3.Connection, wanted: OrderFilter, in_view: int = FIRST_FOUND) -> OrderList:
    """The beginning of a list, in no time however many orders there are; of a search the ``in_view`` newest rows."""
    return _if_here(connection, _first(connection, wanted, min(in_view, FIRST_FOUND)))


def order_list(connection: sqlite3.Connection, wanted: OrderFilter) -> OrderList:
    """The whole list."""
    return _if_here(connection, _whole(connection, wanted))


def _if_here(connection: sqlite3.Connection, found: OrderList) -> OrderList:
    return found if found.rowids or _is_here(connection) else OrderList(found.rowids, {}, is_here=False)


def _is_here(connection: sqlite3.Connection) -> bool:
    (state,) = connection.execute("SELECT bootstrap_state FROM replica_meta").fetchone()
    return bool(state != "empty")


def _first(connection: sqlite3.Connection, wanted: OrderFilter, in_view: int) -> OrderList:
    if wanted.paid:
        return _whole(connection, wanted)
    if wanted.words.strip():
        return _first_found(connection, wanted, in_view)
    with one_picture(connection):
        counts, count, total_fen = counted(connection, wanted)
        rowids = rows_at(connection, wanted, 0, FIRST_ROWS, count)
    is_whole = len(rowids) >= count
    if not is_whole:  # filled in one piece: a second one of eight megabytes costs as much as reading the rows
        known, rowids = rowids, array("q", [UNKNOWN]) * count
        rowids[: len(known)] = known
    return OrderList(rowids, counts, total_fen, is_whole)


def _whole(connection: sqlite3.Connection, wanted: OrderFilter) -> OrderList:
    found: Sequence[int] | None = None
    if wanted.words.strip():
        if not wanted.paid and (gathered := _gathered(connection, wanted)) is not None:
            return gathered
        found = finding.found_by(connection, finding.searches_for(subject.ORDERS, wanted.words))[1].rids
    if wanted.paid:
        paid = _paid(connection, wanted)
        among = frozenset(paid)
        found = paid if found is None else [rid for rid in found if rid in among]
    if found is not None:
        return _of_rows(connection, wanted, found)
    with one_picture(connection):
        counts, _, total_fen = counted(connection, wanted)
        return OrderList(all_rows(connection, wanted), counts, total_fen)


def _gathered(connection: sqlite3.Connection, wanted: OrderFilter) -> OrderList | None:
    """All that words find, told by the index alone; None where it does not know everything."""

    def is_listed(marks: str) -> bool:
        state, kind = _standing(marks)
        return wanted.delivery_kind in {"", kind} and (not wanted.states or state in wanted.states)

    found: finding.Gathered | None = None
    with one_picture(connection):
        for search in finding.searches_for(subject.ORDERS, wanted.words):
            found = finding.gathered(connection, search, is_listed)
            if found is None or found.sums:
                break
    if found is None:
        return None
    counts: dict[str, int] = {}
    for marks, (count, _) in found.sums.items():
        state, kind = _standing(marks)
        if wanted.delivery_kind in {"", kind}:
            counts[state] = counts.get(state, 0) + count
    total_fen = sum(fen for marks, (_, fen) in found.sums.items() if is_listed(marks))
    return OrderList(found.rids, counts | {"": sum(counts.values())}, total_fen)


def order_rows(connection: sqlite3.Connection, wanted: OrderFilter, first: int, count: int, total: int) -> "array[int]":
    """A part of a list of which the beginning is known and how many it has; none if it has changed meanwhile."""
    with one_picture(connection):
        is_same = counted(connection, wanted)[1] == total
        return rows_at(connection, wanted, first, count, total) if is_same else array("q")


def order_counts(connection: sqlite3.Connection) -> Mapping[str, int]:
    """How many orders are in each state, and under "" in all; nothing while this computer has never had the shop."""
    counts = counted(connection, OrderFilter())[0]
    return counts if counts[""] or _is_here(connection) else {}


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


def _paid(connection: sqlite3.Connection, wanted: OrderFilter) -> list[int]:
    """The rows that were paid in one of the spans, newest first."""
    one = "SELECT rid, placed_at, id FROM orders WHERE paid_at >= ? AND paid_at < ?"
    sql = f"SELECT rid FROM ({' UNION '.join([one] * len(wanted.paid))}) ORDER BY placed_at DESC, id DESC"
    bounds = [codec.time_text(bound) for span in wanted.paid for bound in span]
    return [rid for (rid,) in connection.execute(sql, bounds)]


def _first_found(connection: sqlite3.Connection, wanted: OrderFilter, in_view: int) -> OrderList:
    """Of a tab that most orders are in, the rows are among the newest of all: a second search is not needed for it."""
    searches, marks = finding.searches_for(subject.ORDERS, wanted.words), _marks(wanted)
    looked_at = in_view * _OF_A_TAB if marks else in_view
    search, found = finding.found_by(connection, searches, looked_at + 1)
    if search is None or len(found.rids) <= looked_at:
        return _counted_rows(wanted, found.rids, _facts_of(connection, found))
    if not marks:
        return OrderList(found.rids[:in_view], {}, is_whole=False)
    rids = _counted_rows(wanted, found.rids, _facts_of(connection, found)).rowids
    if len(rids) < in_view:
        rids = _first_marked(connection, wanted, replace(search, marks=marks), in_view)
    return OrderList(rids[:in_view], {}, is_whole=False)


def _first_marked(
    connection: sqlite3.Connection, wanted: OrderFilter, search: "finding.Search", in_view: int
) -> "array[int]":
    """The first rows of some states: the index does not know which of these are to be collected."""
    is_sure, limit = {TO_COLLECT, *SHIPPABLE}.isdisjoint(wanted.states), in_view
    while True:
        found = finding.rows(connection, search, limit)
        rids = found.rids if is_sure else _counted_rows(wanted, found.rids, _facts_of(connection, found)).rowids
        if len(rids) >= in_view or len(found.rids) < limit:
            return rids[:in_view]
        limit *= _MORE


def _marks(wanted: OrderFilter) -> tuple[tuple[str, ...], ...]:
    """What the text index knows of the wanted states and way of delivery."""
    real = [state for state in wanted.states if state != TO_COLLECT]
    states = tuple(dict.fromkeys([*real, *SHIPPABLE])) if TO_COLLECT in wanted.states else tuple(real)
    return tuple(group for group in (states, (wanted.delivery_kind,)) if any(group))


def _of_rows(connection: sqlite3.Connection, wanted: OrderFilter, found: Sequence[int]) -> OrderList:
    """The list of these rows, all states of them counted."""
    return _counted_rows(wanted, found, _read_facts(connection, found))


def _facts_of(connection: sqlite3.Connection, found: "finding.Found") -> Mapping[int, _Facts]:
    """As the index has them: each row of the orders lies elsewhere on the disk."""
    if found.told is None:
        return _read_facts(connection, found.rids)
    facts: dict[int, _Facts] = {}
    for rid, marks, fen in found.facts():
        state, kind = _standing(marks)
        facts[rid] = (state, fen, kind)
    return facts


def _standing(marks: str) -> tuple[str, str]:
    """What lists call the state of an order with these marks, and its way of delivery."""
    state, kind = marks.split(" ")
    is_to_collect = kind == DeliveryKind.PICKUP and state in SHIPPABLE
    return (TO_COLLECT if is_to_collect else state), kind


def _read_facts(connection: sqlite3.Connection, found: Sequence[int]) -> Mapping[int, _Facts]:
    facts: dict[int, _Facts] = {}
    for start in range(0, len(found), _AT_ONCE):
        some = json.dumps(list(found[start : start + _AT_ONCE]))
        facts |= {rid: (state, fen, kind) for rid, state, fen, kind in connection.execute(_READ, (some,))}
    return facts


def _counted_rows(wanted: OrderFilter, found: Sequence[int], facts: Mapping[int, _Facts]) -> OrderList:
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
