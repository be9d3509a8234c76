"""Asking WeChat about payments of the lost hours: a desktop has told of them, and nobody else here knows better."""

from datetime import timedelta

from app.domain.money import Fen
from app.domain.payments.commands import RecordPaymentCheck
from app.domain.payments.model import CheckState, Payment, PaymentCheck
from app.domain.row import Audience
from app.tables.view import SqlView
from services.adapters.wechat_pay.gateway import RefusalCode, Refused, Transaction
from services.authority.booking import own_intent
from services.authority.jobs import Job
from services.jobs.outside import NotYet, Outside
from services.jobs.worker import Handler, Timer

KIND = "payment.check"
EVERY = timedelta(seconds=10)
MOST_ATTEMPTS = 10_000
_UNKNOWN_THERE = (RefusalCode.ORDER_NOT_EXIST, RefusalCode.RESOURCE_NOT_EXISTS)


def finding_unchecked(outside: Outside) -> Timer:
    def run() -> None:
        outside.enqueue(KIND, "SELECT payment_id AS id FROM payment_checks WHERE state = 'open'")

    return Timer("payment checks", EVERY, run)


def checking(outside: Outside) -> Handler:
    def run(job: Job) -> None:
        payment_id = str(job.payload["id"])
        with outside.store.reading() as database:
            view = SqlView(database, Audience)
            check, payment = view.get(PaymentCheck, payment_id), view.get(Payment, payment_id)
        if check is None or payment is None or check.state is not CheckState.OPEN:
            return
        answer = outside.pay.query(payment.out_trade_no) if outside.pay is not None else None
        outside.decide([own_intent(_told(outside, payment, answer), outside.clock.now(), payment_id)])

    return Handler(KIND, run, MOST_ATTEMPTS)


def _told(outside: Outside, payment: Payment, answer: object) -> RecordPaymentCheck:
    """Raises NotYet while there is no clear answer."""
    if isinstance(answer, Refused) and answer.code in _UNKNOWN_THERE:
        return RecordPaymentCheck(payment.id)
    if not isinstance(answer, Transaction) or outside.pay is None:
        raise NotYet(payment.out_trade_no)
    if not answer.is_paid:
        return RecordPaymentCheck(payment.id)
    is_ours = (answer.appid, answer.mchid) == outside.pay.account
    return RecordPaymentCheck(payment.id, answer.transaction_id, Fen(answer.total_fen or 0), is_ours)


def require_proven(outside: Outside, payment_id: str) -> None:
    """Raises NotYet for a payment that WeChat has not confirmed: nothing of it may go back."""
    with outside.store.reading() as database:
        check = SqlView(database, Audience).get(PaymentCheck, payment_id)
    if check is not None and not check.is_equal:
        raise NotYet(payment_id)
