"""Decisions of the shop about its orders."""

from dataclasses import replace

from app.domain.command import Context
from app.domain.delivery import carriers
from app.domain.delivery.model import Parcel, ParcelLine, ParcelState, WaybillRequest, WaybillState
from app.domain.orders import commands, placing, quote
from app.domain.orders.leaving import Cause, is_whole, leave, waiting_qty
from app.domain.orders.model import SHIPPABLE, DeliveryKind, Order, OrderEvent, OrderLine, OrderState
from app.domain.orders.placing import place_order
from app.domain.outcome import Accepted, Change, Decision, Put, RejectCode, Rejected
from app.domain.paper.model import DocumentKind
from app.domain.paper.rules import asked
from app.domain.stock.model import MovementReason
from app.domain.view import View
from app.kernel import codec

NOT_FOUND = RejectCode("order.not_found", "This order does not exist.")
NOT_SHIPPABLE = RejectCode("order.not_shippable", "This order cannot be shipped: it is {state}.")
LINES_UNFIT = RejectCode("order.lines_unfit", "More pieces than are still to be shipped.")
CARRIER_UNKNOWN = RejectCode("order.carrier_unknown", "This carrier is not known.")
WAYBILL_UNFIT = RejectCode("order.waybill_unfit", "{waybill_no} is not a waybill number of {carrier}.")
WAYBILL_TAKEN = RejectCode("order.waybill_taken", "The waybill number {waybill_no} belongs to another parcel.")
PARCEL_EXISTS = RejectCode("order.parcel_exists", "This parcel was shipped already.")
NOT_EXPRESS = RejectCode("order.not_express", "This order leaves with no carrier: it is for {kind}.")
NUMBER_ON_ITS_WAY = RejectCode(
    "order.number_on_its_way", "The carrier is being asked for a waybill number of this order; wait for its answer."
)
NUMBER_GOES_BACK = RejectCode(
    "order.number_goes_back", "The waybill number {waybill_no} goes back to the carrier; no parcel can travel under it."
)
REMARK_TOO_LONG = RejectCode("order.remark_too_long", "A remark has at most 500 signs.")
CODES = (
    NOT_FOUND,
    NOT_SHIPPABLE,
    LINES_UNFIT,
    CARRIER_UNKNOWN,
    WAYBILL_UNFIT,
    WAYBILL_TAKEN,
    PARCEL_EXISTS,
    NOT_EXPRESS,
    NUMBER_ON_ITS_WAY,
    NUMBER_GOES_BACK,
    REMARK_TOO_LONG,
    *quote.CODES,
    *placing.CODES,
)


def ship_order(command: commands.ShipOrder, view: View, context: Context) -> Decision:
    order = shippable(command.order_id, view)
    if isinstance(order, Rejected):
        return order
    if number_on_its_way(order.id, view) is not None:
        return Rejected(NUMBER_ON_ITS_WAY, {"order_id": order.id})
    waybill_no = carriers.normal_waybill(command.waybill_no)
    if refusal := _parcel_refusal(command, waybill_no, view):
        return refusal
    if not fits(order.id, command.lines, view):
        return Rejected(LINES_UNFIT)
    changes = leaves(replace(command, waybill_no=waybill_no), order, view, context)
    changes += asked(DocumentKind.LABEL, order.id, command.parcel_id, view, context)
    return Accepted(tuple(changes))


def shippable(order_id: str, view: View) -> Order | Rejected:
    """An order of which a carrier may take pieces, or why none may."""
    order = view.get(Order, order_id)
    if order is None:
        return Rejected(NOT_FOUND)
    if order.delivery_kind is not DeliveryKind.EXPRESS:
        return Rejected(NOT_EXPRESS, {"kind": order.delivery_kind})
    if order.state not in SHIPPABLE:
        return Rejected(NOT_SHIPPABLE, {"state": order.state, "order_id": order.id, **_what_came_first(order, view)})
    return order


def number_on_its_way(order_id: str, view: View) -> WaybillRequest | None:
    """What was asked of a carrier for this order and has no clear answer yet."""
    asked_for = view.children(WaybillRequest, order_id=order_id)
    return next((request for request in asked_for if request.state is WaybillState.ASKED), None)


def leaves(command: commands.ShipOrder, order: Order, view: View, context: Context) -> list[Change]:
    """A parcel with its number, and its pieces gone from the stock."""
    lines = {line.id: line for line in view.children(OrderLine, order_id=order.id)}
    parcel = Parcel(
        command.parcel_id,
        order.id,
        command.carrier,
        command.service,
        command.waybill_no,
        ParcelState.SHIPPED,
        context.at,
    )
    told = {"carrier": command.carrier, "waybill_no": command.waybill_no}
    event = OrderEvent(context.new_id("event"), order.id, context.at, "shipped", context.actor.id, told)
    changes: list[Change] = [Put(parcel), Put(event)]
    for shipped in command.lines:
        changes.append(Put(ParcelLine(parcel.id, shipped.order_line_id, shipped.qty)))
        cause = Cause(MovementReason.SHIPPED, "parcel", parcel.id)
        changes += leave(lines[shipped.order_line_id], shipped.qty, cause, view, context)
    leaving = {s.order_line_id: s.qty for s in command.lines}
    state = OrderState.SHIPPED if is_whole(lines, leaving) else OrderState.PARTLY_SHIPPED
    return [*changes, Put(replace(order, state=state))]


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
    if is_taken(command.carrier, waybill_no, view):
        return Rejected(WAYBILL_TAKEN, {"waybill_no": waybill_no})
    if _goes_back(command, waybill_no, view):
        return Rejected(NUMBER_GOES_BACK, {"waybill_no": waybill_no})
    return None


def _goes_back(command: commands.ShipOrder, waybill_no: str, view: View) -> bool:
    """Whether it came after nobody waited for it any more: who finds it at the carrier's must not use it."""
    asked_for = view.children(WaybillRequest, order_id=command.order_id)
    gone = (each for each in asked_for if each.state is WaybillState.WITHDRAWN)
    return any((each.carrier, each.waybill_no) == (command.carrier, waybill_no) for each in gone)


def is_taken(carrier: str, waybill_no: str, view: View) -> bool:
    return any(parcel.carrier == carrier for parcel in view.children(Parcel, waybill_no=waybill_no))


def fits(order_id: str, shipped: tuple[commands.ShippedLine, ...], view: View) -> bool:
    """Whether these pieces are still to leave, each line named once."""
    if not shipped or len({s.order_line_id for s in shipped}) != len(shipped):
        return False
    lines = {line.id: line for line in view.children(OrderLine, order_id=order_id)}
    return all(s.order_line_id in lines and 1 <= s.qty <= waiting_qty(lines[s.order_line_id]) for s in shipped)


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
