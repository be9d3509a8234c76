"""What WeChat Pay says, as commands: a notice and a query say the same thing under the same id."""

from datetime import datetime

from app.domain.aftersales.commands import RecordRefund
from app.domain.command import Actor, Command
from app.domain.money import Fen
from app.domain.payments.commands import ConfirmPayment
from app.domain.payments.model import RefundOutcome
from app.domain.permission import Role
from app.kernel import codec
from app.kernel.derived import derived_id
from services.adapters.wechat_pay.gateway import Refund, RefundState, Transaction
from services.authority.submission import Intent

SHOP = Actor("service", Role.SERVICE)
"""Who acts when WeChat or the clock says something: the shop's own service."""
_OUTCOMES = {
    RefundState.SUCCESS: RefundOutcome.SUCCESS,
    RefundState.ABNORMAL: RefundOutcome.ABNORMAL,
    RefundState.CLOSED: RefundOutcome.CLOSED,
}


def own_intent(command: Command, now: datetime, *key: str) -> Intent:
    """A command of the service itself; two processes that both think of it do it once."""
    command_id = derived_id(command.NAME, *key)
    return Intent(command_id, command.NAME, command.VERSION, codec.plain(command), SHOP, now)


def payment_intent(account: tuple[str, str], paid: Transaction, now: datetime) -> Intent:
    """The amount is part of the command's id: a wrong one must not stand in the way of the right one."""
    command = ConfirmPayment(
        out_trade_no=paid.out_trade_no,
        transaction_id=paid.transaction_id,
        amount_fen=Fen(paid.total_fen or 0),
        payer_fen=Fen(paid.payer_total_fen or 0),
        currency=paid.currency,
        paid_at=paid.success_at or now,
        is_ours=(paid.appid, paid.mchid) == account,
    )
    said = (paid.appid, paid.mchid, paid.out_trade_no, paid.transaction_id, str(paid.total_fen), paid.currency)
    return own_intent(command, now, *said)


def refund_intent(account: tuple[str, str], refund: Refund, now: datetime) -> Intent | None:
    """None while the refund is on its way. Only notices name the merchant: who asks knows whom they asked."""
    outcome = _OUTCOMES.get(refund.state)
    if outcome is None:
        return None
    command = RecordRefund(
        out_refund_no=refund.out_refund_no,
        outcome=outcome,
        amount_fen=Fen(refund.refund_fen),
        wechat_refund_id=refund.refund_id,
        ended_at=refund.success_at,
        is_ours=refund.mchid in ("", account[1]),
    )
    who = str(command.is_ours)
    return own_intent(command, now, refund.out_refund_no, refund.refund_id, outcome, str(refund.refund_fen), who)
