"""WeChat's word that a payment was made becomes a command; a notice and a query say the same thing the same way."""

from services.adapters.wechat_pay.gateway import PaymentGateway, Transaction
from services.authority.booking import payment_intent
from services.authority.submission import Answer
from services.http.service import Service
from services.http.shop.deciding import awaited


async def confirm(service: Service, gateway: PaymentGateway, paid: Transaction) -> Answer:
    """Have the payment booked, once however often it is told; returns after the commit."""
    return await awaited(service.executor.submit(payment_intent(gateway.account, paid, service.clock.now())))
