"""What the counter for collecting shows: who is to come, who has been, and one order that somebody stands there for."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from app.domain.handover.refusal import BOOKED
from app.domain.orders.model import Order, OrderContact, OrderLine
from app.domain.payments.model import Refund
from app.domain.pickup.model import OPEN_PICKUPS, Pickup, PickupPoint, PickupRedemption, PickupState
from app.domain.row import Row
from app.kernel import codec
from app.tables.mapper import mapper_of
from app.tables.statements import statements_of

R = TypeVar("R", bound=Row)
MOST = 200
_PHONE_END = 4
_WAITING = "('preparing', 'ready')"
_BOOKED = "('redeemed', 'partly')"
_OPEN = ", ".join(f"'{state}'" for state in OPEN_PICKUPS)


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody who is to come; name and phone are shown as the paper allows by whoever paints them."""

    order_id: str
    no: str
    state: PickupState
    slot: str
    shelf: str
    name: str
    phone: str
    title: str
    line_count: int
    piece_count: int


@dataclass(frozen=True, slots=True)
class Collected:
    """Somebody who has been; the last time where an order was collected in parts."""

    order_id: str
    happened_at: datetime
    shelf: str
    name: str
    counter_no: int
    is_syncing: bool


@dataclass(frozen=True, slots=True)
class PickupBoard:
    """Both lists of a point and their counts, of one instant.

    ``points`` are those where one can collect; ``waiting_count`` is what waits to go up from this computer.
    """

    points: tuple[PickupPoint, ...]
    ready_count: int
    preparing_count: int
    expected: tuple[Expected, ...]
    collected: tuple[Collected, ...]
    collected_count: int
    unsynced_count: int
    waiting_count: int


@dataclass(frozen=True, slots=True)
class PickupFile:
    """One order at the counter with all that is known of its collecting.

    ``redemptions`` are in the order in which they happened; ``shelves`` tells by article where it lies.
    """

    pickup: Pickup
    order: Order
    lines: tuple[OrderLine, ...]
    contact: OrderContact | None
    point: PickupPoint | None
    redemptions: tuple[PickupRedemption, ...]
    refunds: tuple[Refund, ...]
    staff_names: Mapping[str, str]
    counter_nos: Mapping[str, int]
    shelves: Mapping[str, str]

    def standing(self) -> PickupRedemption | None:
        """The last time that goods were handed over and not taken back."""
        undone = {each.undoes for each in self.redemptions}
        counting = [each for each in self.redemptions if each.verdict in BOOKED and each.id not in undone]
        return counting[-1] if counting else None


def ready_count(connection: sqlite3.Connection, point_id: str) -> int:
    """How many orders stand packed and wait for their buyers."""
    return _count(connection, PickupState.READY, point_id)


def board(connection: sqlite3.Connection, point_id: str, today: date, most: int = MOST) -> PickupBoard:
    rows = _collected(connection, point_id, today)
    return PickupBoard(
        points=points(connection),
        ready_count=_count(connection, PickupState.READY, point_id),
        preparing_count=_count(connection, PickupState.PREPARING, point_id),
        expected=_expected(connection, *at_point("p", point_id), most=most),
        collected=rows[:most],
        collected_count=len(rows),
        unsynced_count=sum(row.is_syncing for row in rows),
        waiting_count=connection.execute("SELECT count(*) FROM outbox").fetchone()[0],
    )


def search(connection: sqlite3.Connection, words: str, point_id: str) -> tuple[Expected, ...]:
    """Who is to come at a point and has this name, this phone or its end, or this order number."""
    where, params = at_point("p", point_id)
    likes = []
    for word in words.split():
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        likes.append("(c.name LIKE ? ESCAPE '\\' OR c.phone LIKE ? ESCAPE '\\' OR o.no = ?)")
        phone = f"%{escaped}" if len(word) <= _PHONE_END else f"%{escaped}%"
        params += [f"%{escaped}%", phone, word]
    return _expected(connection, " AND ".join([where, *likes]), params)


def by_ref(connection: sqlite3.Connection, ref: str) -> PickupFile | None:
    return _file(connection, "ref = ?", ref)


def by_human_code(connection: sqlite3.Connection, digits: str) -> PickupFile | None:
    """The digits are given out again later: one that is still to come goes before one that has been."""
    return _file(connection, f"human_code = ? ORDER BY state IN ({_OPEN}) DESC, expires_at DESC LIMIT 1", digits)


def by_order(connection: sqlite3.Connection, order_id: str) -> PickupFile | None:
    return _file(connection, "order_id = ?", order_id)


def points(connection: sqlite3.Connection) -> tuple[PickupPoint, ...]:
    """Where one can collect."""
    return _rows(connection, PickupPoint, "archived_at IS NULL ORDER BY name, id", ())


