"""What a refund's end changes: the money once, what never left goes back to the shelf once, and with the last fen of a
cancelled order its coupon."""

from dataclasses import replace

from app.domain.aftersales import commands
from app.domain.command import Context
from app.domain.incidents.model import Incident, open_incident
from app.domain.money import Fen
from app.domain.orders.ending import let_go, let_pieces_go
from app.domain.orders.model import Order, OrderEvent, OrderLine, OrderState
from app.domain.outcome import Accepted, Bump, Change, Decision, Put
from app.domain.payments.model import (
    Account,
    Payment,
    PaymentState,
    Refund,
    RefundLine,
    RefundOutcome,
    RefundState,
    Transfer,
)
from app.domain.payments.refunding import room_of, taken_of
from app.domain.view import View


def record_refund(command: commands.RecordRefund, view: View, context: Context) -> Decision:
    found = view.children(Refund, out_refund_no=command.out_refund_no)
    refund = found[0] if found else None
    payment = view.get(Payment, refund.payment_id) if refund is not None else None
    if not command.is_ours:
        return _odd("refund.foreign_account", command, context)
    if refund is None or payment is None:
        return _odd("refund.unknown_number", command, context)
    if refund.amount_fen != command.amount_fen:
        return _odd("refund.wrong_amount", command, context)
    if command.outcome is not RefundOutcome.SUCCESS:
        return _failed(command, refund, payment, context)
    if refund.state is RefundState.SUCCEEDED:
        return Accepted()
    if refund.state is RefundState.FAILED and not _has_room(refund, payment, view):
        return _odd("refund.too_much", command, context)
    return _succeeded(command, (refund, payment), view, context)


def _has_room(refund: Refund, payment: Payment, view: View) -> bool:
    """Whether a refund that had failed can still be booked: its money, and the very pieces that were held back for it,
    may have been asked back again since."""
    taken = taken_of(payment, view)
    for part in view.children(RefundLine, refund_id=refund.id):
        line = view.get(OrderLine, part.order_line_id)
        if line is None or line.refunded_fen + part.fen > line.paid_fen:
            return False
        if part.unsent_qty and taken.unsent.get(line.id, 0) + part.unsent_qty > line.cancelled_qty:
            return False
    return refund.amount_fen <= room_of(payment)


def _failed(command: commands.RecordRefund, refund: Refund, payment: Payment, context: Context) -> Decision:
    """The money did not move: it can be asked back again, and a person has to look why."""
    if refund.state is not RefundState.REQUESTED:
        return Accepted()
    refs = {
        "order_id": refund.order_id,
        "out_refund_no": refund.out_refund_no,
        "fen": int(refund.amount_fen),
        "outcome": command.outcome.value,
    }
    return Accepted(
        (
            Put(replace(refund, state=RefundState.FAILED, ended_at=context.at)),
            Put(replace(payment, refunding_fen=payment.refunding_fen - refund.amount_fen)),
            open_incident(Incident(context.new_id("incident"), "refund.failed", refs, context.at)),
        )
    )


def _succeeded(
    command: commands.RecordRefund, booked: tuple[Refund, Payment], view: View, context: Context
) -> Decision:
    refund, payment = booked
    at = command.ended_at or context.at
    promised = refund.amount_fen if refund.state is RefundState.REQUESTED else Fen(0)
    ended = replace(
        refund,
        state=RefundState.SUCCEEDED,
        ended_at=at,
        wechat_refund_id=command.wechat_refund_id,
    )
    moved = replace(
        payment,
        refunding_fen=payment.refunding_fen - promised,
        refunded_fen=payment.refunded_fen + refund.amount_fen,
    )
    is_surplus = payment.state is PaymentState.SURPLUS
    entry = Transfer(
        id=context.new_id("transfer"),
        debit=Account.OWED if is_surplus else Account.SALES,
        credit=Account.WECHAT,
        fen=refund.amount_fen,
        ref_kind="refund",
        ref_id=refund.id,
        happened_at=context.at,
    )
    changes: list[Change] = [Put(ended), Put(moved), Put(entry)]
    order = view.get(Order, refund.order_id)
    if order is not None:
        params = {"fen": int(refund.amount_fen)}
        event = OrderEvent(context.new_id("event"), order.id, at, "refunded", context.actor.id, params)
        changes.append(Put(event))
        if not is_surplus:
            changes += _order_after(order, refund, view, context)
    return Accepted(tuple(changes))


def _order_after(order: Order, refund: Refund, view: View, context: Context) -> list[Change]:
    after = replace(order, refunded_fen=order.refunded_fen + refund.amount_fen)
    parts = view.children(RefundLine, refund_id=refund.id)
    changes: list[Change] = [
        Bump(OrderLine, (part.order_line_id,), "refunded_fen", int(part.fen)) for part in parts if part.fen
    ]
    if order.state is OrderState.CANCELLED and after.refunded_fen == after.paid_fen:
        after = replace(after, finished_at=context.at)
        changes += let_go(order, view)
    else:
        unsent = {part.order_line_id: part.unsent_qty for part in parts if part.unsent_qty}
        lines = view.children(OrderLine, order_id=order.id)
        changes += let_pieces_go([(line, unsent[line.id]) for line in lines if line.id in unsent], view)
    return [Put(after), *changes]


def _odd(kind: str, command: commands.RecordRefund, context: Context) -> Accepted:
    """Money moved that the books cannot place: nothing changes but the incident that a person settles."""
    refs = {"out_refund_no": command.out_refund_no, "fen": int(command.amount_fen), "outcome": command.outcome.value}
    return Accepted((open_incident(Incident(context.new_id("incident"), kind, refs, context.at)),))
