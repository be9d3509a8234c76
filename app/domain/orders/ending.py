"""What an order gives back when it ends without its goods leaving, and how it takes that again when it comes back."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from app.domain.orders.fulfilment import can_resume, given_up
from app.domain.orders.model import Order, OrderLine, OrderPrice
from app.domain.outcome import Bump, Change, Put
from app.domain.promotions.model import Coupon, CouponState
from app.domain.stock.model import Reservation, ReservationState, StockLevel
from app.domain.stock.rules import level_of, release
from app.domain.view import View


def let_go(order: Order, view: View) -> list[Change]:
    """The pieces that it still holds and the coupon that it used; what was given back already is not there again."""
    freed: Counter[tuple[str, str]] = Counter()
    changes: list[Change] = []
    for line in view.children(OrderLine, order_id=order.id):
        held = view.get(Reservation, line.id)
        if held is None or held.state is not ReservationState.HELD:
            continue
        changes.append(Put(replace(held, state=ReservationState.RELEASED)))
        freed[held.sku_id, held.location_id] += held.qty - line.shipped_qty
    for (sku_id, location_id), qty in sorted(freed.items()):
        changes += release(level_of(view, sku_id, location_id), qty)
    for coupon in view.children(Coupon, order_id=order.id):
        changes.append(Put(replace(coupon, state=CouponState.HELD, order_id="")))
    return changes + given_up(order, view)


def let_pieces_go(pieces: Iterable[tuple[OrderLine, int]], view: View) -> list[Change]:
    """Some pieces of lines whose order goes on; the rest of them goes on being promised."""
    freed: Counter[tuple[str, str]] = Counter()
    changes: list[Change] = []
    for line, wanted in pieces:
        held = view.get(Reservation, line.id)
        if held is None or held.state is not ReservationState.HELD:
            continue
        qty = min(wanted, held.qty - line.shipped_qty)
        after = replace(held, qty=held.qty - qty)
        if not after.qty:
            after = replace(held, state=ReservationState.RELEASED)
        elif after.qty == line.shipped_qty:
            after = replace(after, state=ReservationState.CONSUMED)
        changes.append(Put(after))
        freed[held.sku_id, held.location_id] += qty
    for (sku_id, location_id), qty in sorted(freed.items()):
        changes += release(level_of(view, sku_id, location_id), qty)
    return changes


def take_again(order: Order, view: View) -> list[Change] | None:
    """Pieces and coupon once more as they were, or None when any of them has gone to somebody else."""
    if not can_resume(order, view):
        return None
    needed: Counter[tuple[str, str]] = Counter()
    changes: list[Change] = []
    for line in view.children(OrderLine, order_id=order.id):
        held = view.get(Reservation, line.id)
        if held is None or held.state is not ReservationState.RELEASED:
            return None
        changes.append(Put(replace(held, state=ReservationState.HELD)))
        needed[held.sku_id, held.location_id] += held.qty
    for (sku_id, location_id), qty in sorted(needed.items()):
        if level_of(view, sku_id, location_id).available_qty < qty:
            return None
        changes.append(Bump(StockLevel, (sku_id, location_id), "reserved_qty", qty))
    price = view.get(OrderPrice, order.id)
    if price is None or not price.coupon_id:
        return changes
    coupon = view.get(Coupon, price.coupon_id)
    if coupon is None or coupon.state is not CouponState.HELD:
        return None
    return [*changes, Put(replace(coupon, state=CouponState.USED, order_id=order.id))]
