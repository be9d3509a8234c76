"""SF Express as its documents describe it: checks digests, gives numbers, keeps what was ordered."""

import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from services.adapters.sf.client import CREATE, SEARCH, UPDATE
from services.adapters.sf.signing import digest

MAX_KEY = 64
_CITIES = {
    **{"北京": "010", "上海": "021", "广州": "020", "深圳": "755", "杭州": "571", "南京": "025", "苏州": "512"},
    **{"成都": "028", "重庆": "023", "武汉": "027", "西安": "029", "长沙": "731", "天津": "022", "厦门": "592"},
}


class Fault(StrEnum):
    """What can be made to go wrong with one call. Before: nothing happened; after: it did, but nobody can know."""

    THROTTLED = "A1005"
    BAD_DIGEST = "A1006"
    SYSTEM_ERROR_BEFORE = "system_error_before"
    SYSTEM_ERROR_AFTER = "system_error_after"
    GARBAGE_AFTER = "garbage_after"
    EMPTY_AFTER = "empty_after"
    PHONE_UNFIT = "8196"
    NOT_SERVED = "not_served"


@dataclass(frozen=True, slots=True)
class Account:
    """Who may order: throw-away values, different in every demo shop."""

    partner_id: str
    checkword: str = field(repr=False)


@dataclass(slots=True)
class _Order:
    waybill_no: str
    route: str = "571WF-BC-018"
    is_cancelled: bool = False


class SfStandIn:
    """May be used from any thread. ``is_repeat_refused``: a repeated order answers 8016, else the first result.

    ``number_of`` makes the number of a key, running ones if it is not said; ``recall`` knows what was given out under
    a key before this stand-in began, "" for nothing.
    """

    def __init__(
        self,
        account: Account,
        *,
        is_repeat_refused: bool = True,
        number_of: Callable[[str], str] | None = None,
        recall: Callable[[str], str] = lambda _key: "",
    ) -> None:
        self._account = account
        self._is_repeat_refused = is_repeat_refused
        self._number_of = number_of or (lambda _key: f"SF7444{len(self._orders) + 1:09}")
        self._recall = recall
        self._orders: dict[str, _Order] = {}
        self._faults: deque[Fault | None] = deque()
        self._lock = threading.Lock()
        self.calls: list[str] = []

    @property
    def numbers(self) -> dict[str, str]:
        """What was given out, by the shop's keys."""
        with self._lock:
            return {key: order.waybill_no for key, order in self._orders.items()}

    @property
    def cancelled(self) -> list[str]:
        """The keys whose numbers were given back."""
        with self._lock:
            return [key for key, order in self._orders.items() if order.is_cancelled]

    def answer_next(self, *faults: Fault | None) -> None:
        """What the next calls meet, one after the other; None for nothing."""
        with self._lock:
            self._faults.extend(faults)

    def fail_next(self, fault: Fault, times: int = 1) -> None:
        with self._lock:
            self._faults.extend([fault] * times)

    def answer(self, form: Mapping[str, str]) -> bytes:
        """The body of one answer; the gateway answers everything with status 200."""
        with self._lock:
            fault = self._faults.popleft() if self._faults else None
            refusal = self._gate(form, fault)
            if refusal:
                return _envelope(refusal)
            self.calls.append(form["serviceCode"])
            result = self._decide(form["serviceCode"], json.loads(form["msgData"]), fault)
        if fault is Fault.SYSTEM_ERROR_AFTER:
            return _envelope("A1099")
        if fault is Fault.GARBAGE_AFTER:
            return b"<html>502</html>"
        return b"" if fault is Fault.EMPTY_AFTER else _envelope("A1000", result)

    def _gate(self, form: Mapping[str, str], fault: Fault | None) -> str:
        if fault in (Fault.THROTTLED, Fault.BAD_DIGEST):
            return fault
        if fault is Fault.SYSTEM_ERROR_BEFORE:
            return "A1099"
        needed = ("partnerID", "requestID", "serviceCode", "timestamp", "msgDigest", "msgData")
        if any(not form.get(name) for name in needed):
            return "A1001"
        if form["partnerID"] != self._account.partner_id:
            return "A1004"
        right = digest(form["msgData"], form["timestamp"], self._account.checkword)
        return "" if form["msgDigest"] == right else "A1006"

    def _decide(self, service: str, message: Mapping[str, Any], fault: Fault | None) -> dict[str, Any]:
        key = str(message.get("orderId", ""))
        if service == CREATE:
            return self._create(key, message, fault)
        order = self._known(key)
        if order is None:
            return _refused("8024")
        if service == SEARCH:
            return _accepted(_told(key, order))
        if service == UPDATE and message.get("dealType") == 2:
            order.is_cancelled = True
            return _accepted({"orderId": key, "resStatus": 2})
        return _refused("8027")

    def _known(self, key: str) -> _Order | None:
        if key not in self._orders and (number := self._recall(key)):
            self._orders[key] = _Order(number)
        return self._orders.get(key)

    def _create(self, key: str, message: Mapping[str, Any], fault: Fault | None) -> dict[str, Any]:
        if problem := _unfit(key, message):
            return _refused(problem)
        if fault is Fault.PHONE_UNFIT:
            return _refused(fault)
        if fault is Fault.NOT_SERVED:
            return _accepted({"orderId": key, "filterResult": 3, "remark": "2"})
        known = self._known(key)
        if known is not None and (self._is_repeat_refused or known.is_cancelled):
            return _refused("8016")
        order = known or _Order(self._number_of(key), _route(message))
        self._orders[key] = order
        return _accepted(_told(key, order))


