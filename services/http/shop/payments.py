"""Paying: the attempt is stored first, then WeChat is asked, then its answer is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Response

from app.domain.members.model import BuyerIdentity
from app.domain.orders.model import Order, OrderState
from app.domain.outcome import Put
from app.domain.payments import handlers as rules
from app.domain.payments.commands import RecordPrepay, StartPayment
from app.domain.payments.model import Payment, PaymentState
from app.kernel.derived import derived_id
from app.tables.kept import KeptView
from services.adapters.wechat_pay.gateway import (
    PaymentGateway,
    Prepared,
    PrepayRequest,
    RefusalCode,
    Refused,
    Transaction,
    Unknown,
)
from services.http.problem import Problem
from services.http.shop import codes
from services.http.shop.answer import BoundedRoute, json_answer
from services.http.shop.confirming import confirm
from services.http.shop.deciding import SHOP, decided, require_applied
from services.http.shop.orders import own_order
from services.http.shop.problems import PROBLEMS
from services.http.shop.session import Buyer
from services.http.shop.shapes import PathId, PaymentShape
from services.http.shop.storefront import CurrentBuyer, Front, Storefront

ROUTES = APIRouter(route_class=BoundedRoute, tags=["buying"])
PREPAY_KEEPS = timedelta(minutes=110)
"""WeChat keeps a prepay id for two hours."""
_PAID_ALREADY = (RefusalCode.ORDER_PAID, RefusalCode.OUT_TRADE_NO_USED)


@dataclass(frozen=True, slots=True)
class Due:
    """An order that may be paid now, and by whom."""

    order: Order
    payment: Payment | None
    attempts: int
    openid: str
    shop_name: str


@ROUTES.post("/orders/{order_id}/pay", response_model=PaymentShape, responses=PROBLEMS)
async def pay(front: Front, buyer: CurrentBuyer, order_id: PathId) -> Response:
    """What ``wx.requestPayment`` needs. May be asked again at any time: an open attempt goes on."""
    front.limits.check("order", buyer.id, front.limits.rates.order)
    gateway = front.service.pay
    if gateway is None:
        raise codes.again_in(codes.PAY_UNAVAILABLE, 60)
    due = await front.looked(lambda view: _due(front, view, buyer, order_id))
    payment = due.payment or await _start(front, buyer, due)
    prepay_id = payment.prepay_id
    if not prepay_id or front.now() >= due.order.placed_at + PREPAY_KEEPS:
        prepay_id = await _prepay(front, gateway, due, payment)
    return json_answer(
        {
            "payment_id": payment.id,
            "out_trade_no": payment.out_trade_no,
            "amount_fen": int(payment.amount_fen),
            "wx_payment": gateway.payment_params(prepay_id).as_dict(),
        }
    )


def _due(front: Storefront, view: KeptView, buyer: Buyer, order_id: str) -> Due:
    order = own_order(view.database, buyer, order_id)
    if order.state is not OrderState.UNPAID:
        raise Problem(codes.of_domain(rules.NOT_PAYABLE.code), {"state": str(order.state)})
    if order.expires_at is not None and front.now() >= order.expires_at:
        raise Problem(codes.of_domain(rules.EXPIRED.code))
    payments = view.children(Payment, order_id=order.id)
    identity = view.get(BuyerIdentity, order.buyer_id)
    if identity is None:
        raise AssertionError(f"buyer {order.buyer_id} logged in without an identity")
    open_one = next((p for p in payments if p.state is PaymentState.OPEN), None)
    return Due(order, open_one, len(payments), identity.openid, front.settings(view).shop_name)


async def _start(front: Storefront, buyer: Buyer, due: Due) -> Payment:
    """Store the attempt under its number before anybody else hears of it."""
    number = due.attempts + 1
    payment_id = derived_id(due.order.id, "payment", str(number))
    command = StartPayment(due.order.id, payment_id, f"{due.order.no}-{number}")
    answer = await decided(front.service, command, buyer.actor, derived_id(payment_id, command.NAME))
    require_applied(answer)
    begun = [change.row for change in answer.changes if isinstance(change, Put) and isinstance(change.row, Payment)]
    payments: Sequence[Payment] = begun or await front.looked(
        lambda view: view.children(Payment, order_id=due.order.id)
    )
    started = next((p for p in payments if p.state is PaymentState.OPEN), None)
    if started is None:  # paid or closed by now
        raise Problem(codes.of_domain(rules.NOT_PAYABLE.code), {"state": str(OrderState.PAID)})
    return started


async def _prepay(front: Storefront, gateway: PaymentGateway, due: Due, payment: Payment) -> str:
    """Ask WeChat under the attempt's own number; a repeated question is the very same one."""
    with front.paying.passed(codes.PAY_UNAVAILABLE):
        answer = await gateway.prepay(_request(due, payment))
    match answer:
        case Prepared(prepay_id=prepay_id):
            record = RecordPrepay(payment.id, prepay_id)
            command_id = derived_id(payment.id, record.NAME, prepay_id)
            require_applied(await decided(front.service, record, SHOP, command_id))
            return prepay_id
        case Refused(code=code) if code in _PAID_ALREADY:
            raise await _paid_already(front, gateway, payment)
        case Refused(code=code):
            raise Problem(codes.PAY_REFUSED, {"reason": code.value})
        case Unknown():
            raise codes.again_in(codes.PAY_UNAVAILABLE, 2)


def _request(due: Due, payment: Payment) -> PrepayRequest:
    order = due.order
    expires_at = payment.expires_at or order.expires_at
    if expires_at is None:
        raise AssertionError(f"order {order.no} waits for its payment without an end")
    description = f"{due.shop_name} {order.no}"
    return PrepayRequest(payment.out_trade_no, description, int(payment.amount_fen), due.openid, expires_at)


async def _paid_already(front: Storefront, gateway: PaymentGateway, payment: Payment) -> Problem:
    """WeChat knows the number as paid: its notice has not come, so ask and book it now."""
    with front.outside.passed(codes.PAY_UNAVAILABLE):
        found: Any = await to_thread.run_sync(gateway.query, payment.out_trade_no)
    if not (isinstance(found, Transaction) and found.is_paid):
        return codes.again_in(codes.PAY_UNAVAILABLE, 2)
    await confirm(front.service, gateway, found)
    return Problem(codes.of_domain(rules.NOT_PAYABLE.code), {"state": str(OrderState.PAID)})
