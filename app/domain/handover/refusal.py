"""Why goods are not handed over, told so that whoever stands at the counter can act on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain import opening
from app.domain.command import Context
from app.domain.orders.model import Order, OrderState
from app.domain.outcome import RejectCode, Rejected
from app.domain.pickup.model import Pickup, PickupPoint, PickupRedemption, PickupState, RedemptionVerdict
from app.domain.staff.model import Device, Staff
from app.domain.view import View
from app.kernel import codec

UNKNOWN_CODE = RejectCode("pickup.unknown", "No order here has this code.")
ALREADY_REDEEMED = RejectCode("pickup.already_redeemed", "Collected already: {collected_at}, {counter}, {by}.")
WRONG_POINT = RejectCode("pickup.wrong_point", "This order is collected at {name}: {address}.")
NOT_READY = RejectCode("pickup.not_ready", "The goods of this order are not prepared yet.")
EXPIRED = RejectCode("pickup.expired", "The time to collect was over at {expires_at}; a manager can hand over.")
ORDER_OVER = RejectCode("pickup.order_over", "This order is {state}, nothing is to be handed over.")
NOT_PAID = RejectCode("pickup.not_paid", "This order has not been paid.")
CODES = (UNKNOWN_CODE, ALREADY_REDEEMED, WRONG_POINT, NOT_READY, EXPIRED, ORDER_OVER, NOT_PAID)
COLLECTABLE = (OrderState.PAID, OrderState.PARTLY_SHIPPED)
BOOKED = (RedemptionVerdict.REDEEMED, RedemptionVerdict.PARTLY)


@dataclass(frozen=True, slots=True)
class Here:
    """Where and when somebody asks for the goods."""

    point_id: str
    now: datetime
    zone: str


def here(point_id: str, context: Context) -> Here:
    return Here(point_id, context.now, context.shop.time_zone)


def by_ref(ref: str, view: View) -> tuple[Pickup, Order] | None:
    found = view.children(Pickup, ref=ref)
    order = view.get(Order, found[0].order_id) if found else None
    return (found[0], order) if order is not None else None


def refusal_of(pickup: Pickup, order: Order, where: Here, view: View) -> Rejected | None:
    """Why this order is not handed over for its code here and now; None when it is."""
    if refused := over(pickup, order, view):
        return refused
    if pickup.point_id != where.point_id:
        return Rejected(WRONG_POINT, {"order_id": order.id, **_point(pickup.point_id, where, view)})
    if pickup.expires_at is not None and where.now >= pickup.expires_at:
        return Rejected(EXPIRED, {"order_id": order.id, "expires_at": codec.time_text(pickup.expires_at)})
    if pickup.state is not PickupState.READY:
        return Rejected(NOT_READY, {"order_id": order.id})
    return None


def over(pickup: Pickup, order: Order, view: View) -> Rejected | None:
    """Why nothing of this order is left to hand over, whoever hands over and wherever."""
    if pickup.state is PickupState.COLLECTED:
        return Rejected(ALREADY_REDEEMED, {"order_id": order.id, **_last(order, view)})
    if pickup.state is PickupState.CLOSED or order.state not in (*COLLECTABLE, OrderState.UNPAID, OrderState.CLOSING):
        params = {"order_id": order.id, "state": order.state, "refunded_fen": int(order.refunded_fen)}
        return Rejected(ORDER_OVER, params)
    return None if order.state in COLLECTABLE else Rejected(NOT_PAID, {"order_id": order.id})


def standing(order: Order, view: View) -> list[PickupRedemption]:
    """The redemptions that count, oldest first: booked and not taken back."""
    all_of_it = view.children(PickupRedemption, order_id=order.id)
    undone = {each.undoes for each in all_of_it}
    counting = [each for each in all_of_it if each.verdict in BOOKED and each.id not in undone]
    return sorted(counting, key=lambda each: (each.happened_at, each.id))


def _last(order: Order, view: View) -> Mapping[str, Any]:
    """When, at which counter and by whom it was handed over."""
    last = standing(order, view)[-1]
    device, person = view.get(Device, last.device_id), view.get(Staff, last.staff_id)
    return {
        "redemption_id": last.id,
        "collected_at": codec.time_text(last.happened_at),
        "device_id": last.device_id,
        "counter": last.device_id if device is None else device.name,
        "counter_no": 0 if device is None else device.no,
        "by": last.staff_id if person is None else person.name,
    }


def _point(point_id: str, where: Here, view: View) -> Mapping[str, Any]:
    """The right place, with everything that the buyer needs to go there."""
    point = view.get(PickupPoint, point_id)
    if point is None:
        return {"point_id": point_id, "name": point_id, "address": "", "phone": "", "hours": ""}
    today = opening.hours_on(point.hours, opening.day_of(where.now, where.zone))
    return {
        "point_id": point.id,
        "name": point.name,
        "address": point.address,
        "phone": point.phone,
        "hours": ", ".join(today),
    }
