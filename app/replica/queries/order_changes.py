"""A list of orders brought up to date by looking only at the orders that have changed, however long it is.

An order keeps its place in time, so it is found by halving, and its neighbour must be an older one. How many
there must be in the end is known from the kept sums. Where anything disagrees, as when rows have exchanged their
numbers, the list is read anew.
"""

import sqlite3
from array import array
from collections.abc import Iterable
from typing import Final

from app.kernel.splices import Splice, Splices
from app.replica.queries.order_list import STANDING, OrderFilter, OrderList, counted, order_list

Place = tuple[str, str]
"""What lists are ordered by, newest first: when it was placed, and its id."""
AT_MOST: Final = 500
_ONE: Final = f"SELECT rid, placed_at, id, {STANDING}, delivery_kind FROM orders WHERE id = ?"


class _Unsure(Exception):
    """The old list and the database do not belong together."""


def order_list_after(
    connection: sqlite3.Connection, wanted: OrderFilter, before: OrderList, changed: frozenset[str]
) -> OrderList:
    """The list as it is now. ``changed`` names the orders that changed since ``before``, at most ``AT_MOST``."""
    is_known = before.is_here and before.is_whole and len(changed) <= AT_MOST
    if wanted.words.strip() or wanted.paid or not is_known:
        return order_list(connection, wanted)
    try:
        splices = _splices(connection, wanted, before.rowids, changed)
    except _Unsure:
        return order_list(connection, wanted)
    counts, count, total_fen = counted(connection, wanted)
    rowids = splices.applied() if splices.parts else before.rowids
    if len(rowids) != count:
        return order_list(connection, wanted)
    return OrderList(rowids, counts, total_fen, splices=splices)


def _splices(
    connection: sqlite3.Connection, wanted: OrderFilter, rowids: "array[int]", changed: Iterable[str]
) -> Splices:
    places = _Places(connection, rowids)
    parts: dict[int, tuple[int, list[tuple[Place, int]]]] = {}
    for order_id in changed:
        found = connection.execute(_ONE, (order_id,)).fetchone()
        if found is None:
            raise _Unsure
        rid, placed_at, _, state, kind = found
        place = (placed_at, order_id)
        at = places.first_not_before(place)
        is_there = at < len(rowids) and rowids[at] == rid
        places.require_older(at + is_there, place)
        fits = (not wanted.states or state in wanted.states) and wanted.delivery_kind in ("", kind)
        gone, come = parts.get(at, (0, []))
        if is_there and not fits:
            parts[at] = (1, come)
        elif fits and not is_there:
            come.append((place, rid))
            parts[at] = (gone, come)
    return Splices(rowids, [_splice(at, *parts[at]) for at in sorted(parts)])


def _splice(at: int, gone: int, come: list[tuple[Place, int]]) -> Splice:
    return Splice(at, gone, array("q", [rid for _, rid in sorted(come, reverse=True)]))


class _Places:
    """Where the orders of a list stand in time, as far as that was asked."""

    def __init__(self, connection: sqlite3.Connection, rowids: "array[int]") -> None:
        self._connection = connection
        self._rowids = rowids
        self._known: dict[int, Place] = {}

    def first_not_before(self, place: Place) -> int:
        """The first position whose order is not newer. New orders come first, so the search begins there."""
        low, high = 0, 1
        while high <= len(self._rowids) and self._at(high - 1) > place:
            low, high = high, high * 2
        high = min(high, len(self._rowids))
        while low < high:
            middle = (low + high) // 2
            if self._at(middle) > place:
                low = middle + 1
            else:
                high = middle
        return low

    def require_older(self, after: int, place: Place) -> None:
        """What stands there is older: the halving has seen to what stands before."""
        if after < len(self._rowids) and self._at(after) >= place:
            raise _Unsure

    def _at(self, position: int) -> Place:
        known = self._known.get(position)
        if known is None:
            sql = "SELECT placed_at, id FROM orders WHERE rid = ?"
            known = self._connection.execute(sql, (self._rowids[position],)).fetchone()
            if known is None:
                raise _Unsure
            self._known[position] = known
        return known
