"""Decisions of the shop about its orders."""

from collections import Counter
from dataclasses import replace

from app.domain.command import Context
from app.domain.delivery import carriers
from app.domain.delivery.model import Parcel, ParcelLine, ParcelState
from app.domain.orders import commands, placing, quote
from app.domain.orders.model import Order, OrderEvent, OrderLine, OrderState
from app.domain.orders.placing import place_order
from app.domain.outcome import Accepted, Bump, Change, Decision, Put, RejectCode, Rejected
from app.domain.stock.model import MovementReason, Reservation, ReservationState, StockMovement
from app.domain.stock.rules import level_of, move
from app.domain.view import View
from app.kernel import codec

NOT_FOUND = RejectCode("order.not_found", "This order does not exist.")
NOT_SHIPPABLE = RejectCode("order.not_shippable", "This order cannot be shipped: it is {state}.")
LINES_UNFIT = RejectCode("order.lines_unfit", "More pieces than are still to be shipped.")
CARRIER_UNKNOWN = RejectCode("order.carrier_unknown", "This carrier is not known.")
WAYBILL_UNFIT = RejectCode("order.waybill_unfit", "{waybill_no} is not a waybill number of {carrier}.")
WAYBILL_TAKEN = RejectCode("order.waybill_taken", "The waybill number {waybill_no} belongs to another parcel.")
PARCEL_EXISTS = RejectCode("order.parcel_exists", "This parcel was shipped already.")
REMARK_TOO_LONG = RejectCode("order.remark_too_long", "A remark has at most 500 signs.")
CODES = (
    NOT_FOUND,
    NOT_SHIPPABLE,
    LINES_UNFIT,
    CARRIER_UNKNOWN,
    WAYBILL_UNFIT,
    WAYBILL_TAKEN,
    PARCEL_EXISTS,
    REMARK_TOO_LONG,
    *quote.CODES,
    *placing.CODES,
)
SHIPPABLE = (OrderState.PAID, OrderState.PARTLY_SHIPPED)


def ship_order(command: commands.ShipOrder, view: View, context: Context) -> Decision:
    order = view.get(Order, command.order_id)
    if order is None:
        return Rejected(NOT_FOUND)
    if order.state not in SHIPPABLE:
        return Rejected(NOT_SHIPPABLE, {"state": order.state, "order_id": order.id, **_what_came_first(order, view)})
    waybill_no = carriers.normal_waybill(command.waybill_no)
    if refusal := _parcel_refusal(command, waybill_no, view):
        return refusal
    lines = {line.id: line for line in view.children(OrderLine, order_id=order.id)}
    if not _fits(command.lines, lines):
        return Rejected(LINES_UNFIT)
    parcel = Parcel(
        command.parcel_id, order.id, command.carrier, command.service, waybill_no, ParcelState.SHIPPED, context.at
    )
    event = OrderEvent(
        context.new_id("event"),
        order.id,
        context.at,
        "shipped",
        context.actor.id,
        {"carrier": command.carrier, "waybill_no": waybill_no},
    )
    changes: list[Change] = [Put(parcel), Put(event)]
    for shipped in command.lines:
        changes += _leaves(shipped, lines[shipped.order_line_id], command.parcel_id, view, context)
    now_shipped = Counter({s.order_line_id: s.qty for s in command.lines})
    is_whole = all(line.shipped_qty + now_shipped[line.id] == line.qty for line in lines.values())
    state = OrderState.SHIPPED if is_whole else OrderState.PARTLY_SHIPPED
    changes.append(Put(replace(order, state=state)))
    return Accepted(tuple(changes))


def _what_came_first(order: Order, view: View) -> dict[str, str]:
    """Who did what last to the order, and when, so that a refused clerk can be told."""
    events = view.children(OrderEvent, order_id=order.id)
    last = max(events, key=lambda event: (event.happened_at, event.id), default=None)
    if last is None:
        return {}
    return {"event": last.kind, "changed_by": last.actor, "changed_at": codec.time_text(last.happened_at)}


def _parcel_refusal(command: commands.ShipOrder, waybill_no: str, view: View) -> Rejected | None:
    carrier = carriers.carrier(command.carrier)
    if carrier is None:
        return Rejected(CARRIER_UNKNOWN)
    if not carriers.looks_like(command.carrier, waybill_no):
        return Rejected(WAYBILL_UNFIT, {"waybill_no": waybill_no, "carrier": carrier.name})
    if view.get(Parcel, command.parcel_id) is not None:
        return Rejected(PARCEL_EXISTS)
    if any(p.carrier == command.carrier for p in view.children(Parcel, waybill_no=waybill_no)):
        return Rejected(WAYBILL_TAKEN, {"waybill_no": waybill_no})
    return None


def _fits(shipped: tuple[commands.ShippedLine, ...], lines: dict[str, OrderLine]) -> bool:
    if not shipped or len({s.order_line_id for s in shipped}) != len(shipped):
        return False
    return all(
        s.order_line_id in lines and 1 <= s.qty <= lines[s.order_line_id].qty - lines[s.order_line_id].shipped_qty
        for s in shipped
    )


def _leaves(
    shipped: commands.ShippedLine, line: OrderLine, parcel_id: str, view: View, context: Context
) -> list[Change]:
    """Pieces leave: the line counts them, the reservation ends with its last piece, and the stock goes down."""
    changes: list[Change] = [
        Put(ParcelLine(parcel_id, line.id, shipped.qty)),
        Bump(OrderLine, (line.id,), "shipped_qty", shipped.qty),
    ]
    held = view.get(Reservation, line.id)
    if held is None or held.state is not ReservationState.HELD:
        return changes
    if line.shipped_qty + shipped.qty == line.qty:
        changes.append(Put(replace(held, state=ReservationState.CONSUMED)))
    movement = StockMovement(
        id=context.new_id("movement", line.id),
        sku_id=line.sku_id,
        location_id=held.location_id,
        delta_qty=-shipped.qty,
        reason=MovementReason.SHIPPED,
        ref_kind="parcel",
        ref_id=parcel_id,
        actor=context.actor.id,
        happened_at=context.at,
    )
    level = level_of(view, line.sku_id, held.location_id)
    return changes + list(move(view, level, movement, consumed_qty=shipped.qty))


def note_order(command: commands.NoteOrder, view: View, context: Context) -> Decision:
    order = view.get(Order, command.order_id)
    if order is None:
        return Rejected(NOT_FOUND)
    if len(command.remark) > 500:
        return Rejected(REMARK_TOO_LONG)
    return Accepted((Put(replace(order, staff_remark=command.remark)),))


HANDLERS = (
    (commands.PlaceOrder, place_order),
    (commands.ShipOrder, ship_order),
    (commands.NoteOrder, note_order),
)
