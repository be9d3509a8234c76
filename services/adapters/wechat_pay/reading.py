"""From WeChat Pay's JSON to our values; anything of another shape raises ``Unreadable``."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, TypeVar

from services.adapters.wechat_pay.gateway import Refund, RefundState, RefusalCode, Refused, TradeState, Transaction

_CODES = {code.value.replace("_", ""): code for code in RefusalCode}
_BUSY = frozenset({"FREQUENCYLIMITED", "RATELIMITEXCEED", "RATELIMITEXCEEDED"})
_SERVER_FAULT = frozenset({"SYSTEMERROR", "BANKERROR"})
# These say "your input is wrong" although they come with status 500.
_REFUSED_WITH_500 = frozenset({"OPENIDMISMATCH", "INVALIDTRANSACTIONID"})
_CODE = re.compile(r"[A-Z0-9_]{1,64}", re.ASCII | re.IGNORECASE)
"""What goes to the log is a code, and never a sentence: it could repeat what was asked."""

State = TypeVar("State", TradeState, RefundState)


class Unreadable(Exception):
    """The text is not what the protocol says."""


def json_object(body: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("not JSON") from None
    if not isinstance(value, dict):
        raise Unreadable("not an object")
    return value


def text(source: Mapping[str, Any], name: str) -> str:
    value = source.get(name)
    if not isinstance(value, str) or not value:
        raise Unreadable(f"{name} is missing")
    return value


def optional_text(source: Mapping[str, Any], name: str) -> str:
    value = source.get(name)
    if value is not None and not isinstance(value, str):
        raise Unreadable(f"{name} is not a text")
    return value or ""


def part(source: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A nested object; a missing one is empty."""
    value = source.get(name)
    if value is not None and not isinstance(value, dict):
        raise Unreadable(f"{name} is not an object")
    return value or {}


def fen(source: Mapping[str, Any], name: str) -> int:
    value = optional_fen(source, name)
    if value is None:
        raise Unreadable(f"{name} is missing")
    return value


def optional_fen(source: Mapping[str, Any], name: str) -> int | None:
    value = source.get(name)
    # True is an int in Python and 1.0 equals 1; neither is an amount.
    if value is not None and (type(value) is not int or value < 0):
        raise Unreadable(f"{name} is not an amount")
    return value


def moment(source: Mapping[str, Any], name: str) -> datetime | None:
    value = optional_text(source, name)
    if not value:
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise Unreadable(f"{name} is not a time") from None
    if at.tzinfo is None:
        raise Unreadable(f"{name} has no zone")
    return at.astimezone(UTC)


def transaction(source: Mapping[str, Any]) -> Transaction:
    state = _member(TradeState, text(source, "trade_state"))
    amount = part(source, "amount")
    read = Transaction(
        appid=text(source, "appid"),
        mchid=text(source, "mchid"),
        out_trade_no=text(source, "out_trade_no"),
        state=state,
        transaction_id=optional_text(source, "transaction_id"),
        trade_type=optional_text(source, "trade_type"),
        total_fen=optional_fen(amount, "total"),
        payer_total_fen=optional_fen(amount, "payer_total"),
        currency=optional_text(amount, "currency"),
        openid=optional_text(part(source, "payer"), "openid"),
        success_at=moment(source, "success_time"),
        attach=optional_text(source, "attach"),
    )
    if read.is_paid and (read.total_fen is None or not read.transaction_id):
        raise Unreadable("paid, but not how much")
    return read


def refund(source: Mapping[str, Any], state_name: str = "status") -> Refund:
    """The API calls the state ``status``, a notice ``refund_status``."""
    named = text(source, state_name)
    state = RefundState.CLOSED if named == "CLOSE" else _member(RefundState, named)
    amount = part(source, "amount")
    return Refund(
        out_refund_no=text(source, "out_refund_no"),
        refund_id=text(source, "refund_id"),
        out_trade_no=text(source, "out_trade_no"),
        transaction_id=text(source, "transaction_id"),
        state=state,
        refund_fen=fen(amount, "refund"),
        total_fen=fen(amount, "total"),
        payer_refund_fen=optional_fen(amount, "payer_refund"),
        success_at=moment(source, "success_time"),
        channel=optional_text(source, "channel"),
        mchid=optional_text(source, "mchid"),
    )


def is_busy(status: int, raw_code: str) -> bool:
    return status == HTTPStatus.TOO_MANY_REQUESTS or _plain(raw_code) in _BUSY


def is_server_fault(status: int, raw_code: str) -> bool:
    plain = _plain(raw_code)
    return plain in _SERVER_FAULT or (status >= HTTPStatus.INTERNAL_SERVER_ERROR and plain not in _REFUSED_WITH_500)


def refused(status: int, source: Mapping[str, Any], request_id: str) -> Refused:
    raw_code = text(source, "code")
    if _CODE.fullmatch(raw_code) is None:
        raise Unreadable("code is none")
    message = source.get("message")
    return Refused(
        code=_CODES.get(_plain(raw_code), RefusalCode.OTHER),
        raw_code=raw_code,
        message=message if isinstance(message, str) else "",
        http_status=status,
        request_id=request_id,
    )


def _member(kind: type[State], name: str) -> State:
    try:
        return kind(name)
    except ValueError:
        raise Unreadable("unknown state") from None


def _plain(raw_code: str) -> str:
    return raw_code.replace("_", "").upper()
