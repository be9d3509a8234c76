"""WeChat Pay's notices: believed, stored and booked in one commit, and only then acknowledged."""

import logging
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from app.kernel import codec
from app.tables.statements import Database
from services.adapters.wechat_pay.gateway import PaymentGateway, PaymentNotice, RefundNotice
from services.adapters.wechat_pay.notice import MAX_NOTICE_BYTES
from services.adapters.wechat_pay.verification import SIGNATURE_HEADERS, Distrusted
from services.authority.booking import payment_intent, refund_intent
from services.authority.submission import Intent
from services.http.connection import STRANGERS
from services.http.problem import Problem
from services.http.service import Service
from services.http.shop import codes
from services.http.shop.answer import bounded_body
from services.http.shop.deciding import awaited

PATH = "/wechat/pay/notify"
log = logging.getLogger("pay")
KEPT_HEADERS = (*SIGNATURE_HEADERS, "wechatpay-signature-type")


@dataclass(frozen=True, slots=True)
class Believed:
    """A notice whose signature held, and how it came."""

    notice: PaymentNotice | RefundNotice
    headers: dict[str, str]
    raw: bytes


def router(service: Service) -> APIRouter:
    routes = APIRouter(tags=["wechat"])

    @routes.post(PATH, status_code=204, include_in_schema=False)
    async def notify(request: Request) -> Response:
        return await take(service, kept(request), await bounded_body(request, MAX_NOTICE_BYTES))

    return routes


async def take(service: Service, headers: dict[str, str], raw: bytes) -> Response:
    """204 once everything is stored; whatever else happened, WeChat comes again.

    No thread is taken: strangers who send forgeries in heaps must not hold up anybody else.
    """
    gateway = _gateway(service)
    heard = Believed(_parsed(gateway, headers, raw), headers, raw)
    intent = _intent(service, gateway, heard.notice)
    record = _record(service, heard)
    answer = await awaited(service.executor.submit(intent, after_applied=lambda database: _keep(database, record)))
    log.info("notice %s, %s: %s", heard.notice.notice_id, intent.name, answer.verdict.value)
    if not answer.is_applied:
        raise Problem(codes.of_domain(answer.code), answer.params)
    return Response(status_code=204)


def _gateway(service: Service) -> PaymentGateway:
    if service.pay is None:
        raise codes.again_in(codes.PAY_UNAVAILABLE, 60)
    return service.pay


def _intent(service: Service, gateway: PaymentGateway, notice: PaymentNotice | RefundNotice) -> Intent:
    now = service.clock.now()
    if isinstance(notice, PaymentNotice):
        return payment_intent(gateway.account, notice.transaction, now)
    ended = refund_intent(gateway.account, notice.refund, now)
    if ended is None:  # a refund that is still on its way is no news
        raise codes.again_in(codes.NOTICE_UNHANDLED, 60)
    return ended


def kept(request: Request) -> dict[str, str]:
    """The headers that count; one that is there twice is none, or two readers could read two different ones."""
    found: dict[str, str] = {}
    for name in KEPT_HEADERS:
        values = request.headers.getlist(name)
        if len(values) == 1:
            found[name] = values[0]
    return found


def _parsed(gateway: PaymentGateway, headers: dict[str, str], raw: bytes) -> PaymentNotice | RefundNotice:
    try:
        return gateway.parse_notice(headers, raw)
    except Distrusted as distrusted:
        STRANGERS.info("a notice was refused: %s", distrusted.reason.value)
        raise Problem(codes.NOTICE_DISTRUSTED, {"reason": distrusted.reason.value}) from None


def _record(service: Service, heard: Believed) -> tuple[str, ...]:
    received_at = codec.time_text(service.clock.now())
    return heard.notice.dedupe_key, heard.raw.decode(), codec.canonical(heard.headers), received_at, "booked"


def _keep(database: Database, record: tuple[str, ...]) -> None:
    marks = ", ".join([database.mark] * len(record))
    database.execute(
        "INSERT INTO notices (dedupe_key, raw, headers, received_at, outcome)"
        f" VALUES ({marks}) ON CONFLICT (dedupe_key) DO NOTHING",
        record,
    )
