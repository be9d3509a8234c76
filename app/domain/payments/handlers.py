"""Decisions about money: an order is paid when WeChat says so for exactly the right amount, and never twice.

Money that came although its order does not need it goes back under a number that follows from the transaction.
"""

from dataclasses import replace

from app.domain.command import Context
from app.domain.incidents.model import Incident, open_incident
from app.domain.orders import fulfilment
from app.domain.orders.ending import take_again
from app.domain.orders.model import Order, OrderEvent, OrderState
from app.domain.outcome import Accepted, Change, Decision, Put, RejectCode, Rejected
from app.domain.paper.model import DocumentKind
from app.domain.paper.rules import asked
from app.domain.payments import commands
from app.domain.payments.model import (
    Account,
    CheckState,
    Payment,
    PaymentCheck,
    PaymentState,
    Refund,
    RefundState,
    Tender,
    Transfer,
)
from app.domain.payments.refunding import opened
from app.domain.view import View
from app.kernel.derived import derived_id

ORDER_NOT_FOUND = RejectCode("payment.order_not_found", "This order does not exist.")
NOT_PAYABLE = RejectCode("payment.not_payable", "This order cannot be paid: it is {state}.")
EXPIRED = RejectCode("payment.expired", "The time to pay this order is over.")
PAYMENT_NOT_FOUND = RejectCode("payment.not_found", "This payment attempt does not exist.")
CODES = (ORDER_NOT_FOUND, NOT_PAYABLE, EXPIRED, PAYMENT_NOT_FOUND)


def start_payment(command: commands.StartPayment, view: View, context: Context) -> Decision:
    order = view.get(Order, command.order_id)
    if order is None or order.buyer_id != context.actor.id:
        return Rejected(ORDER_NOT_FOUND)
    if order.state is not OrderState.UNPAID:
        return Rejected(NOT_PAYABLE, {"state": order.state})
    if order.expires_at is not None and context.now >= order.expires_at:
        return Rejected(EXPIRED)
    if any(p.state is PaymentState.OPEN for p in view.children(Payment, order_id=order.id)):
        return Accepted()  # the open attempt goes on under its own number
    attempt = Payment(
        id=command.payment_id,
        order_id=order.id,
        tender=Tender.WECHAT,
        amount_fen=order.total_fen,
        state=PaymentState.OPEN,
        out_trade_no=command.out_trade_no,
        expires_at=order.expires_at,
    )
    return Accepted((Put(attempt),))


def record_prepay(command: commands.RecordPrepay, view: View, context: Context) -> Decision:
    payment = view.get(Payment, command.payment_id)
    if payment is None:
        return Rejected(PAYMENT_NOT_FOUND)
    return Accepted((Put(replace(payment, prepay_id=command.prepay_id)),))


def record_payment_check(command: commands.RecordPaymentCheck, view: View, context: Context) -> Decision:
    check, payment = view.get(PaymentCheck, command.payment_id), view.get(Payment, command.payment_id)
    if check is None or payment is None or check.state is not CheckState.OPEN:
        return Accepted()
    found = (command.is_ours, command.transaction_id, command.amount_fen)
    if found == (True, payment.transaction_id, payment.amount_fen):
        return Accepted((Put(replace(check, state=CheckState.EQUAL, ended_at=context.at)),))
    refs = {
        "order_id": payment.order_id,
        "out_trade_no": payment.out_trade_no,
        "told": payment.transaction_id or "",
        "told_fen": int(payment.amount_fen),
        "found": command.transaction_id,
        "found_fen": int(command.amount_fen),
    }
    told = Incident(context.new_id("incident"), "payment.not_as_told", refs, context.at)
    return Accepted((Put(replace(check, state=CheckState.DIFFERS, ended_at=context.at)), open_incident(told)))