def _unfit(key: str, message: Mapping[str, Any]) -> str:
    """The code of the first thing that is missing."""
    kinds = {contact.get("contactType"): contact for contact in message.get("contactInfoList", ())}
    for kind, codes in ((1, ("1010", "1011", "1012")), (2, ("1014", "1015", "1016"))):
        contact = kinds.get(kind, {})
        for name, code in zip(("address", "contact", "mobile"), codes, strict=True):
            if not contact.get(name):
                return code
    if not message.get("cargoDetails") or not all(cargo.get("name") for cargo in message["cargoDetails"]):
        return "1023"
    return "" if 0 < len(key) <= MAX_KEY else "8024"


def _route(message: Mapping[str, Any]) -> str:
    """Where the parcel goes, as sorters read it: city, district and round, from the receiver's address."""
    address = next(str(each["address"]) for each in message["contactInfoList"] if each.get("contactType") == 2)
    city = next((code for name, code in _CITIES.items() if name in address), "571")
    seed = sum(ord(sign) * place for place, sign in enumerate(address, 1))
    letters = "".join(chr(ord("A") + (seed // 26**place) % 26) for place in range(4))
    return f"{city}{letters[:2]}-{letters[2:]}-{seed % 1000:03}"


def _told(key: str, order: _Order) -> dict[str, Any]:
    number = order.waybill_no
    city, district, round_no = order.route.split("-")
    parts = {
        "k1": city,
        "k2": city[:3] + district,
        "k3": round_no,
        "k4": "T4",
        "k5": number,
        "k6": "",
        "k7": number[-8:],
    }
    code = "MMM={" + ",".join(f"'{name}':'{text}'" for name, text in parts.items()) + "}"
    label = {"destRouteLabel": order.route, "codingMapping": "S47", "twoDimensionCode": code, "proName": "特快"}
    return {
        "orderId": key,
        "filterResult": 2,
        "waybillNoInfoList": [{"waybillType": 1, "waybillNo": number}],
        "routeLabelInfo": [{"code": "1000", "routeLabelData": label}],
    }


def _accepted(message: Mapping[str, Any]) -> dict[str, Any]:
    return {"success": True, "errorCode": "S0000", "errorMsg": None, "msgData": message}


def _refused(code: str) -> dict[str, Any]:
    return {"success": False, "errorCode": code, "errorMsg": f"refused {code}", "msgData": None}


def _envelope(code: str, result: Mapping[str, Any] | None = None) -> bytes:
    """The result is text inside of text, as the real gateway sends it."""
    inner = "" if result is None else json.dumps(result, ensure_ascii=False)
    told = {"apiErrorMsg": "", "apiResponseID": "0" * 32, "apiResultCode": code, "apiResultData": inner}
    return json.dumps(told, ensure_ascii=False).encode()
