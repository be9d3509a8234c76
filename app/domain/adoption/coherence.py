"""Whether the parts of an order that comes back belong together and add up, as the shop's books want it."""

from collections import Counter
from collections.abc import Iterable, Iterator

from app.domain.adoption.commands import AdoptOrder
from app.domain.delivery.model import DeliveryState, ParcelState
from app.domain.orders.model import DeliveryKind, OrderLine, OrderState
from app.domain.payments.model import PaymentState, RefundState
from app.domain.pickup.model import PickupState
from app.domain.row import Row, key_of
from app.domain.stock.model import Reservation, ReservationState

UNPAID = (OrderState.UNPAID, OrderState.CLOSING, OrderState.CLOSED)
BOOKED = (PaymentState.PAID, PaymentState.SURPLUS)


def is_coherent(told: AdoptOrder) -> bool:
    """One order with its own parts, whose sums are right."""
    return all(
        each
        for rule in (_have_known_words, _belong, _are_once, _lines_add_up, _money_adds_up, _pieces_add_up)
        for each in rule(told)
    )


def _have_known_words(told: AdoptOrder) -> Iterator[bool]:
    """A state of a newer program is kept as text wherever it only passes through; here it would decide."""
    yield isinstance(told.order.state, OrderState) and isinstance(told.order.delivery_kind, DeliveryKind)
    yield all(isinstance(each.state, ReservationState) for each in told.reservations)
    yield all(isinstance(each.state, PaymentState) for each in told.payments)
    yield all(isinstance(each.state, RefundState) for each in told.refunds)
    yield all(isinstance(each.state, ParcelState) for each in told.parcels)
    yield told.pickup is None or isinstance(told.pickup.state, PickupState)
    yield told.delivery is None or isinstance(told.delivery.state, DeliveryState)


def _belong(told: AdoptOrder) -> Iterator[bool]:
    own, lines = told.order.id, {line.id for line in told.lines}
    yield bool(told.lines) and bool(told.events)
    yield all(order_id == own for order_id in _orders(told))
    yield all(each.line_id in lines for each in told.discounts)
    yield {each.order_line_id for each in told.reservations} <= lines
    yield {each.order_line_id for each in told.refund_lines} <= lines
    yield {each.order_line_id for each in told.parcel_lines} <= lines
    yield {each.payment_id for each in told.refunds} <= {each.id for each in told.payments}
    yield {each.refund_id for each in told.refund_lines} <= {each.id for each in told.refunds}
    yield {each.parcel_id for each in told.parcel_lines} <= {each.id for each in told.parcels}
    yield told.buyer is None or told.buyer.id == told.order.buyer_id
    yield told.coupon is None or (told.price is not None and told.coupon.id == told.price.coupon_id)
    yield (told.pickup is not None) == (told.order.delivery_kind is DeliveryKind.PICKUP)
    yield (told.delivery is not None) == (told.order.delivery_kind is DeliveryKind.LOCAL)
    yield told.point is None or (told.pickup is not None and told.point.id == told.pickup.point_id)
    yield told.area is None or (told.delivery is not None and told.area.id == told.delivery.area_id)


def _orders(told: AdoptOrder) -> Iterator[str]:
    """Whose the parts say they are."""
    yield from (each.order_id for each in told.events)
    yield from (each.order_id for each in told.lines)
    yield from (each.order_id for each in told.discounts)
    yield from (each.order_id for each in told.payments)
    yield from (each.order_id for each in told.refunds)
    yield from (each.order_id for each in told.parcels)
    yield from (each.order_id for each in told.redemptions)
    yield from (each.order_id for each in (told.contact, told.price) if each is not None)
    yield from (each.order_id for each in (told.pickup, told.delivery) if each is not None)


