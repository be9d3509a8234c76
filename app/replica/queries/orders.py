"""What the orders page shows."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from app.domain.delivery.model import DeliveryArea, LocalDelivery, Parcel, ParcelLine, WaybillRequest
from app.domain.orders.model import Order, OrderContact, OrderEvent, OrderLine
from app.domain.orders.state import GIVEN_UP, SHIPPABLE
from app.domain.payments.model import Payment
from app.domain.pickup.model import Pickup, PickupPoint
from app.domain.row import Row
from app.domain.settings import ShopSettings
from app.kernel import codec
from app.replica.queries.pictures import main_picture
from app.tables.mapper import mapper_of
from app.tables.statements import statements_of

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """One order with all that belongs to it.

    ``rowid`` is its place in lists; ``shelves`` tells by article where it lies; ``syncing_parcels`` are those that the
    shop's service has not confirmed yet; ``pictures`` tells by product its main picture. ``pickup`` or ``delivery`` is
    there when no carrier takes it; ``place_name`` is that pickup point's or that area's. ``waybills`` are the numbers
    that carriers were asked for, the last one last, and ``carriers_with_numbers`` those that can be asked.
    """

    rowid: int
    order: Order
    lines: tuple[OrderLine, ...]
    contact: OrderContact | None
    events: tuple[OrderEvent, ...]
    parcels: tuple[Parcel, ...]
    parcel_lines: tuple[ParcelLine, ...]
    payments: tuple[Payment, ...]
    staff_names: Mapping[str, str]
    shelves: Mapping[str, str]
    pictures: Mapping[str, str]
    syncing_parcels: frozenset[str]
    is_syncing: bool
    pickup: Pickup | None = None
    delivery: LocalDelivery | None = None
    place_name: str = ""
    waybills: tuple[WaybillRequest, ...] = ()
    carriers_with_numbers: tuple[str, ...] = ()

    @property
    def last_waybill(self) -> WaybillRequest | None:
        return self.waybills[-1] if self.waybills else None

    @property
    def to_fetch(self) -> tuple[tuple[OrderLine, int], ...]:
        """The pieces of its picking list: what is still to leave; of an order that has left whole, what it was."""
        state = self.order.state
        if state in GIVEN_UP:
            return ()
        is_open = state in SHIPPABLE
        counted = ((line, line.open_qty if is_open else line.qty - line.cancelled_qty) for line in self.lines)
        return tuple((line, qty) for line, qty in counted if qty > 0)


def order_details(connection: sqlite3.Connection, rowids: Sequence[int]) -> tuple[OrderDetail, ...]:
    """These orders, in this order; what is gone meanwhile is left out."""
    found = (order_at(connection, rowid) for rowid in rowids)
    return tuple(detail for detail in found if detail is not None)


def order_detail(connection: sqlite3.Connection, order_id: str) -> OrderDetail | None:
    record = connection.execute(statements_of(Order, "?").select, (order_id,)).fetchone()
    if record is None:
        return None
    names = dict(connection.execute("SELECT id, name FROM staff").fetchall())
    pickup = next(iter(_children(connection, Pickup, order_id)), None)
    delivery = next(iter(_children(connection, LocalDelivery, order_id)), None)
    contacts = _children(connection, OrderContact, order_id)
    parcels = sorted(_children(connection, Parcel, order_id), key=lambda p: (p.shipped_at, p.id))
    return OrderDetail(
        rowid=connection.execute("SELECT rid FROM orders WHERE id = ?", (order_id,)).fetchone()[0],
        order=mapper_of(Order).row(record),
        lines=tuple(sorted(_children(connection, OrderLine, order_id), key=lambda line: line.line_no)),
        contact=contacts[0] if contacts else None,
        events=tuple(sorted(_children(connection, OrderEvent, order_id), key=_as_it_happened)),
        parcels=tuple(parcels),
        parcel_lines=_parcel_lines(connection, parcels),
        payments=_children(connection, Payment, order_id),
        staff_names=names,
        shelves=_shelves(connection, order_id),
        pictures=_pictures(connection, order_id),
        syncing_parcels=frozenset(p.id for p in parcels if _is_shadowed(connection, Parcel, p.id)),
        is_syncing=any(_is_shadowed(connection, kind, order_id) for kind in (Order, Pickup, LocalDelivery)),
        pickup=pickup,
        delivery=delivery,
        place_name=_place_name(connection, pickup, delivery),
        waybills=tuple(sorted(_children(connection, WaybillRequest, order_id), key=lambda each: each.attempt)),
        carriers_with_numbers=_carriers_with_numbers(connection),
    )


def _carriers_with_numbers(connection: sqlite3.Connection) -> tuple[str, ...]:
    found = connection.execute("SELECT value FROM settings WHERE key = 'waybill_carriers'").fetchone()
    return ShopSettings(waybill_carriers=str(codec.parse(found[0]))).carriers_with_numbers if found else ()


def _place_name(connection: sqlite3.Connection, pickup: Pickup | None, delivery: LocalDelivery | None) -> str:
    kind: type[Row] = PickupPoint if pickup is not None else DeliveryArea
    place_id = pickup.point_id if pickup is not None else delivery.area_id if delivery is not None else ""
    found = connection.execute(f"SELECT name FROM {kind.TABLE} WHERE id = ?", (place_id,)).fetchone()
    return "" if found is None else str(found[0])


def _as_it_happened(event: OrderEvent) -> tuple[bool, datetime, str]:
    """The ordering itself comes first: payment services tell whole seconds, which can lie before it."""
    return event.kind != "placed", event.happened_at, event.id


def order_at(connection: sqlite3.Connection, rowid: int) -> OrderDetail | None:
    """The order that stands at a row of a list."""
    found = connection.execute("SELECT id FROM orders WHERE rid = ?", (rowid,)).fetchone()
    return None if found is None else order_detail(connection, found[0])


def _is_shadowed(connection: sqlite3.Connection, kind: type[Row], pk: str) -> bool:
    found = connection.execute("SELECT 1 FROM shadow WHERE table_name = ? AND pk = ?", (kind.TABLE, pk)).fetchone()
    return found is not None


def _parcel_lines(connection: sqlite3.Connection, parcels: Sequence[Parcel]) -> tuple[ParcelLine, ...]:
    sql = statements_of(ParcelLine, "?").children(("parcel_id",))
    records = [record for parcel in parcels for record in connection.execute(sql, (parcel.id,)).fetchall()]
    return tuple(mapper_of(ParcelLine).row(record) for record in records)


def _pictures(connection: sqlite3.Connection, order_id: str) -> dict[str, str]:
    sql = f"SELECT id, {main_picture('p.id')} FROM products p WHERE id IN"
    sql += " (SELECT product_id FROM order_lines WHERE order_id = ?)"
    return dict(connection.execute(sql, (order_id,)).fetchall())


def _shelves(connection: sqlite3.Connection, order_id: str) -> dict[str, str]:
    return dict(
        connection.execute(
            "SELECT id, shelf FROM skus WHERE id IN (SELECT sku_id FROM order_lines WHERE order_id = ?)", (order_id,)
        ).fetchall()
    )


def _children(connection: sqlite3.Connection, kind: type[R], order_id: str) -> tuple[R, ...]:
    records = connection.execute(statements_of(kind, "?").children(("order_id",)), (order_id,)).fetchall()
    return tuple(mapper_of(kind).row(record) for record in records)
