"""Decisions about orders that go back, wholly or in part, and about those that arrived."""

from dataclasses import replace

from app.domain.aftersales import closing, commands
from app.domain.aftersales.recording import record_refund
from app.domain.command import Context
from app.domain.money import Fen
from app.domain.orders.ending import let_go
from app.domain.orders.fulfilment import given_up, nothing_left
from app.domain.orders.model import Order, OrderEvent, OrderLine, OrderState
from app.domain.outcome import Accepted, Bump, Change, Decision, Put, RejectCode, Rejected
from app.domain.payments.model import Payment, PaymentCheck, Refund, RefundState
from app.domain.payments.refunding import (
    Taken,
    Wish,
    held_back,
    next_number,
    opened,
    paid_payment,
    room_of,
    sent_room,
    shares,
    taken_of,
    unsent_room,
    whole_rest,
)
from app.domain.pricing.rounding import total_of
from app.domain.view import View

NOT_CANCELLABLE = RejectCode("cancel.not_cancellable", "This order can no longer be cancelled: it is {state}.")
NOT_RECEIVABLE = RejectCode("receipt.not_receivable", "This order has not been shipped: it is {state}.")
NOT_REFUNDABLE = RejectCode("refund.not_refundable", "Nothing of this order can be refunded: it is {state}.")
WHOLE_ONLY = RejectCode("refund.whole_only", "This order was cancelled: what is left of it can only be refunded whole.")
LINES_UNFIT = RejectCode("refund.lines_unfit", "More pieces or more freight than can still be refunded.")
FREIGHT_MISSING = RejectCode(
    "refund.freight_missing", "When nothing of an order leaves, its freight of {freight_fen} goes back as well."
)
NOTHING = RejectCode("refund.nothing", "There is nothing left to refund.")
REFUND_EXISTS = RejectCode("refund.exists", "This refund was asked for already.")
UNPROVEN = RejectCode(
    "refund.unproven", "WeChat has not confirmed the payment of this order, which came back from a computer."
)
REASON_UNFIT = RejectCode("refund.reason_unfit", "A reason has at most 80 signs.")
CODES = (
    *closing.CODES,
    *(NOT_CANCELLABLE, NOT_RECEIVABLE, NOT_REFUNDABLE, WHOLE_ONLY, LINES_UNFIT),
    *(FREIGHT_MISSING, NOTHING, REFUND_EXISTS, UNPROVEN, REASON_UNFIT),
)
ENDED_UNPAID = (OrderState.CLOSING, OrderState.CLOSED, OrderState.CANCELLED)
NOT_LEFT = (OrderState.PAID, OrderState.CANCELLED)
REFUNDABLE = (*NOT_LEFT, OrderState.PARTLY_SHIPPED, OrderState.SHIPPED, OrderState.COMPLETED)
MAX_REASON = 80


def cancel_order(command: commands.CancelOrder, view: View, context: Context) -> Decision:
    order = view.get(Order, command.order_id)
    if order is None or order.buyer_id != context.actor.id:
        return Rejected(closing.NOT_FOUND)
    if len(command.reason) > MAX_REASON:
        return Rejected(REASON_UNFIT)
    if order.state in ENDED_UNPAID:
        return Accepted()
    if order.state is OrderState.UNPAID:
        return Accepted(tuple(closing.begun(order, view, context, closing.GIVEN_UP)))
    if order.state is OrderState.PAID:
        return _cancelled(order, command.reason, context.new_id("refund"), view, context)
    return Rejected(NOT_CANCELLABLE, {"state": order.state})


def request_refund(command: commands.RequestRefund, view: View, context: Context) -> Decision:
    order = view.get(Order, command.order_id)
    if order is None:
        return Rejected(closing.NOT_FOUND)
    if len(command.reason) > MAX_REASON:
        return Rejected(REASON_UNFIT)
    if view.get(Refund, command.refund_id) is not None:
        return Rejected(REFUND_EXISTS)
    if order.state not in REFUNDABLE:
        return Rejected(NOT_REFUNDABLE, {"state": order.state})
    payment = paid_payment(order, view)
    check = view.get(PaymentCheck, payment.id) if payment is not None else None
    if check is not None and not check.is_equal:
        return Rejected(UNPROVEN)
    if not command.lines and not command.freight_fen and order.state in NOT_LEFT:
        return _cancelled(order, command.reason, command.refund_id, view, context)
    if order.state is OrderState.CANCELLED:
        return Rejected(WHOLE_ONLY)
    return _some(command, order, view, context)


def _cancelled(order: Order, reason: str, refund_id: str, view: View, context: Context) -> Decision:
    """Never to be shipped from here on; pieces and coupon return when the money has, at once when there is none."""
    event = OrderEvent(context.new_id("cancelled"), order.id, context.at, "cancelled", context.actor.id, {})
    payment = paid_payment(order, view)
    if payment is None:
        if order.state is OrderState.CANCELLED:
            return Rejected(NOTHING)
        ended = replace(order, state=OrderState.CANCELLED, finished_at=context.at)
        return Accepted((Put(ended), Put(event), *let_go(order, view)))
    taken, lines = taken_of(payment, view), _lines(order, view)
    changes = _refund(payment, (whole_rest(order, lines, taken), taken, lines), (refund_id, reason), context)
    if changes is None:
        return Rejected(NOTHING)
    if order.state is OrderState.CANCELLED:
        return Accepted((*changes, _refunding(order, changes, context)))
    cancelled = replace(order, state=OrderState.CANCELLED)
    return Accepted((Put(cancelled), Put(event), *changes, *given_up(order, view)))