def _are_once(told: AdoptOrder) -> Iterator[bool]:
    kinds: tuple[Iterable[Row], ...] = (
        *(told.lines, told.events, told.discounts, told.reservations, told.payments, told.refunds),
        *(told.refund_lines, told.parcels, told.parcel_lines, told.redemptions),
    )
    for rows in kinds:
        keys = [key_of(row) for row in rows]
        yield len(set(keys)) == len(keys) and all(all(key) for key in keys)
    yield len({line.line_no for line in told.lines}) == len(told.lines)
    yield sum(each.state is PaymentState.PAID for each in told.payments) <= 1
    yield sum(each.state is PaymentState.OPEN for each in told.payments) <= 1


def _lines_add_up(told: AdoptOrder) -> Iterator[bool]:
    order, taken_off = told.order, Counter[str]()
    for each in told.discounts:
        yield each.fen > 0
        taken_off[each.line_id] += each.fen
    for line in told.lines:
        yield line.list_fen >= 0 and 0 <= line.refunded_fen <= line.paid_fen
        yield line.paid_fen == line.list_fen * line.qty - line.discount_fen
        yield line.discount_fen == taken_off[line.id]
    yield min(order.goods_fen, order.discount_fen, order.freight_fen, order.total_fen) >= 0
    yield order.total_fen == order.goods_fen - order.discount_fen + order.freight_fen
    yield order.total_fen == sum(line.paid_fen for line in told.lines) + order.freight_fen


def _money_adds_up(told: AdoptOrder) -> Iterator[bool]:
    order = told.order
    gone = {each.id: each for each in told.refunds if each.state is RefundState.SUCCEEDED}
    yield order.paid_fen == sum(each.amount_fen for each in told.payments if each.state is PaymentState.PAID)
    yield order.paid_fen == (0 if order.state in UNPAID else order.total_fen)
    paid = {each.id for each in told.payments if each.state is PaymentState.PAID}
    yield order.refunded_fen == sum(each.amount_fen for each in gone.values() if each.payment_id in paid)
    for payment in told.payments:
        own = [each for each in told.refunds if each.payment_id == payment.id]
        requested = sum(each.amount_fen for each in own if each.state is RefundState.REQUESTED)
        yield payment.amount_fen > 0 and payment.payer_fen >= 0
        yield (payment.transaction_id is not None) == (payment.state in BOOKED)
        yield payment.refunding_fen == requested
        yield payment.refunded_fen == sum(each.amount_fen for each in own if each.id in gone)
        yield 0 <= requested <= payment.amount_fen - payment.refunded_fen
    back = Counter[str]()
    for part in told.refund_lines:
        yield part.fen >= 0 and 0 <= part.unsent_qty <= part.qty and part.qty > 0
        back[part.order_line_id] += part.fen if part.refund_id in gone else 0
    yield all(each.amount_fen > 0 for each in told.refunds)
    yield all(line.refunded_fen == back[line.id] for line in told.lines)


def _pieces_add_up(told: AdoptOrder) -> Iterator[bool]:
    gone = {each.id for each in told.refunds if each.state is RefundState.SUCCEEDED}
    never = Counter[str]()
    for part in told.refund_lines:
        never[part.order_line_id] += part.unsent_qty if part.refund_id in gone else 0
    held = {each.order_line_id: each for each in told.reservations}
    yield held.keys() == {line.id for line in told.lines}
    for line in told.lines:
        yield from _line_holds(told.order.state, line, held.get(line.id), never[line.id])
    yield all(each.qty > 0 for each in told.parcel_lines)


def _line_holds(state: OrderState, line: OrderLine, held: Reservation | None, never_qty: int) -> Iterator[bool]:
    yield line.qty > 0 and 0 <= line.returned_qty <= line.qty and line.shipped_qty >= 0
    yield line.cancelled_qty >= 0 and line.shipped_qty + line.cancelled_qty <= line.qty
    if held is None:
        yield False
        return
    yield held.sku_id == line.sku_id and held.qty > 0
    if held.state is not ReservationState.RELEASED:
        yield held.qty == line.qty - never_qty and held.qty >= line.shipped_qty
    if state in (OrderState.UNPAID, OrderState.CLOSING):
        yield held.state is ReservationState.HELD
    if state is OrderState.CLOSED:
        yield held.state is not ReservationState.HELD