def confirm_payment(command: commands.ConfirmPayment, view: View, context: Context) -> Decision:
    if not command.is_ours:
        return _odd("payment.foreign_account", command, context)
    found = view.children(Payment, out_trade_no=command.out_trade_no)
    payment = found[0] if found else None
    order = view.get(Order, payment.order_id) if payment else None
    if payment is None or order is None:
        return _odd("payment.unknown_number", command, context)
    if payment.state in (PaymentState.PAID, PaymentState.SURPLUS):
        if payment.transaction_id == command.transaction_id:
            return Accepted()
        return _odd("payment.second_transaction", command, context)
    if command.amount_fen != payment.amount_fen or command.payer_fen < 0 or command.currency != "CNY":
        return _odd("payment.wrong_amount", command, context)
    if view.children(Payment, transaction_id=command.transaction_id):
        return _odd("payment.transaction_booked", command, context)
    booked = replace(
        payment,
        state=PaymentState.PAID,
        transaction_id=command.transaction_id,
        payer_fen=command.payer_fen,
        paid_at=command.paid_at,
    )
    if order.state in (OrderState.UNPAID, OrderState.CLOSING):
        return Accepted((*_paid(booked, order, view, context), *fulfilment.begun(order, view, context)))
    held = take_again(order, view) if order.state is OrderState.CLOSED else None
    if held is not None:
        return Accepted((*_paid(booked, order, view, context), *held, *fulfilment.begun(order, view, context)))
    return Accepted(tuple(_given_back(booked, order, context)))


def _paid(payment: Payment, order: Order, view: View, context: Context) -> list[Change]:
    fulfilled = replace(
        order, state=OrderState.PAID, paid_fen=payment.amount_fen, paid_at=payment.paid_at, finished_at=None
    )
    booked = [Put(payment), Put(fulfilled), _entry(payment, Account.SALES, context), _event("paid", payment, context)]
    return [*booked, *asked(DocumentKind.RECEIPT, order.id, "", view, context)]


def _given_back(payment: Payment, order: Order, context: Context) -> list[Change]:
    """The order has all it needs, or is over for good: this money only passes through."""
    refund = Refund(
        id=derived_id("surplus", payment.transaction_id or ""),
        payment_id=payment.id,
        order_id=order.id,
        out_refund_no=f"S{payment.transaction_id}",
        amount_fen=payment.amount_fen,
        state=RefundState.REQUESTED,
        reason="surplus",
        requested_by=context.actor.id,
        requested_at=context.at,
    )
    surplus = replace(payment, state=PaymentState.SURPLUS)
    entry, event = _entry(payment, Account.OWED, context), _event("surplus", payment, context)
    return [*opened(surplus, refund, []), entry, event]


def _entry(payment: Payment, credit: Account, context: Context) -> Put:
    return Put(
        Transfer(
            id=context.new_id("transfer"),
            debit=Account.WECHAT,
            credit=credit,
            fen=payment.amount_fen,
            ref_kind="payment",
            ref_id=payment.id,
            happened_at=context.at,
        )
    )


def _event(kind: str, payment: Payment, context: Context) -> Put:
    at, params = payment.paid_at or context.at, {"fen": int(payment.amount_fen)}
    return Put(OrderEvent(context.new_id("event"), payment.order_id, at, kind, context.actor.id, params))


def _odd(kind: str, command: commands.ConfirmPayment, context: Context) -> Accepted:
    """Money moved that the books cannot place: nothing changes but the incident that a person settles."""
    refs = {
        "out_trade_no": command.out_trade_no,
        "transaction_id": command.transaction_id,
        "fen": int(command.amount_fen),
    }
    return Accepted((open_incident(Incident(context.new_id("incident"), kind, refs, context.at)),))


HANDLERS = (
    (commands.StartPayment, start_payment),
    (commands.RecordPrepay, record_prepay),
    (commands.ConfirmPayment, confirm_payment),
    (commands.RecordPaymentCheck, record_payment_check),
)