def _some(command: commands.RequestRefund, order: Order, view: View, context: Context) -> Decision:
    """Pieces of an order that goes on; what has not left of them never will."""
    payment = paid_payment(order, view)
    if payment is None:
        return Rejected(NOTHING)
    taken, lines = taken_of(payment, view), _lines(order, view)
    if not _fits(command, lines, order, taken):
        return Rejected(LINES_UNFIT)
    wish = Wish(
        {each.order_line_id: each.qty for each in command.lines},
        {each.order_line_id: each.unsent_qty for each in command.lines},
        command.freight_fen,
    )
    if order.state is OrderState.PAID and wish.pieces == whole_rest(order, lines, taken).pieces:
        freight_left = Fen(order.freight_fen) - taken.freight_fen
        if wish.freight_fen != freight_left:
            return Rejected(FREIGHT_MISSING, {"freight_fen": freight_left})
        return _cancelled(order, command.reason, command.refund_id, view, context)
    changes = _refund(payment, (wish, taken, lines), (command.refund_id, command.reason), context)
    if changes is None:
        return Rejected(NOTHING)
    if order.state is OrderState.PARTLY_SHIPPED and _has_all_left(lines, changes):
        changes += nothing_left(order, view, context)
    return Accepted((*changes, _refunding(order, changes, context)))


def _refund(
    payment: Payment,
    what: tuple[Wish, Taken, dict[str, OrderLine]],
    named: tuple[str, str],
    context: Context,
) -> list[Change] | None:
    """The refund as it is opened, or None when there is nothing to give back."""
    wish, taken, lines = what
    refund_id, reason = named
    parts = shares(wish, lines, taken, refund_id)
    amount = total_of(part.fen for part in parts) + wish.freight_fen
    if not 0 < amount <= room_of(payment):
        return None
    refund = Refund(
        id=refund_id,
        payment_id=payment.id,
        order_id=payment.order_id,
        out_refund_no=next_number(payment, taken),
        amount_fen=amount,
        state=RefundState.REQUESTED,
        reason=reason,
        requested_by=context.actor.id,
        requested_at=context.at,
    )
    return [*opened(payment, refund, parts), *held_back(wish, lines, taken)]


def _refunding(order: Order, changes: list[Change], context: Context) -> Put:
    fen = next(int(c.row.amount_fen) for c in changes if isinstance(c, Put) and isinstance(c.row, Refund))
    return Put(OrderEvent(context.new_id("event"), order.id, context.at, "refunding", context.actor.id, {"fen": fen}))


def _lines(order: Order, view: View) -> dict[str, OrderLine]:
    return {line.id: line for line in view.children(OrderLine, order_id=order.id)}


def _has_all_left(lines: dict[str, OrderLine], changes: list[Change]) -> bool:
    """Whether nothing waits to be shipped once these pieces are held back."""
    back = {c.key[0]: c.by for c in changes if isinstance(c, Bump) and c.kind is OrderLine}
    return all(line.open_qty == back.get(line.id, 0) for line in lines.values())


def _fits(command: commands.RequestRefund, lines: dict[str, OrderLine], order: Order, taken: Taken) -> bool:
    ids = [each.order_line_id for each in command.lines]
    if len(set(ids)) != len(ids) or not set(ids) <= lines.keys():
        return False
    freight_left = Fen(order.freight_fen) - taken.freight_fen
    pieces_fit = all(
        0 <= each.unsent_qty <= unsent_room(lines[each.order_line_id], taken)
        and each.unsent_qty <= each.qty
        and 1 <= each.qty <= each.unsent_qty + sent_room(lines[each.order_line_id], taken)
        for each in command.lines
    )
    return pieces_fit and 0 <= command.freight_fen <= freight_left


def confirm_receipt(command: commands.ConfirmReceipt, view: View, context: Context) -> Decision:
    order = view.get(Order, command.order_id)
    if order is None or order.buyer_id != context.actor.id:
        return Rejected(closing.NOT_FOUND)
    if order.state is OrderState.COMPLETED:
        return Accepted()
    if order.state is not OrderState.SHIPPED:
        return Rejected(NOT_RECEIVABLE, {"state": order.state})
    event = OrderEvent(context.new_id("event"), order.id, context.at, "received", context.actor.id, {})
    return Accepted((Put(replace(order, state=OrderState.COMPLETED, finished_at=context.at)), Put(event)))


HANDLERS = (
    (commands.BeginClose, closing.begin_close),
    (commands.FinishClose, closing.finish_close),
    (commands.CancelOrder, cancel_order),
    (commands.CancelUnpaid, closing.cancel_unpaid),
    (commands.ConfirmReceipt, confirm_receipt),
    (commands.RequestRefund, request_refund),
    (commands.RecordRefund, record_refund),
)
