"""What can be done with an order, by whom: what cannot succeed is not offered."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.desk.queries import TO_COLLECT
from app.domain.orders.state import SHIPPABLE, DeliveryKind, OrderState
from app.kernel.later import later

if TYPE_CHECKING:
    from app.desk.queries import OrderDetail
    from app.desk.session import OnDuty
    from app.domain import permission
    from app.domain.aftersales import handlers as aftersales
    from app.domain.delivery import model as delivery
    from app.domain.handover import couriering
    from app.domain.payments import model as payments
    from app.domain.payments import refunding
    from app.domain.pickup import model as pickup
else:
    delivery, payments = later("app.domain.delivery.model"), later("app.domain.payments.model")
    pickup, permission = later("app.domain.pickup.model"), later("app.domain.permission")
    aftersales = later("app.domain.aftersales.handlers")
    couriering = later("app.domain.handover.couriering")
    refunding = later("app.domain.payments.refunding")


@dataclass(frozen=True, slots=True)
class Actions:
    """What can be done with an order now and by this person; what cannot succeed is not offered."""

    ship: bool = False
    label: bool = False
    note: bool = False
    reveal: bool = False
    cancel: bool = False
    refund: bool = False
    ready: bool = False
    redeem: bool = False
    dispatch: bool = False
    deliver: bool = False
    bring_back: bool = False
    withdraw: bool = False


NOTHING = Actions()


def actions_of(detail: "OrderDetail", person: "OnDuty | None") -> Actions:
    if person is None:
        return NOTHING
    rights = permission.Permission
    return Actions(
        ship=is_shippable(detail) and person.may(rights.ORDER_SHIP),
        label=bool(detail.parcels) and detail.contact is not None,
        note=person.may(rights.ORDER_NOTE),
        reveal=detail.contact is not None and person.may(rights.CONTACT_REVEAL),
        cancel=detail.order.state is OrderState.UNPAID and person.may(rights.ORDER_CANCEL),
        refund=is_refundable(detail) and person.may(rights.ORDER_REFUND),
        ready=is_to_prepare(detail) and person.may(rights.PICKUP_REDEEM),
        redeem=is_to_collect(detail) and person.may(rights.PICKUP_REDEEM),
        dispatch=is_to_bring(detail) and person.may(rights.ORDER_DELIVER),
        deliver=is_out(detail) and person.may(rights.ORDER_DELIVER),
        withdraw=is_unclear(detail) and person.may(rights.ORDER_SHIP),
        bring_back=is_out(detail) and detail.order.state is OrderState.SHIPPED and person.may(rights.ORDER_DELIVER),
    )


def is_shippable(detail: "OrderDetail") -> bool:
    """Whether a carrier is to take more of it; who collects or has it brought needs none."""
    order = detail.order
    return order.delivery_kind is DeliveryKind.EXPRESS and order.state in SHIPPABLE and bool(remaining(detail))


def is_unclear(detail: "OrderDetail") -> bool:
    """Whether a carrier was asked for its number and nobody knows what became of that."""
    last = detail.last_waybill
    return last is not None and last.state is delivery.WaybillState.ASKED and last.tries > 0


def standing(detail: "OrderDetail") -> str:
    """What lists and tabs call the order's state: who waits for its buyer is not to be shipped."""
    state = detail.order.state
    is_collected = detail.order.delivery_kind is DeliveryKind.PICKUP and state in SHIPPABLE
    return TO_COLLECT if is_collected else str(state)


def is_to_collect(detail: "OrderDetail") -> bool:
    """Whether its buyer may still come for it."""
    return detail.pickup is not None and detail.pickup.state in pickup.OPEN_PICKUPS and detail.order.state in SHIPPABLE


def is_to_prepare(detail: "OrderDetail") -> bool:
    return is_to_collect(detail) and detail.pickup is not None and detail.pickup.state is pickup.PickupState.PREPARING


def is_to_bring(detail: "OrderDetail") -> bool:
    """Whether its goods stand in the shop and a courier of ours is to leave with them."""
    is_waiting = detail.delivery is not None and detail.delivery.state in couriering.WAITING
    return is_waiting and detail.order.state is OrderState.PAID


def is_out(detail: "OrderDetail") -> bool:
    return detail.delivery is not None and detail.delivery.state is delivery.DeliveryState.OUT


def is_refundable(detail: "OrderDetail") -> bool:
    """Whether any of its money is still here; a free order can at least be cancelled while nothing has left."""
    if detail.order.state not in aftersales.REFUNDABLE:
        return False
    paid = [payment for payment in detail.payments if payment.state is payments.PaymentState.PAID]
    if not paid:
        return detail.order.state is OrderState.PAID
    return any(refunding.room_of(payment) > 0 for payment in paid)


def remaining(detail: "OrderDetail") -> dict[str, int]:
    """Pieces still to be shipped, by order line; lines that are complete are left out."""
    left = {line.id: line.open_qty for line in detail.lines}
    return {line_id: qty for line_id, qty in left.items() if qty > 0}