def device_id(connection: sqlite3.Connection) -> str:
    """Which of the shop's computers this is."""
    return str(connection.execute("SELECT device_id FROM replica_meta").fetchone()[0])


def _count(connection: sqlite3.Connection, state: PickupState, point_id: str) -> int:
    where, params = at_point("p", point_id)
    sql = f"SELECT count(*) FROM pickups p WHERE p.state = ? AND {where}"
    return int(connection.execute(sql, [state, *params]).fetchone()[0])


def at_point(table: str, point_id: str) -> tuple[str, list[str]]:
    """The condition that a pickup belongs to a point; all do when none is named."""
    return (f"{table}.point_id = ?", [point_id]) if point_id else ("1 = 1", [])


def _expected(
    connection: sqlite3.Connection, where: str, params: Sequence[str], most: int = MOST
) -> tuple[Expected, ...]:
    records = connection.execute(
        "SELECT p.order_id, o.no, p.state, p.slot, p.shelf, coalesce(c.name, ''), coalesce(c.phone, ''),"
        " coalesce((SELECT title FROM order_lines l WHERE l.order_id = o.id ORDER BY line_no LIMIT 1), ''),"
        " (SELECT count(*) FROM order_lines l WHERE l.order_id = o.id),"
        " coalesce((SELECT sum(qty - shipped_qty - cancelled_qty) FROM order_lines l WHERE l.order_id = o.id), 0)"
        " FROM pickups p JOIN orders o ON o.id = p.order_id LEFT JOIN order_contacts c ON c.order_id = p.order_id"
        f" WHERE p.state IN {_WAITING} AND {where}"
        " ORDER BY p.state DESC, p.slot, o.placed_at, p.order_id LIMIT ?",
        [*params, most],
    ).fetchall()
    return tuple(Expected(row[0], row[1], PickupState(row[2]), *row[3:]) for row in records)


def _collected(connection: sqlite3.Connection, point_id: str, today: date) -> tuple[Collected, ...]:
    where, params = at_point("r", point_id)
    records = connection.execute(
        "SELECT r.order_id, max(r.happened_at), p.shelf, coalesce(c.name, ''), coalesce(d.no, 0),"
        " EXISTS (SELECT 1 FROM shadow s WHERE s.table_name = 'pickup_redemptions' AND s.pk = r.id)"
        " FROM pickup_redemptions r JOIN pickups p ON p.order_id = r.order_id"
        " LEFT JOIN order_contacts c ON c.order_id = r.order_id LEFT JOIN devices d ON d.id = r.device_id"
        f" WHERE r.business_on = ? AND {where} AND r.verdict IN {_BOOKED}"
        " AND NOT EXISTS (SELECT 1 FROM pickup_redemptions u WHERE u.order_id = r.order_id AND u.undoes = r.id)"
        " GROUP BY r.order_id ORDER BY 2 DESC, r.order_id",
        [today.isoformat(), *params],
    ).fetchall()
    return tuple(
        Collected(order_id, codec.parse_time(at), shelf, name, no, bool(syncing))
        for order_id, at, shelf, name, no, syncing in records
    )


def _file(connection: sqlite3.Connection, where: str, param: str) -> PickupFile | None:
    found = _rows(connection, Pickup, where, (param,))
    order = _rows(connection, Order, "id = ?", (found[0].order_id,)) if found else ()
    if not order:
        return None
    order_id = order[0].id
    contacts = _rows(connection, OrderContact, "order_id = ?", (order_id,))
    at = _rows(connection, PickupPoint, "id = ?", (found[0].point_id,))
    return PickupFile(
        pickup=found[0],
        order=order[0],
        lines=_rows(connection, OrderLine, "order_id = ? ORDER BY line_no", (order_id,)),
        contact=contacts[0] if contacts else None,
        point=at[0] if at else None,
        redemptions=_rows(connection, PickupRedemption, "order_id = ? ORDER BY happened_at, id", (order_id,)),
        refunds=_rows(connection, Refund, "order_id = ? ORDER BY requested_at, id", (order_id,)),
        staff_names=dict(connection.execute("SELECT id, name FROM staff").fetchall()),
        counter_nos=dict(connection.execute("SELECT id, no FROM devices").fetchall()),
        shelves=_shelves(connection, order_id),
    )


def _shelves(connection: sqlite3.Connection, order_id: str) -> dict[str, str]:
    sql = "SELECT id, shelf FROM skus WHERE id IN (SELECT sku_id FROM order_lines WHERE order_id = ?)"
    return dict(connection.execute(sql, (order_id,)).fetchall())


def _rows(connection: sqlite3.Connection, kind: type[R], where: str, params: Sequence[Any]) -> tuple[R, ...]:
    columns = statements_of(kind, "?").columns
    records = connection.execute(f"SELECT {columns} FROM {kind.TABLE} WHERE {where}", params).fetchall()
    return tuple(mapper_of(kind).row(record) for record in records)
