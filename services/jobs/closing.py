"""Closing at WeChat what an order tried to be paid by, and then the order itself."""

from datetime import timedelta

from app.domain.aftersales.commands import FinishClose
from app.domain.orders.model import Order, OrderState
from app.domain.payments.model import Payment, PaymentState
from app.domain.row import Audience
from app.tables.view import SqlView
from services.adapters.wechat_pay.gateway import Closed, RefusalCode, Refused, Transaction
from services.authority.booking import own_intent, payment_intent
from services.authority.jobs import Job
from services.jobs.outside import NotYet, Outside
from services.jobs.worker import Handler, Timer

KIND = "payment.close"
EVERY = timedelta(seconds=5)
GRACE = timedelta(minutes=5)
"""So long after an attempt's end WeChat takes no payment any more, whether it answers or not."""
MOST_ATTEMPTS = 10_000
_CANNOT_BE_PAID = (RefusalCode.ORDER_CLOSED, RefusalCode.ORDER_NOT_EXIST, RefusalCode.RESOURCE_NOT_EXISTS)


def finding_closing(outside: Outside) -> Timer:
    """Finds every order that closes, whoever began it."""

    def run() -> None:
        outside.enqueue(KIND, "SELECT id FROM orders WHERE state = 'closing'")

    return Timer("closing", EVERY, run)


def closing(outside: Outside) -> Handler:
    def run(job: Job) -> None:
        order_id = str(job.payload["id"])
        if all(_is_closed(outside, attempt) for attempt in _attempts(outside, order_id)):
            outside.decide([own_intent(FinishClose(order_id), outside.clock.now(), order_id)])

    return Handler(KIND, run, MOST_ATTEMPTS)


def _attempts(outside: Outside, order_id: str) -> list[Payment]:
    """What may still be paid of an order that closes; an order that was paid meanwhile is left alone by its command."""
    with outside.store.reading() as database:
        view = SqlView(database, Audience)
        order = view.get(Order, order_id)
        if order is None or order.state is not OrderState.CLOSING:
            return []
        return [each for each in view.children(Payment, order_id=order_id) if each.state is PaymentState.OPEN]


def _is_closed(outside: Outside, attempt: Payment) -> bool:
    """False when it was paid after all, which is booked; raises NotYet while nobody knows."""
    answer = outside.pay.close(attempt.out_trade_no) if outside.pay is not None else None
    match answer:
        case Closed():
            return True
        case Refused(code=code) if code in _CANNOT_BE_PAID:
            return True
        case Refused() if _is_paid(outside, attempt):
            return False
        case _:
            if attempt.expires_at is not None and outside.clock.now() >= attempt.expires_at + GRACE:
                return True
            raise NotYet(attempt.out_trade_no)


def _is_paid(outside: Outside, attempt: Payment) -> bool:
    found = outside.pay.query(attempt.out_trade_no) if outside.pay is not None else None
    if outside.pay is None or not isinstance(found, Transaction) or not found.is_paid:
        return False
    outside.decide([payment_intent(outside.pay.account, found, outside.clock.now())])
    return True
