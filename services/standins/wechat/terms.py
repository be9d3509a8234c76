"""What a request body must be, as strict as WeChat Pay is."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_OUT_TRADE_NO = re.compile(r"[0-9A-Za-z_\-*|]{6,32}")
_OUT_REFUND_NO = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")
_MAX_URL, _MAX_DESCRIPTION, _MAX_OPENID, _MAX_ATTACH, _MAX_REASON = 255, 127, 128, 128, 80


class Refusal(Exception):
    """An error answer of WeChat Pay."""

    def __init__(self, status: int, code: str, message: str, detail: Mapping[str, Any] | None = None) -> None:
        self.status = status
        self.code = code
        self.message = message
        self.detail = detail
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """The content of a prepay; the same number must always come with the same terms."""

    appid: str
    mchid: str
    out_trade_no: str
    description: str
    total_fen: int
    openid: str
    notify_url: str
    expires_at: datetime | None
    attach: str


@dataclass(frozen=True, slots=True)
class RefundTerms:
    """The content of a refund request."""

    out_refund_no: str
    out_trade_no: str
    transaction_id: str
    refund_fen: int
    total_fen: int
    reason: str
    notify_url: str


def read_object(body: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise Refusal(400, "PARAM_ERROR", "请求体不是合法的JSON")
    return value


def order_terms(body: Mapping[str, Any]) -> OrderTerms:
    amount, payer = _part(body, "/amount"), _part(body, "/payer")
    terms = OrderTerms(
        appid=_text(body, "/appid", 32),
        mchid=_text(body, "/mchid", 32),
        out_trade_no=_text(body, "/out_trade_no", 32),
        description=_text(body, "/description", _MAX_DESCRIPTION),
        total_fen=_amount(amount, "/amount/total"),
        openid=_text(payer, "/payer/openid", _MAX_OPENID),
        notify_url=_url(body),
        expires_at=_moment(body, "/time_expire"),
        attach=_optional(body, "/attach", _MAX_ATTACH),
    )
    if not _OUT_TRADE_NO.fullmatch(terms.out_trade_no):
        raise wrong("/out_trade_no", terms.out_trade_no, "商户订单号格式不正确")
    _check_currency(amount)
    return terms


def refund_terms(body: Mapping[str, Any]) -> RefundTerms:
    amount = _part(body, "/amount")
    terms = RefundTerms(
        out_refund_no=_text(body, "/out_refund_no", 64),
        out_trade_no=_optional(body, "/out_trade_no", 32),
        transaction_id=_optional(body, "/transaction_id", 32),
        refund_fen=_amount(amount, "/amount/refund"),
        total_fen=_amount(amount, "/amount/total"),
        reason=_optional(body, "/reason", _MAX_REASON),
        notify_url=_url(body) if "notify_url" in body else "",
    )
    if not _OUT_REFUND_NO.fullmatch(terms.out_refund_no):
        raise wrong("/out_refund_no", terms.out_refund_no, "商户退款单号格式不正确")
    if bool(terms.out_trade_no) == bool(terms.transaction_id):
        raise wrong("/transaction_id", terms.transaction_id, "微信支付订单号与商户订单号二选一")
    if "currency" not in amount:
        raise wrong("/amount/currency", None, "必填")
    _check_currency(amount)
    return terms


def wrong(pointer: str, value: object, issue: str) -> Refusal:
    detail = {"field": pointer, "value": value, "issue": issue, "location": "body"}
    return Refusal(400, "PARAM_ERROR", "参数错误", detail)


def _name(pointer: str) -> str:
    return pointer.rpartition("/")[2]


def _part(body: Mapping[str, Any], pointer: str) -> Mapping[str, Any]:
    value = body.get(_name(pointer))
    if not isinstance(value, dict):
        raise wrong(pointer, value, "必填")
    return value


def _text(body: Mapping[str, Any], pointer: str, limit: int) -> str:
    value = body.get(_name(pointer))
    if not isinstance(value, str) or not 0 < len(value) <= limit:
        raise wrong(pointer, value, f"应为1至{limit}个字符的字符串")
    return value


def _optional(body: Mapping[str, Any], pointer: str, limit: int) -> str:
    return _text(body, pointer, limit) if _name(pointer) in body else ""


def _amount(body: Mapping[str, Any], pointer: str) -> int:
    value = body.get(_name(pointer))
    if type(value) is not int or value < 1:
        raise wrong(pointer, value, "应为大于0的整数，单位为分")
    return value


def _url(body: Mapping[str, Any]) -> str:
    value = _text(body, "/notify_url", _MAX_URL)
    if not value.startswith(("https://", "http://127.0.0.1", "http://[::1]")) or "?" in value:
        raise wrong("/notify_url", value, "通知地址须为https且不带参数")
    return value


def _moment(body: Mapping[str, Any], pointer: str) -> datetime | None:
    text = _optional(body, pointer, 64)
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise wrong(pointer, text, "应为RFC3339时间")
    return at


def _check_currency(amount: Mapping[str, Any]) -> None:
    if amount.get("currency", "CNY") != "CNY":
        raise wrong("/amount/currency", amount.get("currency"), "仅支持CNY")
