"""Why an article's stock is what it is: every movement, and every order that waits for a piece."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from app.domain.stock.model import Location, StockLevel, StockMovement
from app.kernel import codec
from app.tables.mapper import mapper_of
from app.tables.statements import statements_of


@dataclass(frozen=True, slots=True)
class MovementLine:
    """A movement with the balance after it; ``source`` is the order's number when goods went out with one."""

    movement: StockMovement
    balance_qty: int
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Promise:
    """Pieces that an order waits for."""

    order_id: str
    order_no: str
    state: str
    qty: int
    at: datetime


@dataclass(frozen=True, slots=True)
class StockStory:
    """``moved_qty`` is the sum of all movements, which the on-hand number must equal."""

    sku_id: str
    levels: tuple[StockLevel, ...]
    movements: tuple[MovementLine, ...]
    moved_qty: int
    promises: tuple[Promise, ...]
    promise_count: int

    @property
    def on_hand_qty(self) -> int:
        return sum(level.on_hand_qty for level in self.levels)

    @property
    def reserved_qty(self) -> int:
        return sum(level.reserved_qty for level in self.levels)

    @property
    def available_qty(self) -> int:
        return self.on_hand_qty - self.reserved_qty


def stock_story(connection: sqlite3.Connection, sku_id: str, limit: int = 200) -> StockStory:
    """The newest movements and the promises that were made last."""
    levels = tuple(
        mapper_of(StockLevel).row(record)
        for record in connection.execute(statements_of(StockLevel, "?").children(("sku_id",)), (sku_id,)).fetchall()
    )
    moved = connection.execute(
        "SELECT coalesce(sum(delta_qty), 0) FROM stock_movements WHERE sku_id = ?", (sku_id,)
    ).fetchone()[0]
    promises, count = _promises(connection, sku_id, limit)
    return StockStory(sku_id, levels, _lines(connection, sku_id, moved, limit), moved, promises, count)


def _lines(connection: sqlite3.Connection, sku_id: str, balance: int, limit: int) -> tuple[MovementLine, ...]:
    columns = ", ".join(f"m.{column.strip()}" for column in statements_of(StockMovement, "?").columns.split(","))
    records = connection.execute(
        f"SELECT coalesce(s.name, ''), coalesce(o.no, ''), {columns} FROM stock_movements m"
        " LEFT JOIN staff s ON s.id = m.actor LEFT JOIN parcels p ON m.ref_kind = 'parcel' AND p.id = m.ref_id"
        " LEFT JOIN orders o ON o.id = CASE m.ref_kind WHEN 'order' THEN m.ref_id ELSE p.order_id END"
        " WHERE m.sku_id = ? ORDER BY m.happened_at DESC, m.rid DESC LIMIT ?",
        (sku_id, limit),
    ).fetchall()
    lines = []
    for name, source, *record in records:
        movement = mapper_of(StockMovement).row(record)
        lines.append(MovementLine(movement, balance, name, source))
        balance -= movement.delta_qty
    return tuple(lines)


def _promises(connection: sqlite3.Connection, sku_id: str, limit: int) -> tuple[tuple[Promise, ...], int]:
    held = (
        " FROM reservations r JOIN order_lines l ON l.id = r.order_line_id JOIN orders o ON o.id = l.order_id"
        " WHERE r.sku_id = ? AND r.state = 'held'"
    )
    count = connection.execute(f"SELECT count(DISTINCT o.id) {held}", (sku_id,)).fetchone()[0]
    records = connection.execute(
        f"SELECT o.id, o.no, o.state, sum(r.qty - l.shipped_qty), o.placed_at {held}"
        " GROUP BY o.id ORDER BY o.placed_at DESC LIMIT ?",
        (sku_id, limit),
    ).fetchall()
    promises = (Promise(order_id, no, state, qty, codec.parse_time(at)) for order_id, no, state, qty, at in records)
    return tuple(promises), count


def locations(connection: sqlite3.Connection) -> tuple[Location, ...]:
    """The places that hold stock."""
    records = connection.execute(statements_of(Location, "?").select_all).fetchall()
    return tuple(place for place in map(mapper_of(Location).row, records) if place.archived_at is None)
