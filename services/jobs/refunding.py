"""Asking WeChat for the money that goes back, under one number however often, until it says how it ended."""

from datetime import timedelta

from app.domain.payments import model
from app.domain.row import Audience
from app.tables.view import SqlView
from services.adapters.wechat_pay.gateway import Refund, RefundRequest, RefundState, RefusalCode, Refused
from services.authority.booking import refund_intent
from services.authority.jobs import Job
from services.jobs.checking import require_proven
from services.jobs.outside import NotYet, Outside
from services.jobs.worker import Handler, Timer

KIND = "payment.refund"
EVERY = timedelta(seconds=5)
MOST_ATTEMPTS = 10_000
_NEVER = (
    *(RefusalCode.PARAM_ERROR, RefusalCode.INVALID_REQUEST, RefusalCode.RESOURCE_NOT_EXISTS),
    *(RefusalCode.USER_ACCOUNT_ABNORMAL, RefusalCode.INVALID_TRANSACTIONID, RefusalCode.ORDER_NOT_EXIST),
)
"""Refusals that do not go away by asking again; all others may, an empty merchant account first of all."""


def finding_refunds(outside: Outside) -> Timer:
    def run() -> None:
        outside.enqueue(KIND, "SELECT id FROM refunds WHERE state = 'requested'")

    return Timer("refunds", EVERY, run)


def refunding(outside: Outside) -> Handler:
    def run(job: Job) -> None:
        with outside.store.reading() as database:
            view = SqlView(database, Audience)
            refund = view.get(model.Refund, str(job.payload["id"]))
            payment = view.get(model.Payment, refund.payment_id) if refund is not None else None
        if refund is None or payment is None or refund.state is not model.RefundState.REQUESTED:
            return
        require_proven(outside, payment.id)
        if outside.pay is None:
            raise NotYet(refund.out_refund_no)
        answer = outside.pay.refund(_request(refund, payment))
        if isinstance(answer, Refused) and answer.code in _NEVER:
            answer = _given_up(refund, payment)
        ended = refund_intent(outside.pay.account, answer, outside.clock.now()) if isinstance(answer, Refund) else None
        if ended is None:
            raise NotYet(refund.out_refund_no)
        outside.decide([ended])

    return Handler(KIND, run, MOST_ATTEMPTS, spends_money=True)


def _request(refund: model.Refund, payment: model.Payment) -> RefundRequest:
    return RefundRequest(
        out_refund_no=refund.out_refund_no,
        out_trade_no=payment.out_trade_no,
        refund_fen=int(refund.amount_fen),
        total_fen=int(payment.amount_fen),
        reason=refund.reason,
    )


def _given_up(refund: model.Refund, payment: model.Payment) -> Refund:
    """A definite no ends the refund like one that WeChat itself closes: a person has to look."""
    return Refund(
        out_refund_no=refund.out_refund_no,
        refund_id="",
        out_trade_no=payment.out_trade_no,
        transaction_id=payment.transaction_id or "",
        state=RefundState.CLOSED,
        refund_fen=int(refund.amount_fen),
        total_fen=int(payment.amount_fen),
    )
