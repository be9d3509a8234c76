"""Decisions about money: an order is paid when WeChat says so for exactly the right amount, and never twice."""

from dataclasses import replace

from app.domain.command import Context
from app.domain.incidents.model import Incident, open_incident
from app.domain.orders.model import Order, OrderEvent, OrderState
from app.domain.outcome import Accepted, Decision, Put, RejectCode, Rejected
from app.domain.payments import commands
from app.domain.payments.model import Account, Payment, PaymentState, Tender, Transfer
from app.domain.view import View

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


def confirm_payment(command: commands.ConfirmPayment, view: View, context: Context) -> Decision:
    if not command.is_ours:
        return _odd("payment.foreign_account", command, context)
    found = view.children(Payment, out_trade_no=command.out_trade_no)
    payment = found[0] if found else None
    order = view.get(Order, payment.order_id) if payment else None
    if payment is None or order is None:
        return _odd("payment.unknown_number", command, context)
    if payment.state is PaymentState.PAID:
        if payment.transaction_id == command.transaction_id:
            return Accepted()
        return _odd("payment.second_transaction", command, context)
    if command.amount_fen != payment.amount_fen or command.payer_fen < 0 or command.currency != "CNY":
        return _odd("payment.wrong_amount", command, context)
    if order.state is not OrderState.UNPAID:
        return _odd("payment.order_not_waiting", command, context)
    if view.children(Payment, transaction_id=command.transaction_id):
        return _odd("payment.transaction_booked", command, context)
    return _paid(command, payment, order, context)


def _paid(command: commands.ConfirmPayment, payment: Payment, order: Order, context: Context) -> Accepted:
    paid = replace(
        payment,
        state=PaymentState.PAID,
        transaction_id=command.transaction_id,
        payer_fen=command.payer_fen,
        paid_at=command.paid_at,
    )
    fulfilled = replace(order, state=OrderState.PAID, paid_fen=payment.amount_fen, paid_at=command.paid_at)
    entry = Transfer(
        id=context.new_id("transfer"),
        debit=Account.WECHAT,
        credit=Account.SALES,
        fen=payment.amount_fen,
        ref_kind="payment",
        ref_id=payment.id,
        happened_at=context.at,
    )
    event = OrderEvent(
        context.new_id("event"), order.id, command.paid_at, "paid", context.actor.id, {"fen": int(payment.amount_fen)}
    )
    return Accepted((Put(paid), Put(fulfilled), Put(entry), Put(event)))


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
)
