"""What the orders page shows."""

import sqlite3
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from app.domain.delivery.model import Parcel
from app.domain.orders.model import Order, OrderContact, OrderEvent, OrderLine
from app.domain.payments.model import Payment
from app.domain.row import Row
from app.kernel import codec
from app.tables.mapper import mapper_of
from app.tables.statements import statements_of

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """``state`` empty: all. ``words`` match number, receiver, phone and goods."""

    state: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """One row of the list; the receiver is shown masked by whoever paints it."""

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


@dataclass(frozen=True, slots=True)
class OrderList:
    """The rows of a filter, newest first, and the counts of all states for the same words."""

    rowids: "array[int]"
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class OrderDetail:
    order: Order
    lines: tuple[OrderLine, ...]
    contact: OrderContact | None
    events: tuple[OrderEvent, ...]
    parcels: tuple[Parcel, ...]
    payments: tuple[Payment, ...]
    staff_names: Mapping[str, str]
    is_syncing: bool


def _where(wanted: OrderFilter, *, with_state: bool) -> tuple[str, list[str]]:
    conditions, params = ["1 = 1"], []
    if with_state and wanted.state:
        conditions.append("o.state = ?")
        params.append(wanted.state)
    for word in wanted.words.split():
        like = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        conditions.append(
            "(o.no LIKE ? ESCAPE '\\' OR EXISTS (SELECT 1 FROM order_contacts c WHERE c.order_id = o.id AND"
            " (c.name LIKE ? ESCAPE '\\' OR c.phone LIKE ? ESCAPE '\\' OR c.address LIKE ? ESCAPE '\\'))"
            " OR EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id AND l.title LIKE ? ESCAPE '\\'))"
        )
        params += [like] * 5
    return " AND ".join(conditions), params


def order_list(connection: sqlite3.Connection, wanted: OrderFilter) -> OrderList:
    where, params = _where(wanted, with_state=True)
    found = connection.execute(f"SELECT o.rid FROM orders o WHERE {where} ORDER BY o.placed_at DESC, o.id DESC", params)
    rowids = array("q", (rid for (rid,) in found))
    where, params = _where(wanted, with_state=False)
    counts = dict(
        connection.execute(f"SELECT o.state, count(*) FROM orders o WHERE {where} GROUP BY o.state", params).fetchall()
    )
    counts[""] = sum(counts.values())
    return OrderList(rowids, counts)


def order_window(connection: sqlite3.Connection, rowids: Sequence[int]) -> dict[int, OrderSummary]:
    marks = ", ".join("?" * len(rowids))
    records = connection.execute(
        "SELECT o.rid, o.id, o.no, o.state, o.channel, o.total_fen, o.placed_at,"
        " coalesce((SELECT title FROM order_lines l WHERE l.order_id = o.id ORDER BY line_no LIMIT 1), ''),"
        " (SELECT count(*) FROM order_lines l WHERE l.order_id = o.id),"
        " coalesce((SELECT sum(qty) FROM order_lines l WHERE l.order_id = o.id), 0),"
        " coalesce(c.name, ''), coalesce(c.phone, ''),"
        " EXISTS (SELECT 1 FROM shadow s WHERE s.table_name = 'orders' AND s.pk = o.id)"
        f" FROM orders o LEFT JOIN order_contacts c ON c.order_id = o.id WHERE o.rid IN ({marks})",
        list(rowids),
    ).fetchall()
    found = {}
    for record in records:
        *head, placed_at, title, lines, pieces, receiver, phone, syncing = record
        values: tuple[Any, ...] = (
            *head,
            codec.parse_time(placed_at),
            title,
            lines,
            pieces,
            receiver,
            phone,
            bool(syncing),
        )
        found[record[0]] = OrderSummary(*values)
    return found


def order_detail(connection: sqlite3.Connection, order_id: str) -> OrderDetail | None:
    record = connection.execute(statements_of(Order, "?").select, (order_id,)).fetchone()
    if record is None:
        return None
    names = dict(connection.execute("SELECT id, name FROM staff").fetchall())
    shadowed = connection.execute("SELECT 1 FROM shadow WHERE table_name = 'orders' AND pk = ?", (order_id,)).fetchone()
    contacts = _children(connection, OrderContact, order_id)
    return OrderDetail(
        order=mapper_of(Order).row(record),
        lines=tuple(sorted(_children(connection, OrderLine, order_id), key=lambda line: line.line_no)),
        contact=contacts[0] if contacts else None,
        events=tuple(sorted(_children(connection, OrderEvent, order_id), key=lambda e: (e.happened_at, e.id))),
        parcels=_children(connection, Parcel, order_id),
        payments=_children(connection, Payment, order_id),
        staff_names=names,
        is_syncing=shadowed is not None,
    )


def _children(connection: sqlite3.Connection, kind: type[R], order_id: str) -> tuple[R, ...]:
    records = connection.execute(statements_of(kind, "?").children(("order_id",)), (order_id,)).fetchall()
    return tuple(mapper_of(kind).row(record) for record in records)
