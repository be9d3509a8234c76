"""SF's answers: an envelope of the gateway, a business answer inside, often as text inside of text."""

import json
import re
from collections.abc import Mapping
from typing import Any

from app.domain.delivery.carriers import normal_waybill
from app.domain.delivery.model import WaybillRefusal
from services.adapters.carrier import Granted, Refused, Unknown

GATEWAY_OK = "A1000"
BUSINESS_OK = "S0000"
REPEATED = "8016"
NOT_ORDERED = "8024"
_GATEWAY = {
    "A1001": WaybillRefusal.MISCONFIGURED,
    "A1003": WaybillRefusal.MISCONFIGURED,
    "A1004": WaybillRefusal.MISCONFIGURED,
    "A1005": WaybillRefusal.TOO_OFTEN,
    "A1006": WaybillRefusal.MISCONFIGURED,
    "A1008": WaybillRefusal.MISCONFIGURED,
    "A1010": WaybillRefusal.MISCONFIGURED,
    "A1011": WaybillRefusal.MISCONFIGURED,
}
_BUSINESS = {
    **dict.fromkeys(("1010", "1011", "1012"), WaybillRefusal.SENDER_UNFIT),
    **dict.fromkeys(("1014", "1015", "1016", "8196"), WaybillRefusal.RECEIVER_UNFIT),
    **dict.fromkeys(("6126", "8114", "8119", "8179", "8256"), WaybillRefusal.ACCOUNT),
    **dict.fromkeys(("8057", "20036"), WaybillRefusal.PRODUCT_UNFIT),
    "20035": WaybillRefusal.GOODS_FORBIDDEN,
    "8177": WaybillRefusal.PEAK,
    "8096": WaybillRefusal.PEAK,
    NOT_ORDERED: WaybillRefusal.NO_SUCH_ORDER,
}
_NOT_SERVED = "3"
_CODE = re.compile(r"[A-Za-z0-9_]{1,32}", re.ASCII)
"""Codes go to the log, so a sentence that stands in one's place is none: it could repeat the receiver."""
_NUMBER = re.compile(r"[A-Z0-9\-]{3,32}", re.ASCII)
MOST_SIGNS = 2_000


def business(body: bytes) -> Mapping[str, Any] | Refused | Unknown:
    """The ``msgData`` of a success, or why there is none. Only what says no, and why, is a refusal."""
    envelope = _object(body)
    if envelope is None:
        return Unknown("not readable")
    gateway = _code(envelope, "apiResultCode")
    if gateway != GATEWAY_OK:
        if gateway not in _GATEWAY:  # a system error, or something between us and SF
            return Unknown(gateway or "no code")
        return Refused(_GATEWAY[gateway], gateway, _text(envelope, "apiErrorMsg"))
    answer = _object(envelope.get("apiResultData"))
    if answer is None:
        return Unknown("no result")
    code = _code(answer, "errorCode")
    if answer.get("success") is True and code in (BUSINESS_OK, ""):
        return _object(answer.get("msgData")) or Unknown("no message")
    if answer.get("success") is not False or code in (BUSINESS_OK, ""):
        return Unknown(f"neither yes nor no {code}".strip())
    return Refused(_BUSINESS.get(code, WaybillRefusal.OTHER), code, _text(answer, "errorMsg"))


def granted(message: Mapping[str, Any]) -> Granted | Refused | Unknown:
    """The number and the label's texts; a place that is not served is a refusal although SF calls it a success."""
    if str(message.get("filterResult", "")) == _NOT_SERVED:
        return Refused(WaybillRefusal.NOT_SERVED, f"filter {_code(message, 'remark')}".strip(), "")
    numbers = message.get("waybillNoInfoList")
    listed = numbers if isinstance(numbers, list) else []
    first = next((number for number in listed if isinstance(number, dict) and _is_master(number)), None)
    number = "" if first is None else normal_waybill(_text(first, "waybillNo"))
    if _NUMBER.fullmatch(number) is None:
        return Unknown("no number")
    label = _label(message)
    return Granted(
        number,
        _text(label, "destRouteLabel"),
        _text(label, "codingMapping"),
        _text(label, "twoDimensionCode"),
        _text(label, "proName"),
    )


def _is_master(number: Mapping[str, Any]) -> bool:
    return str(number.get("waybillType", "1")) == "1"


def _label(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data of the first usable route label; without one the paper says that there is no sorting code."""
    listed = message.get("routeLabelInfo")
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, dict) and _text(entry, "code") == "1000" and isinstance(entry.get("routeLabelData"), dict):
            found: Mapping[str, Any] = entry["routeLabelData"]
            return found
    return {}


def _object(value: object) -> Mapping[str, Any] | None:
    if isinstance(value, (bytes, str)):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, dict) else None


def _text(source: Mapping[str, Any], name: str) -> str:
    """Text that can be stored and printed: a sign that is none, or that controls a device, is replaced."""
    value = source.get(name)
    text = value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
    return "".join(_fit(sign) for sign in text[:MOST_SIGNS])


def _code(source: Mapping[str, Any], name: str) -> str:
    told = _text(source, name)
    return told if not told or _CODE.fullmatch(told) is not None else "?"


def _fit(sign: str) -> str:
    return sign if sign.isprintable() else " " if sign.isspace() else "\ufffd"
