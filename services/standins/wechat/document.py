"""The JSON WeChat Pay answers and notices carry."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from services.standins.wechat.ledger import Order, RefundEntry

_CHINA = timezone(timedelta(hours=8))
_STATES = {"SUCCESS": "支付成功", "REFUND": "转入退款", "NOTPAY": "订单未支付", "CLOSED": "订单已关闭"}
_ACCOUNT = "支付用户零钱"


def encode(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def moment(at: datetime) -> str:
    return at.astimezone(_CHINA).isoformat(timespec="seconds")


def transaction(order: Order, state: str) -> dict[str, Any]:
    """An unpaid order has only ids and state."""
    terms = order.terms
    content: dict[str, Any] = {
        "appid": terms.appid,
        "mchid": terms.mchid,
        "out_trade_no": terms.out_trade_no,
        "trade_state": state,
        "trade_state_desc": _STATES[state],
    }
    if order.paid_at is None:
        return content
    return {
        **content,
        "transaction_id": order.transaction_id,
        "trade_type": "JSAPI",
        "bank_type": "OTHERS",
        "attach": terms.attach,
        "success_time": moment(order.paid_at),
        "payer": {"openid": terms.openid},
        "amount": {
            "total": terms.total_fen,
            "payer_total": order.payer_total_fen,
            "currency": "CNY",
            "payer_currency": "CNY",
        },
    }


def refund(entry: RefundEntry) -> dict[str, Any]:
    terms = entry.terms
    return {
        **_refund_ids(entry),
        "channel": "ORIGINAL",
        "user_received_account": _ACCOUNT,
        "create_time": moment(entry.created_at),
        **({"success_time": moment(entry.success_at)} if entry.success_at else {}),
        "status": entry.state,
        "funds_account": "AVAILABLE",
        "amount": {
            **_refund_amount(entry),
            "settlement_refund": terms.refund_fen,
            "settlement_total": terms.total_fen,
            "discount_refund": 0,
            "currency": "CNY",
        },
    }


def refund_notice(entry: RefundEntry, mchid: str) -> dict[str, Any]:
    return {
        "mchid": mchid,
        **_refund_ids(entry),
        "refund_status": entry.state,
        **({"success_time": moment(entry.success_at)} if entry.success_at else {}),
        "user_received_account": _ACCOUNT,
        "amount": _refund_amount(entry),
    }


def error(code: str, message: str, detail: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"code": code, "message": message, **({"detail": detail} if detail else {})}


def _refund_ids(entry: RefundEntry) -> dict[str, Any]:
    return {
        "refund_id": entry.refund_id,
        "out_refund_no": entry.terms.out_refund_no,
        "transaction_id": entry.transaction_id,
        "out_trade_no": entry.out_trade_no,
    }


def _refund_amount(entry: RefundEntry) -> dict[str, int]:
    terms = entry.terms
    return {
        "total": terms.total_fen,
        "refund": terms.refund_fen,
        "payer_total": terms.total_fen,
        "payer_refund": terms.refund_fen,
    }
