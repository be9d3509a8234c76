"""How an unpaid order ends, whoever asks: in two steps, because somebody may be paying it at this moment."""

from dataclasses import replace

from app.domain.aftersales import commands
from app.domain.command import Context
from app.domain.orders.ending import let_go
from app.domain.orders.model import Order, OrderEvent, OrderState
from app.domain.outcome import Accepted, Change, Decision, Put, RejectCode, Rejected
from app.domain.payments.model import Payment, PaymentState
from app.domain.view import View

NOT_FOUND = RejectCode("close.not_found", "This order does not exist.")
NOT_CLOSABLE = RejectCode("close.not_closable", "This order does not wait for its payment: it is {state}.")
NOT_DUE = RejectCode("close.not_due", "The time to pay this order is not over yet.")
GIVEN_UP = "given_up"
"""The event of an order that a person, and not the clock, begins to close."""
CODES = (NOT_FOUND, NOT_CLOSABLE, NOT_DUE)


def begin_close(command: commands.BeginClose, view: View, context: Context) -> Decision:
    order = _unpaid(command.order_id, view)
    if not isinstance(order, Order):
        return order
    if order.expires_at is None or context.now < order.expires_at:
        return Rejected(NOT_DUE)
    return Accepted(tuple(begun(order, view, context)))


def cancel_unpaid(command: commands.CancelUnpaid, view: View, context: Context) -> Decision:
    order = _unpaid(command.order_id, view)
    if not isinstance(order, Order):
        return order
    return Accepted(tuple(begun(order, view, context, GIVEN_UP)))


def _unpaid(order_id: str, view: View) -> Order | Decision:
    """The order that can be closed, or the decision about one that cannot; closed twice is closed once."""
    order = view.get(Order, order_id)
    if order is None:
        return Rejected(NOT_FOUND)
    if order.state in (OrderState.CLOSING, OrderState.CLOSED):
        return Accepted()
    if order.state is not OrderState.UNPAID:
        return Rejected(NOT_CLOSABLE, {"state": order.state})
    return order


def begun(order: Order, view: View, context: Context, event_kind: str = "closing") -> list[Change]:
    """Closing while an attempt may still be paid, and closed at once when there is none."""
    if not _open_attempts(order, view):
        return _closed(order, view, context)
    event = OrderEvent(context.new_id("event"), order.id, context.at, event_kind, context.actor.id, {})
    return [Put(replace(order, state=OrderState.CLOSING)), Put(event)]


def finish_close(command: commands.FinishClose, view: View, context: Context) -> Decision:
    """Nothing happens to an order that was paid while WeChat was asked."""
    order = view.get(Order, command.order_id)
    if order is None:
        return Rejected(NOT_FOUND)
    if order.state is not OrderState.CLOSING:
        return Accepted()
    return Accepted(tuple(_closed(order, view, context)))


def _closed(order: Order, view: View, context: Context) -> list[Change]:
    event = OrderEvent(context.new_id("event"), order.id, context.at, "closed", context.actor.id, {})
    attempts = [Put(replace(each, state=PaymentState.CLOSED)) for each in _open_attempts(order, view)]
    closed = replace(order, state=OrderState.CLOSED, finished_at=context.at)
    return [Put(closed), Put(event), *attempts, *let_go(order, view)]


def _open_attempts(order: Order, view: View) -> list[Payment]:
    return [each for each in view.children(Payment, order_id=order.id) if each.state is PaymentState.OPEN]
