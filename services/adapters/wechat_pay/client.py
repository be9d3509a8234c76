"""The real ``PaymentGateway``: mini-program payments and refunds of one direct merchant."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar
from urllib.parse import quote

import httpx

from app.kernel.errors import KnownError
from services.adapters.wechat_pay import crypto, notice, reading, signing
from services.adapters.wechat_pay.channel import Answer, CertificatesRefreshed, Channel
from services.adapters.wechat_pay.config import WechatPayConfig
from services.adapters.wechat_pay.gateway import (
    Closed,
    Doubt,
    PaymentNotice,
    Prepared,
    PrepayRequest,
    Refund,
    RefundNotice,
    RefundRequest,
    Refused,
    Transaction,
    Unknown,
)
from services.adapters.wechat_pay.signing import PaymentParams

_CHINA = timezone(timedelta(hours=8))
_DESCRIPTION_BYTES = 127
_REASON_BYTES = 80
_ORDERS = "/v3/pay/transactions/out-trade-no/"
_REFUNDS = "/v3/refund/domestic/refunds"

Value = TypeVar("Value")


class WechatPayClient:
    """Asks WeChat Pay over HTTP. Safe to use from several threads; ``dispose`` ends its connections, ``cut`` its calls.

    Blocking, but for the one question that every checkout asks.
    """

    def __init__(self, config: WechatPayConfig, transport: httpx.BaseTransport | None = None) -> None:
        self._config = config
        self._channel = Channel(config, transport)

    def cut(self) -> None:
        """Every call that waits answers that nothing is known; to be asked again under its number, as ever."""
        self._channel.cut()

    def dispose(self) -> None:
        self._channel.close()

    @property
    def account(self) -> tuple[str, str]:
        return self._config.appid, self._config.mchid

    @property
    def clock_offset(self) -> timedelta | None:
        return self._channel.clock_offset

    @property
    def certificates_end_at(self) -> datetime | None:
        """When the newest platform certificate ends; None while none is used."""
        return self._channel.keys.last_expiry()

    def refresh_certificates(self) -> CertificatesRefreshed | Refused | Unknown:
        """Fetch the platform certificates, so that a notice right after a start finds its key."""
        return self._channel.refresh_certificates()

    async def prepay(self, request: PrepayRequest) -> Prepared | Refused | Unknown:
        payload = {
            "appid": self._config.appid,
            "mchid": self._config.mchid,
            "description": _clip(request.description, _DESCRIPTION_BYTES),
            "out_trade_no": request.out_trade_no,
            "time_expire": request.expires_at.astimezone(_CHINA).isoformat(timespec="seconds"),
            **({"attach": request.attach} if request.attach else {}),
            "notify_url": self._config.notify_url,
            "amount": {"total": request.total_fen, "currency": "CNY"},
            "payer": {"openid": request.openid},
        }
        answer = await self._channel.ask_soon("POST", "/v3/pay/transactions/jsapi", payload)
        return _read(answer, lambda content: Prepared(reading.text(content, "prepay_id")))

    def payment_params(self, prepay_id: str) -> PaymentParams:
        return signing.payment_params(self._config, prepay_id)

    def query(self, out_trade_no: str) -> Transaction | Refused | Unknown:
        answer = self._channel.ask("GET", f"{_ORDERS}{quote(out_trade_no, safe='')}?mchid={self._config.mchid}")
        found = _read(answer, reading.transaction)
        if isinstance(found, Transaction) and (found.out_trade_no, found.mchid) != (out_trade_no, self._config.mchid):
            return Unknown(Doubt.MISMATCH, "an answer about another payment")
        return found

    def close(self, out_trade_no: str) -> Closed | Refused | Unknown:
        target = f"{_ORDERS}{quote(out_trade_no, safe='')}/close"
        answer = self._channel.ask("POST", target, {"mchid": self._config.mchid})
        return Closed() if isinstance(answer, Answer) else answer

    def refund(self, request: RefundRequest) -> Refund | Refused | Unknown:
        notify_url = self._config.refund_notify_url
        payload = {
            "out_trade_no": request.out_trade_no,
            "out_refund_no": request.out_refund_no,
            **({"reason": _clip(request.reason, _REASON_BYTES)} if request.reason else {}),
            **({"notify_url": notify_url} if notify_url else {}),
            "amount": {"refund": request.refund_fen, "total": request.total_fen, "currency": "CNY"},
        }
        answer = self._channel.ask("POST", _REFUNDS, payload)
        found = _same_refund(_read(answer, reading.refund), request.out_refund_no)
        if isinstance(found, Refund) and found.refund_fen != request.refund_fen:
            return Unknown(Doubt.MISMATCH, "another amount")
        return found

    def query_refund(self, out_refund_no: str) -> Refund | Refused | Unknown:
        answer = self._channel.ask("GET", f"{_REFUNDS}/{quote(out_refund_no, safe='')}")
        return _same_refund(_read(answer, reading.refund), out_refund_no)

    def parse_notice(self, headers: Mapping[str, str], raw_body: bytes) -> PaymentNotice | RefundNotice:
        return notice.parse_notice(self._channel.keys, self._config.apiv3_key, headers, raw_body)

    def encrypt_for_wechat(self, text: str) -> tuple[str, str]:
        """Serial to name in ``Wechatpay-Serial`` and the encrypted field."""
        key_id = self._config.preferred_key_id
        named = (key_id, self._config.public_keys[key_id]) if key_id else self._channel.keys.latest_certificate()
        if named is None:
            raise KnownError("pay.no_platform_key", "The WeChat Pay platform certificates are not loaded yet.")
        serial, key = named
        return serial, crypto.encrypt_field(key, text)


def _read(answer: Answer | Refused | Unknown, read: Callable[[Mapping[str, Any]], Value]) -> Value | Refused | Unknown:
    if not isinstance(answer, Answer):
        return answer
    try:
        return read(answer.content)
    except reading.Unreadable as fault:
        return Unknown(Doubt.UNREADABLE, str(fault), answer.request_id)


def _same_refund(found: Refund | Refused | Unknown, out_refund_no: str) -> Refund | Refused | Unknown:
    if isinstance(found, Refund) and found.out_refund_no != out_refund_no:
        return Unknown(Doubt.MISMATCH, "an answer about another refund")
    return found


def _clip(text: str, size: int) -> str:
    """At most ``size`` bytes, never half a sign: the protocol does not say whether it counts bytes or signs."""
    return text.encode()[:size].decode(errors="ignore")
