"""What stands in the way of an order that comes back: the shop went on meanwhile and gave its things to others."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.domain.adoption.commands import AdoptOrder
from app.domain.adoption.goods import is_placed
from app.domain.delivery.model import Parcel
from app.domain.members.model import Buyer
from app.domain.orders.model import Order, OrderEvent, OrderLine, OrderState
from app.domain.payments.model import Payment, Refund
from app.domain.pickup.model import OPEN_PICKUPS, Pickup
from app.domain.promotions.model import Coupon, CouponState, Promotion
from app.domain.view import View
from app.kernel.derived import derived_id

ENDED_UNPAID = frozenset({"closing", "closed"})
"""What the clock does with an order of whose payment the restored shop knows nothing."""


def found(told: AdoptOrder, known: Order | None, here: Iterable[OrderEvent], view: View) -> str:
    """The first thing that another order has by now or that this one has become; empty when nothing does."""
    return next(_all(told, known, here, view), "")


def _all(told: AdoptOrder, known: Order | None, here: Iterable[OrderEvent], view: View) -> Iterator[str]:
    if known is not None and not _is_beginning_of(told, here):
        yield "events"
    if any(each.id != told.order.id for each in view.children(Order, no=told.order.no)):
        yield "no"
    waits = told.order.state in (OrderState.UNPAID, OrderState.CLOSING)
    if waits and not all(is_placed(each, view) for each in told.reservations):
        yield "article"
    yield from _of_others(told, view)
    yield from _numbers(told, view)
    if known is not None:
        yield from _more_here(told, known, view)


def _is_beginning_of(told: AdoptOrder, here: Iterable[OrderEvent]) -> bool:
    """Whether the order goes on here as it is told, but for having been closed because its payment was forgotten."""
    ids = {each.id for each in told.events}
    since = {each.kind for each in here if each.id not in ids}
    return not since or (since <= ENDED_UNPAID and any(each.kind == "paid" for each in told.events))


def _of_others(told: AdoptOrder, view: View) -> Iterator[str]:
    """Rows of this name that are another order's."""
    named = (
        *((OrderLine.TABLE, view.get(OrderLine, each.id)) for each in told.lines),
        *((OrderEvent.TABLE, view.get(OrderEvent, each.id)) for each in told.events),
        *((Payment.TABLE, view.get(Payment, each.id)) for each in told.payments),
        *((Refund.TABLE, view.get(Refund, each.id)) for each in told.refunds),
        *((Parcel.TABLE, view.get(Parcel, each.id)) for each in told.parcels),
    )
    for table, here in named:
        if here is not None and here.order_id != told.order.id:
            yield table


def _numbers(told: AdoptOrder, view: View) -> Iterator[str]:
    """Numbers that are given once and are on something else now."""
    for payment in told.payments:
        same = list(view.children(Payment, out_trade_no=payment.out_trade_no))
        if payment.transaction_id is not None:
            same += view.children(Payment, transaction_id=payment.transaction_id)
        if any(each.id != payment.id for each in same):
            yield "payment"
    for refund in told.refunds:
        if any(each.id != refund.id for each in view.children(Refund, out_refund_no=refund.out_refund_no)):
            yield "refund"
    for parcel in told.parcels:
        twins = [each for each in view.children(Parcel, waybill_no=parcel.waybill_no) if each.id != parcel.id]
        if any(each.carrier == parcel.carrier for each in twins):
            yield "waybill"
    same_code = () if told.pickup is None else view.children(Pickup, ref=told.pickup.ref)
    if any(each.order_id != told.order.id for each in same_code):
        yield "pickup"


def _more_here(told: AdoptOrder, known: Order, view: View) -> Iterator[str]:
    """What the shop has begun with this order since then."""
    payments, refunds = {each.id for each in told.payments}, {each.id for each in told.refunds}
    if {each.id for each in view.children(Payment, order_id=known.id)} - payments:
        yield "payment"
    if {each.id for each in view.children(Refund, order_id=known.id)} - refunds:
        yield "refund"
    if {each.id for each in view.children(Parcel, order_id=known.id)} - {each.id for each in told.parcels}:
        yield "parcel"
    if told.coupon is not None and told.coupon.order_id == known.id and coupon_of(told, view) is None:
        yield "coupon"


def coupon_of(told: AdoptOrder, view: View) -> Coupon | None:
    """The order's coupon as it has to stand, or None when it has none or the coupon is another order's by now."""
    coupon = told.coupon
    if coupon is None:
        return None
    is_used = coupon.order_id == told.order.id
    here = view.get(Coupon, coupon.id)
    if here is None:
        is_known = view.get(Promotion, coupon.kind_id) is not None and not view.children(Coupon, code=coupon.code)
        has_owner = coupon.buyer_id == told.order.buyer_id or view.get(Buyer, coupon.buyer_id) is not None
        return _standing(coupon, told.order.id, is_used) if is_known and has_owner else None
    if here.order_id not in ("", told.order.id):
        return None if is_used else here
    return _standing(here, told.order.id, is_used)


def _standing(coupon: Coupon, order_id: str, is_used: bool) -> Coupon:
    if is_used:
        return replace(coupon, state=CouponState.USED, order_id=order_id)
    return replace(coupon, state=CouponState.HELD, order_id="")


def with_free_code(pickup: Pickup, view: View) -> Pickup:
    """The digits may be another buyer's by now: then it gets others, and its scanned code goes on being right."""
    tries = 0
    while pickup.state in OPEN_PICKUPS and _is_taken(pickup, view):
        tries += 1
        digits = int(derived_id("human_code", pickup.order_id, str(tries))[:8], 16) % 10**8
        pickup = replace(pickup, human_code=f"{digits:08d}")
    return pickup


def _is_taken(pickup: Pickup, view: View) -> bool:
    same = view.children(Pickup, human_code=pickup.human_code)
    return any(each.order_id != pickup.order_id and each.state in OPEN_PICKUPS for each in same)
