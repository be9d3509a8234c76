"""A buyer's orders as the API shows them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.delivery import carriers
from app.domain.delivery.model import LocalDelivery, Parcel, ParcelLine
from app.domain.orders.model import Order, OrderContact, OrderEvent, OrderLine
from app.domain.outcome import Change, Put
from app.domain.payments.model import Refund
from app.domain.pickup.model import Pickup, PickupPoint
from app.domain.view import MemoryView, View
from app.kernel import codec
from app.tables.mapper import mapper_of
from app.tables.statements import Database, statements_of
from services.http.shop.catalog_reading import view_of

_HEAD = (
    *("id", "no", "state", "delivery_kind", "goods_fen", "discount_fen", "freight_fen", "total_fen", "paid_fen"),
    *("refunded_fen", "placed_at", "expires_at", "paid_at", "buyer_remark"),
)
_LINE = (
    *("id", "line_no", "sku_id", "product_id", "title", "spec_text", "qty", "unit_fen", "discount_fen", "paid_fen"),
    "shipped_qty",
)
_REFUND = ("out_refund_no", "amount_fen", "state", "requested_at", "ended_at")
_PICKUP = ("state", "slot", "expires_at", "ready_at", "collected_at")
_DELIVERY = ("state", "slot", "dispatched_at", "ended_at")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def order_head(view: View, order: Order) -> dict[str, Any]:
    lines = sorted(view.children(OrderLine, order_id=order.id), key=lambda line: line.line_no)
    head = {name: codec.plain(getattr(order, name)) for name in _HEAD}
    return head | {"lines": [{name: codec.plain(getattr(line, name)) for name in _LINE} for line in lines]}


def order_image(view: View, order: Order) -> dict[str, Any]:
    """Everything a buyer may know of an order; not the staff's remarks and names."""
    contact = view.get(OrderContact, order.id)
    events = sorted(view.children(OrderEvent, order_id=order.id), key=lambda e: (e.happened_at, e.id))
    refunds = sorted(view.children(Refund, order_id=order.id), key=lambda r: (r.requested_at, r.out_refund_no))
    return order_head(view, order) | {
        "contact": None
        if contact is None
        else {name: getattr(contact, name) for name in ("name", "phone", "region_code", "address")},
        "parcels": [_parcel(view, parcel) for parcel in view.children(Parcel, order_id=order.id)],
        "events": [{"happened_at": codec.time_text(e.happened_at), "kind": e.kind} for e in events],
        "refunds": [{name: codec.plain(getattr(refund, name)) for name in _REFUND} for refund in refunds],
        "pickup": _pickup(view, view.get(Pickup, order.id)),
        "delivery": _delivery(view.get(LocalDelivery, order.id)),
    }


def placed_image(changes: Iterable[Change], order_id: str) -> dict[str, Any] | None:
    """The order that these changes have just placed; None when they do not show all of it.

    Where a pickup point stands is not among them, nor what becomes of a row that is changed once more.
    """
    made = tuple(changes)
    rows = [change.row for change in made if isinstance(change, Put)]
    kinds = {type(row) for row in rows}
    if any(not isinstance(change, Put) and change.kind in kinds for change in made):
        return None
    view = MemoryView(rows)
    order = view.get(Order, order_id)
    return None if order is None or view.get(Pickup, order_id) is not None else order_image(view, order)


def point_image(view: View, point_id: str) -> dict[str, Any]:
    point = view.get(PickupPoint, point_id)
    if point is None:
        raise LookupError(f"there is no pickup point {point_id}")
    return {name: getattr(point, name) for name in ("id", "name", "address", "phone")}


def _pickup(view: View, pickup: Pickup | None) -> dict[str, Any] | None:
    """Not the shelf, and not the code, which is asked for by itself."""
    if pickup is None:
        return None
    shown = {name: codec.plain(getattr(pickup, name)) for name in _PICKUP}
    return {"point": point_image(view, pickup.point_id)} | shown


def _delivery(delivery: LocalDelivery | None) -> dict[str, Any] | None:
    return None if delivery is None else {name: codec.plain(getattr(delivery, name)) for name in _DELIVERY}


def _parcel(view: View, parcel: Parcel) -> dict[str, Any]:
    carrier = carriers.carrier(parcel.carrier)
    return {
        "id": parcel.id,
        "carrier": parcel.carrier,
        "carrier_name": carrier.name if carrier is not None else parcel.carrier,
        "waybill_no": parcel.waybill_no,
        "state": codec.plain(parcel.state),
        "shipped_at": codec.plain(parcel.shipped_at),
        "lines": [
            {"order_line_id": line.order_line_id, "qty": line.qty}
            for line in view.children(ParcelLine, parcel_id=parcel.id)
        ],
    }


def order_page(database: Database, buyer_id: str, cursor: str | None, limit: int) -> dict[str, Any]:
    """Newest first; the cursor names the last order of the page before."""
    mark, view = database.mark, view_of(database)
    where, params = f"buyer_id = {mark}", [buyer_id]
    if cursor is not None:
        micros, _, order_id = cursor.partition("~")
        where += f" AND (placed_at, id) < ({mark}, {mark})"
        params += [codec.time_text(_EPOCH + int(micros) * _MICROSECOND), order_id]
    columns = statements_of(Order, mark).columns
    sql = f"SELECT {columns} FROM orders WHERE {where} ORDER BY placed_at DESC, id DESC LIMIT {mark}"
    read = mapper_of(Order).row
    found = [read(record) for record in database.execute(sql, (*params, limit + 1)).fetchall()]
    shown = found[:limit]
    more = len(found) > limit
    return {
        "items": [order_head(view, order) for order in shown],
        "next_cursor": f"{(shown[-1].placed_at - _EPOCH) // _MICROSECOND}~{shown[-1].id}" if more else None,
    }
