"""Decisions about orders that the shop's own couriers bring."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.domain.command import Context
from app.domain.delivery import commands
from app.domain.delivery.model import DeliveryState, LocalDelivery
from app.domain.incidents.model import Incident, open_incident
from app.domain.orders.leaving import Cause, come_back, leave, return_refunded, waiting_qty
from app.domain.orders.model import Order, OrderEvent, OrderLine, OrderState
from app.domain.outcome import Accepted, Change, Decision, Put, RejectCode, Rejected
from app.domain.payments.refunding import NOTHING_TAKEN, paid_payment, sent_room, taken_of
from app.domain.staff.model import Staff
from app.domain.stock.model import MovementReason
from app.domain.view import View

NOT_LOCAL = RejectCode("delivery.not_local", "This order is not one for the shop's couriers.")
NOT_DISPATCHABLE = RejectCode("delivery.not_dispatchable", "This order cannot leave with a courier: it is {state}.")
COURIER_UNKNOWN = RejectCode("delivery.courier_unknown", "This person is not on the staff.")
REASON_TOO_LONG = RejectCode("delivery.reason_too_long", "A reason has at most 80 signs.")
CODES = (NOT_LOCAL, NOT_DISPATCHABLE, COURIER_UNKNOWN, REASON_TOO_LONG)
WAITING = (DeliveryState.PREPARING, DeliveryState.BACK)


def assign_courier(command: commands.AssignCourier, view: View, context: Context) -> Decision:
    found = _waiting(command.order_id, view)
    if isinstance(found, Rejected):
        return found
    delivery, order = found
    if command.courier_id == delivery.courier_id:
        return Accepted()
    if command.courier_id and not _is_on_the_staff(command.courier_id, view):
        return Rejected(COURIER_UNKNOWN)
    event = _event("assigned", order, {"courier_id": command.courier_id}, context)
    return Accepted((Put(replace(delivery, courier_id=command.courier_id)), event))


def dispatch(command: commands.DispatchDelivery, view: View, context: Context) -> Decision:
    found = _waiting(command.order_id, view)
    if isinstance(found, Rejected):
        return found
    delivery, order = found
    if not _is_on_the_staff(command.courier_id, view):
        return Rejected(COURIER_UNKNOWN)
    out = replace(
        delivery,
        state=DeliveryState.OUT,
        courier_id=command.courier_id,
        attempts=delivery.attempts + 1,
        dispatched_at=context.at,
        reason="",
    )
    changes: list[Change] = [Put(out), Put(replace(order, state=OrderState.SHIPPED))]
    for line in _lines(order, view):
        if waiting_qty(line):
            cause = Cause(MovementReason.SHIPPED, "delivery", order.id)
            changes += leave(line, waiting_qty(line), cause, view, context)
    return Accepted((*changes, _event("dispatched", order, {"courier_id": command.courier_id}, context)))


def record_delivered(command: commands.RecordDelivered, view: View, context: Context) -> Decision:
    delivery, order = view.get(LocalDelivery, command.order_id), view.get(Order, command.order_id)
    if delivery is None or order is None:
        return Rejected(NOT_LOCAL)
    if delivery.state is DeliveryState.DELIVERED:
        return Accepted()
    if delivery.state is not DeliveryState.OUT:
        return _contradicted("delivered", delivery, context)
    ended = Put(replace(delivery, state=DeliveryState.DELIVERED, ended_at=context.at))
    if order.state is not OrderState.SHIPPED:  # the buyer has said so already
        return Accepted((ended,))
    completed = replace(order, state=OrderState.COMPLETED, finished_at=context.at)
    return Accepted((ended, Put(completed), _event("delivered", order, {}, context)))


def record_undelivered(command: commands.RecordUndelivered, view: View, context: Context) -> Decision:
    """The goods are in the shop again and promised to this order as before, but for what was refunded meanwhile."""
    delivery, order = view.get(LocalDelivery, command.order_id), view.get(Order, command.order_id)
    if delivery is None or order is None:
        return Rejected(NOT_LOCAL)
    reason = command.reason.strip()
    if len(reason) > 80:
        return Rejected(REASON_TOO_LONG)
    if delivery.state is DeliveryState.BACK:
        return Accepted()
    if delivery.state is not DeliveryState.OUT or order.state is not OrderState.SHIPPED:
        return _contradicted("undelivered", delivery, context)
    back = replace(delivery, state=DeliveryState.BACK, reason=reason)
    payment = paid_payment(order, view)
    taken = taken_of(payment, view) if payment is not None else NOTHING_TAKEN
    cause = Cause(MovementReason.CAME_BACK, "delivery", order.id)
    lines = _lines(order, view)
    kept: list[Change] = []
    for line in lines:
        if sent_room(line, taken) > 0:
            kept += come_back(line, sent_room(line, taken), cause, view, context)
    refunded = [(line, line.shipped_qty - sent_room(line, taken) - line.returned_qty) for line in lines]
    event = _event("came_back", order, {"reason": reason}, context)
    changes = [event, *kept, *return_refunded(refunded, cause, view, context)]
    if not kept:  # all of it was refunded on the way
        ended = replace(delivery, state=DeliveryState.CLOSED, ended_at=context.at, reason=reason)
        completed = replace(order, state=OrderState.COMPLETED, finished_at=context.at)
        return Accepted((Put(ended), Put(completed), *changes))
    return Accepted((Put(back), Put(replace(order, state=OrderState.PAID)), *changes))


def _waiting(order_id: str, view: View) -> tuple[LocalDelivery, Order] | Rejected:
    """The delivery, if its goods stand in the shop and may leave."""
    delivery, order = view.get(LocalDelivery, order_id), view.get(Order, order_id)
    if delivery is None or order is None:
        return Rejected(NOT_LOCAL)
    if order.state is not OrderState.PAID:
        return Rejected(NOT_DISPATCHABLE, {"state": order.state})
    if delivery.state not in WAITING:
        return Rejected(NOT_DISPATCHABLE, {"state": delivery.state})
    return delivery, order


def _is_on_the_staff(staff_id: str, view: View) -> bool:
    person = view.get(Staff, staff_id)
    return person is not None and person.archived_at is None


def _contradicted(said: str, delivery: LocalDelivery, context: Context) -> Accepted:
    """The courier's word stands beside the books, and a person looks at both."""
    refs = {"order_id": delivery.order_id, "said": said, "state": delivery.state.value, "by": context.actor.id}
    incident = Incident(context.new_id("incident"), "delivery.contradicted", refs, context.at)
    return Accepted((open_incident(incident),))


def _event(kind: str, order: Order, params: Mapping[str, Any], context: Context) -> Put:
    return Put(OrderEvent(context.new_id("event"), order.id, context.at, kind, context.actor.id, params))


def _lines(order: Order, view: View) -> tuple[OrderLine, ...]:
    return view.children(OrderLine, order_id=order.id)


HANDLERS = (
    (commands.AssignCourier, assign_courier),
    (commands.DispatchDelivery, dispatch),
    (commands.RecordDelivered, record_delivered),
    (commands.RecordUndelivered, record_undelivered),
)
