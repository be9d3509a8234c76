"""One signed question to WeChat Pay and its verified answer; knows nothing of payments."""

import asyncio
import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from services.adapters.wechat_pay import crypto, reading, signing
from services.adapters.wechat_pay.config import WechatPayConfig
from services.adapters.wechat_pay.gateway import Doubt, Refused, Unknown
from services.adapters.wechat_pay.verification import (
    Distrust,
    Distrusted,
    TrustedKey,
    TrustedKeys,
    certificate_key,
    verify,
)
from services.adapters.wechat_pay.wire import Raw, Request, Wire

CERTIFICATES_PATH = "/v3/certificates"
_REFRESH_PAUSE = timedelta(minutes=1)
_USER_AGENT = "zhanggui/1 (python-httpx)"

log = logging.getLogger("pay")


@dataclass(frozen=True, slots=True)
class Answer:
    """A believed success; ``content`` is empty where the protocol sends no body."""

    content: Mapping[str, Any]
    request_id: str


@dataclass(frozen=True, slots=True)
class CertificatesRefreshed:
    serials: tuple[str, ...]


class Channel:
    """Signs, sends, verifies. Safe to use from several threads.

    Attributes: ``keys`` is who we trust, ``clock_offset`` is their time minus ours by the last answer.
    """

    def __init__(self, config: WechatPayConfig, transport: httpx.BaseTransport | None = None) -> None:
        self._config = config
        self.keys = TrustedKeys(config.public_keys, config.clock)
        self.clock_offset: timedelta | None = None
        self._refresh_lock = threading.Lock()
        self._refreshed_at: datetime | None = None
        self._wire = Wire(config, transport)

    def cut(self) -> None:
        self._wire.cut()

    def close(self) -> None:
        self._wire.close()

    def ask(self, method: str, target: str, payload: Mapping[str, Any] | None = None) -> Answer | Refused | Unknown:
        """``target`` is path and query, already percent-encoded."""
        request = self._signed(method, target, _json(payload))
        answer = self._judge(self._wire.send(request))
        _tell(request, answer)
        return answer

    async def ask_soon(
        self, method: str, target: str, payload: Mapping[str, Any] | None = None
    ) -> Answer | Refused | Unknown:
        """The same for whoever holds no thread meanwhile."""
        request = self._signed(method, target, _json(payload))
        raw = await self._wire.send_soon(request)
        if self._config.uses_certificates:  # an unknown one is fetched, and that has to be waited for
            answer = await asyncio.to_thread(self._judge, raw)
        else:
            answer = self._judge(raw)
        _tell(request, answer)
        return answer

    def refresh_certificates(self) -> CertificatesRefreshed | Refused | Unknown:
        """Download the platform certificates; to be called at start and twice a day where they are used."""
        raw = self._wire.send(self._signed("GET", CERTIFICATES_PATH, b""))
        if isinstance(raw, Unknown):
            return raw
        self._note_clock(raw)
        if not raw.is_success:
            return self._failure(raw)
        try:
            found = self._certificates(raw.body)
            # The first download comes signed by a certificate it brings itself: what makes it credible is that it was
            # sealed with our APIv3 key.
            verify(raw.headers, raw.body, self._config.clock(), lambda serial: self._known_or(serial, found))
        except (crypto.Undecipherable, reading.Unreadable, Distrusted) as fault:
            return Unknown(Doubt.UNTRUSTED, str(fault), raw.request_id)
        self.keys.add(found)
        log.info("platform certificates refreshed: %s", " ".join(found))
        return CertificatesRefreshed(tuple(found))

    def _known_or(self, serial: str, found: Mapping[str, TrustedKey]) -> RSAPublicKey | None:
        known = self.keys.find(serial)
        return known or (found[serial].key if serial in found else None)

    def _certificates(self, body: bytes) -> dict[str, TrustedKey]:
        entries = reading.json_object(body).get("data")
        if not isinstance(entries, list) or not entries:
            raise reading.Unreadable("no certificates")
        found = {}
        for entry in entries:
            if not isinstance(entry, dict):
                raise reading.Unreadable("not a certificate")
            sealed = reading.part(entry, "encrypt_certificate")
            pem = crypto.open_resource(
                self._config.apiv3_key,
                reading.text(sealed, "nonce"),
                reading.optional_text(sealed, "associated_data"),
                reading.text(sealed, "ciphertext"),
            )
            serial = reading.text(entry, "serial_no")
            found[serial] = certificate_key(pem, serial)
        return found

    def _signed(self, method: str, target: str, body: bytes) -> Request:
        headers = self._headers(body)
        headers["Authorization"] = signing.authorization(self._config, method, target, body)
        return Request(method, target, headers, body)

    def _headers(self, body: bytes) -> dict[str, str]:
        headers = {"Accept": "application/json", "User-Agent": _USER_AGENT}
        if body:
            headers["Content-Type"] = "application/json"
        if self._config.preferred_key_id is not None:
            headers["Wechatpay-Serial"] = self._config.preferred_key_id
        return headers

    def _note_clock(self, raw: Raw) -> None:
        try:
            theirs = parsedate_to_datetime(raw.headers.get("date", ""))
        except ValueError:
            return
        theirs = theirs if theirs.tzinfo is not None else theirs.replace(tzinfo=UTC)
        self.clock_offset = theirs - self._config.clock()

    def _judge(self, raw: Raw | Unknown) -> Answer | Refused | Unknown:
        if isinstance(raw, Unknown):
            return raw
        self._note_clock(raw)
        if not raw.is_success:
            return self._failure(raw)
        distrust = self._distrust(raw)
        if distrust is not None:
            return Unknown(Doubt.UNTRUSTED, distrust.value, raw.request_id)
        try:
            return Answer(reading.json_object(raw.body) if raw.body else {}, raw.request_id)
        except reading.Unreadable as fault:
            return Unknown(Doubt.UNREADABLE, str(fault), raw.request_id)

    def _failure(self, raw: Raw) -> Refused | Unknown:
        # Errors are not always signed; one that claims a signature must keep it.
        if "wechatpay-signature" in raw.headers:
            distrust = self._distrust(raw)
            if distrust is not None:
                return Unknown(Doubt.UNTRUSTED, distrust.value, raw.request_id)
        try:
            refused = reading.refused(raw.status, reading.json_object(raw.body), raw.request_id)
        except reading.Unreadable:
            refused = None
        code = refused.raw_code if refused is not None else ""
        if reading.is_busy(raw.status, code):
            return Unknown(Doubt.BUSY, code, raw.request_id)
        if reading.is_server_fault(raw.status, code):
            return Unknown(Doubt.SERVER_ERROR, code, raw.request_id)
        if refused is None or raw.status < HTTPStatus.BAD_REQUEST:
            return Unknown(Doubt.UNREADABLE, f"status {raw.status}", raw.request_id)
        return refused

    def _distrust(self, raw: Raw) -> Distrust | None:
        try:
            self.keys.check(raw.headers, raw.body)
        except Distrusted as fault:
            if fault.reason is not Distrust.UNKNOWN_SERIAL or not self._may_refresh():
                return fault.reason
            self.refresh_certificates()
            return self._distrust(raw)
        return None

    def _may_refresh(self) -> bool:
        """At most once a minute: an unknown serial may be a probe, and probes come in rows."""
        if not self._config.uses_certificates:
            return False
        with self._refresh_lock:
            now = self._config.clock()
            if self._refreshed_at is not None and now - self._refreshed_at < _REFRESH_PAUSE:
                return False
            self._refreshed_at = now
            return True


def _json(payload: Mapping[str, Any] | None) -> bytes:
    return b"" if payload is None else json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def _tell(request: Request, answer: Answer | Refused | Unknown) -> None:
    method, path = request.method, request.target.partition("?")[0]
    match answer:
        case Answer():
            log.info("%s %s: ok, request %s", method, path, answer.request_id)
        case Refused():
            log.info("%s %s: refused %s, request %s", method, path, answer.raw_code, answer.request_id)
        case Unknown():
            log.warning("%s %s: unknown, %s %s", method, path, answer.reason.value, answer.detail)
