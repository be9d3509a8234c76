"""WeChat's word that a payment was made becomes a command; a notice and a query say the same thing the same way."""

from collections.abc import Callable

from app.domain.money import Fen
from app.domain.payments.commands import ConfirmPayment
from app.kernel import codec
from app.kernel.derived import derived_id
from app.tables.statements import Database
from services.adapters.wechat_pay.gateway import PaymentGateway, Transaction
from services.authority.submission import Answer, Intent
from services.http.service import Service
from services.http.shop.deciding import SHOP, waited


def confirm(
    service: Service,
    gateway: PaymentGateway,
    paid: Transaction,
    after_applied: Callable[[Database], None] | None = None,
) -> Answer:
    """Have the payment booked, once however often it is told; returns after the commit.

    The amount is part of the command's id: a wrong one must not stand in the way of the right one.
    """
    command = ConfirmPayment(
        out_trade_no=paid.out_trade_no,
        transaction_id=paid.transaction_id,
        amount_fen=Fen(paid.total_fen or 0),
        payer_fen=Fen(paid.payer_total_fen or 0),
        currency=paid.currency,
        paid_at=paid.success_at or service.clock.now(),
        is_ours=(paid.appid, paid.mchid) == gateway.account,
    )
    said = (paid.appid, paid.mchid, paid.out_trade_no, paid.transaction_id, str(paid.total_fen), paid.currency)
    intent = Intent(
        derived_id(command.NAME, *said),
        command.NAME,
        command.VERSION,
        codec.plain(command),
        SHOP,
        service.clock.now(),
    )
    return waited(service.executor.submit(intent, after_applied=after_applied))
