"""How an order gets to its buyer other than by a carrier: chosen when it is placed, begun when it is paid.

Whatever way an order ends, nobody is to come for it any more, and no courier to leave with it.
"""

from dataclasses import replace
from datetime import timedelta

from app.domain import opening
from app.domain.command import Context
from app.domain.delivery.model import DeliveryArea, DeliveryState, LocalDelivery
from app.domain.delivery.rules import area_of
from app.domain.orders.commands import PlaceOrder
from app.domain.orders.model import DeliveryKind, Order, OrderState
from app.domain.outcome import Change, Put, RejectCode, Rejected
from app.domain.pickup import code
from app.domain.pickup.model import OPEN_PICKUPS, Pickup, PickupPoint, PickupState
from app.domain.view import View

UNFIT = RejectCode("order.delivery_unfit", "The way of delivery and what was chosen for it do not fit together.")
POINT_CLOSED = RejectCode("order.point_closed", "One cannot collect there (any more); choose another pickup point.")
NOT_SERVED = RejectCode("order.area_not_served", "The shop's couriers do not go there; choose another way of delivery.")
SLOT_GONE = RejectCode("order.slot_gone", "This time can no longer be chosen.")
NO_PICKUP_CODE = RejectCode("order.no_pickup_code", "No free pickup code was offered; please try again.")
CODES = (UNFIT, POINT_CLOSED, NOT_SERVED, SLOT_GONE, NO_PICKUP_CODE)


def open_point(point_id: str, view: View) -> PickupPoint | None:
    point = view.get(PickupPoint, point_id)
    return point if point is not None and point.archived_at is None else None


def chosen(command: PlaceOrder, view: View, context: Context) -> Pickup | LocalDelivery | Rejected | None:
    """The row that keeps what the buyer chose; none for a carrier."""
    if (command.delivery_kind is DeliveryKind.PICKUP) != (command.pickup is not None):
        return Rejected(UNFIT)
    if command.delivery_kind is DeliveryKind.PICKUP:
        return _pickup(command, view, context)
    if command.delivery_kind is DeliveryKind.LOCAL:
        area = area_of(command.contact.region_code, view)
        if area is None:
            return Rejected(NOT_SERVED)
        if not _is_offered(area, command.slot, context):
            return Rejected(SLOT_GONE)
        return LocalDelivery(command.order_id, area.id, DeliveryState.ORDERED, command.slot)
    return Rejected(UNFIT) if command.slot else None


def _pickup(command: PlaceOrder, view: View, context: Context) -> Pickup | Rejected:
    wish = command.pickup
    point = open_point(wish.point_id, view) if wish is not None else None
    if wish is None or point is None:
        return Rejected(POINT_CLOSED)
    if not _is_offered(point, command.slot, context):
        return Rejected(SLOT_GONE)
    human = next((each for each in wish.human_codes if _is_free(each, view)), None)
    if human is None or not code.is_ref(wish.ref) or view.children(Pickup, ref=wish.ref):
        return Rejected(NO_PICKUP_CODE)
    return Pickup(command.order_id, point.id, wish.ref, human, PickupState.ORDERED, command.slot)


def _is_offered(place: PickupPoint | DeliveryArea, slot: str, context: Context) -> bool:
    return opening.is_offered(place.opening, slot, context.now, context.shop.time_zone)


def _is_free(human_code: str, view: View) -> bool:
    same = view.children(Pickup, human_code=human_code)
    return code.human_code(human_code) == human_code and not any(each.state in OPEN_PICKUPS for each in same)


def begun(order: Order, view: View, context: Context) -> list[Change]:
    """The order is paid: its goods are to be prepared."""
    pickup = view.get(Pickup, order.id)
    delivery = view.get(LocalDelivery, order.id)
    return started(pickup or delivery, context)


def started(row: Pickup | LocalDelivery | None, context: Context) -> list[Change]:
    """What was chosen comes into force; a pickup's days run from its slot."""
    if isinstance(row, Pickup):
        from_at = max(opening.end_of(row.slot, context.shop.time_zone) or context.at, context.at)
        until = from_at + timedelta(days=context.shop.pickup_days)
        return [Put(replace(row, state=PickupState.PREPARING, expires_at=until))]
    return [] if row is None else [Put(replace(row, state=DeliveryState.PREPARING))]


def given_up(order: Order, view: View) -> list[Change]:
    """The order is over, and with it whatever had not yet happened of its delivery."""
    pickup = view.get(Pickup, order.id)
    if pickup is not None and pickup.state in OPEN_PICKUPS:
        return [Put(replace(pickup, state=PickupState.CLOSED))]
    delivery = view.get(LocalDelivery, order.id)
    if delivery is not None and delivery.state not in (DeliveryState.DELIVERED, DeliveryState.CLOSED):
        return [Put(replace(delivery, state=DeliveryState.CLOSED))]
    return []


def nothing_left(order: Order, view: View, context: Context) -> list[Change]:
    """What was still to leave of a partly shipped order never will: who collects has collected all there was."""
    pickup = view.get(Pickup, order.id)
    if pickup is None:
        return [Put(replace(order, state=OrderState.SHIPPED))]
    return [
        Put(replace(order, state=OrderState.COMPLETED, finished_at=context.at)),
        Put(replace(pickup, state=PickupState.COLLECTED, collected_at=context.at)),
    ]


def can_resume(order: Order, view: View) -> bool:
    """Whether an order that was given up can be taken up again: its digits may be another order's by now."""
    pickup = view.get(Pickup, order.id)
    return pickup is None or _is_free(pickup.human_code, view)
