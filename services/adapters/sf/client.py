"""SF Express, spoken directly."""

import json
import logging
import time
import uuid
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import httpx

from app.domain.delivery.model import WaybillRefusal
from app.kernel.clock import Clock
from services.adapters.carrier import Granted, Party, Refused, Unknown, WaybillOrder
from services.adapters.lines import Lines
from services.adapters.sf import reading, signing
from services.adapters.sf.config import SfConfig

MAX_ANSWER_BYTES = 1024 * 1024
PATH = "/std/service"
CREATE, SEARCH, UPDATE = "EXP_RECE_CREATE_ORDER", "EXP_RECE_SEARCH_ORDER_RESP", "EXP_RECE_UPDATE_ORDER"
_CANCEL = 2
_DONE = 2
log = logging.getLogger("http")


class SfClient:
    """The real ``Carrier``. Blocking; safe to use from several threads; ``dispose`` ends its connections."""

    def __init__(
        self,
        config: SfConfig,
        clock: Clock,
        transport: httpx.BaseTransport | None = None,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._config = config
        self._clock = clock
        self._new_id = new_id
        self._lines = Lines(config.host, is_loopback=config.is_loopback, transport=transport)
        self._http = httpx.Client(
            base_url=config.host,
            transport=self._lines.transport,
            timeout=config.timeout_seconds,
            follow_redirects=False,
        )

    def cut(self) -> None:
        """Every call that waits answers that nothing is known; to be asked again under its key, as ever."""
        self._lines.cut()

    def dispose(self) -> None:
        self._http.close()

    def order(self, wanted: WaybillOrder) -> Granted | Refused | Unknown:
        """One number; asked for again with the same key it is the number that exists already."""
        answer = self._ask(CREATE, self._order(wanted))
        if isinstance(answer, Refused) and answer.code == reading.REPEATED:
            found = self.find(wanted.key)
            # There is a number under this key, so a refusal to tell it is not a refusal to give it.
            if isinstance(found, Refused) and found.reason is not WaybillRefusal.NOT_SERVED:
                return Unknown(f"repeated, then {found.code}")
            return found
        return answer if isinstance(answer, (Refused, Unknown)) else reading.granted(answer)

    def find(self, key: str) -> Granted | Refused | Unknown:
        answer = self._ask(SEARCH, {"orderId": key, "searchType": "1", "language": "zh-CN"})
        return answer if isinstance(answer, (Refused, Unknown)) else reading.granted(answer)

    def cancel(self, key: str) -> bool | Refused | Unknown:
        """Whether it is cancelled now; the key can never be used again."""
        answer = self._ask(UPDATE, {"orderId": key, "dealType": _CANCEL})
        if isinstance(answer, (Refused, Unknown)):
            return answer
        is_done = answer.get("resStatus") == _DONE
        return is_done or Refused(WaybillRefusal.OTHER, str(answer.get("resStatus", "")), "")

    def _order(self, wanted: WaybillOrder) -> dict[str, Any]:
        content: dict[str, Any] = {
            "language": "zh-CN",
            "orderId": wanted.key,
            "expressTypeId": int(self._config.product),
            "payMethod": 1,
            "parcelQty": 1,
            "isReturnRoutelabel": 1,
            "isUnifiedWaybillNo": 1,
            "cargoDetails": [{"name": each.name[:128], "count": each.qty} for each in wanted.cargo],
            "contactInfoList": [_contact(1, wanted.sender), _contact(2, wanted.receiver)],
        }
        if self._config.monthly_card:
            content["monthlyCard"] = self._config.monthly_card
        if wanted.weight_g:
            content["totalWeight"] = wanted.weight_g / 1000
        if wanted.remark:
            content["remark"] = wanted.remark[:100]
        return content

    def _ask(self, service: str, content: Mapping[str, Any]) -> Mapping[str, Any] | Refused | Unknown:
        message = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        timestamp = str(int(self._clock.now().timestamp() * 1000))
        form = {
            "partnerID": self._config.partner_id,
            "requestID": self._new_id(),
            "serviceCode": service,
            "timestamp": timestamp,
            "msgDigest": signing.digest(message, timestamp, self._config.checkword),
            "msgData": message,
        }
        try:
            status, body = self._received(form)
        except httpx.HTTPError as fault:
            log.warning("sf %s: no answer, %s", service, type(fault).__name__)
            return Unknown(type(fault).__name__)
        if status != HTTPStatus.OK or len(body) > MAX_ANSWER_BYTES:
            log.warning("sf %s: status %s", service, status)
            return Unknown(f"status {status}")
        answer = reading.business(body)
        if isinstance(answer, Refused):
            log.info("sf %s %s: refused %s", service, content["orderId"], answer.code)
        elif isinstance(answer, Unknown):
            log.warning("sf %s %s: %s", service, content["orderId"], answer.detail)
        return answer

    def _received(self, form: Mapping[str, str]) -> tuple[int, bytes]:
        """Bounded in bytes while it comes and in time as a whole: an answer that trickles would hold a thread."""
        ends_at = time.monotonic() + self._config.timeout_seconds
        body = bytearray()
        with self._http.stream("POST", PATH, data=form) as response:
            for part in response.iter_bytes():
                body += part
                if len(body) > MAX_ANSWER_BYTES:
                    break
                if time.monotonic() > ends_at:
                    raise httpx.ReadTimeout("the answer trickles", request=response.request)
        return response.status_code, bytes(body)


def _contact(kind: int, party: Party) -> dict[str, Any]:
    """The region stands in the address: SF takes it from there when it is not given apart."""
    told = {
        "contactType": kind,
        "contact": party.name[:100],
        "mobile": party.phone[:20],
        "country": "CN",
        "address": party.address[:200],
    }
    return {**told, "company": party.company[:100]} if party.company else told
