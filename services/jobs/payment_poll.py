"""Asking WeChat about attempts that were opened and of which no notice has come: a notice may be lost."""

from datetime import timedelta

from app.domain.payments.model import Payment, PaymentState
from app.domain.row import Audience
from app.kernel import codec
from app.tables.view import SqlView
from services.adapters.wechat_pay.gateway import Transaction
from services.authority.booking import payment_intent
from services.authority.jobs import Job
from services.jobs.outside import NotYet, Outside
from services.jobs.worker import Handler, Timer

KIND = "payment.query"
EVERY = timedelta(seconds=10)
PATIENCE = timedelta(seconds=30)
"""So long after its order a payment's notice is waited for before anybody asks."""
MOST_ATTEMPTS = 10_000


def finding_unheard(outside: Outside) -> Timer:
    def run() -> None:
        before = codec.time_text(outside.clock.now() - PATIENCE)
        outside.enqueue(
            KIND,
            "SELECT p.id FROM payments p JOIN orders o ON o.id = p.order_id"
            " WHERE o.state IN ('unpaid', 'closing') AND p.state = 'open' AND p.prepay_id <> '' AND o.placed_at <= ?",
            before,
        )

    return Timer("payment poll", EVERY, run)


def polling(outside: Outside) -> Handler:
    """Asks less and less often until the attempt has ended one way or the other."""

    def run(job: Job) -> None:
        payment_id = str(job.payload["id"])
        with outside.store.reading() as database:
            payment = SqlView(database, Audience).get(Payment, payment_id)
        if payment is None or payment.state is not PaymentState.OPEN or outside.pay is None:
            return
        found = outside.pay.query(payment.out_trade_no)
        if not isinstance(found, Transaction) or not found.is_paid:
            raise NotYet(payment.out_trade_no)
        outside.decide([payment_intent(outside.pay.account, found, outside.clock.now())])

    return Handler(KIND, run, MOST_ATTEMPTS)
