"""Who may speak for WeChat Pay: the keys we trust by serial, and the check of every answer and notice."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from services.adapters.wechat_pay import crypto
from services.adapters.wechat_pay.signing import response_message

MAX_AGE_SECONDS = 300
PROBE_PREFIX = "WECHATPAY/SIGNTEST/"
SIGNATURE_HEADERS = ("wechatpay-timestamp", "wechatpay-nonce", "wechatpay-signature", "wechatpay-serial")
_TIMESTAMP_DIGITS = 11
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


class Distrust(StrEnum):
    """Why a message is not believed."""

    HEADER_MISSING = "header_missing"
    STALE = "stale"
    SIGNATURE_TYPE = "signature_type"
    PROBE = "probe"
    UNKNOWN_SERIAL = "unknown_serial"
    BAD_SIGNATURE = "bad_signature"
    TOO_LARGE = "too_large"
    UNDECIPHERABLE = "undecipherable"
    UNREADABLE = "unreadable"
    UNKNOWN_EVENT = "unknown_event"


class Distrusted(Exception):
    """A message that must not change anything; ``reason`` says why, and no content of it is repeated."""

    def __init__(self, reason: Distrust) -> None:
        self.reason = reason
        super().__init__(reason.value)


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A key that signs for WeChat Pay, within its lifetime (public keys have no end)."""

    key: RSAPublicKey
    valid_from: datetime = _EARLIEST
    valid_until: datetime | None = None

    def is_valid_at(self, now: datetime) -> bool:
        return self.valid_from <= now and (self.valid_until is None or now < self.valid_until)


class TrustedKeys:
    """The keys by serial; readers and the certificate refresh may meet, so changes replace the whole mapping."""

    def __init__(self, public_keys: Mapping[str, RSAPublicKey], clock: Callable[[], datetime]) -> None:
        self._keys: Mapping[str, TrustedKey] = {serial: TrustedKey(key) for serial, key in public_keys.items()}
        self._clock = clock
        self._lock = threading.Lock()

    def find(self, serial: str) -> RSAPublicKey | None:
        found = self._keys.get(serial)
        return found.key if found is not None and found.is_valid_at(self._clock()) else None

    def add(self, certificates: Mapping[str, TrustedKey]) -> None:
        with self._lock:
            self._keys = {**self._keys, **certificates}

    def latest_certificate(self) -> tuple[str, RSAPublicKey] | None:
        """The valid certificate that lasts longest: the one to encrypt fields for."""
        now = self._clock()
        dated = [
            (entry.valid_until, serial, entry.key)
            for serial, entry in self._keys.items()
            if entry.valid_until is not None and entry.is_valid_at(now)
        ]
        if not dated:
            return None
        _, serial, key = max(dated, key=lambda entry: entry[:2])
        return serial, key

    def last_expiry(self) -> datetime | None:
        """When the newest certificate ends; None if nothing expires."""
        ends = [entry.valid_until for entry in self._keys.values() if entry.valid_until is not None]
        return max(ends, default=None)

    def check(self, headers: Mapping[str, str], body: bytes) -> None:
        """Raise ``Distrusted`` unless the message was signed by a key we hold, just now."""
        verify(headers, body, self._clock(), self.find)


def verify(headers: Mapping[str, str], body: bytes, now: datetime, find: Callable[[str], RSAPublicKey | None]) -> None:
    """The checks in their order; only the last line lets a message through.

    The same signed bytes may come twice over two routes and must be answered the same, so a nonce is not remembered:
    the shop's own record of the payment makes the second one harmless.
    """
    values = {name.lower(): value for name, value in headers.items()}
    timestamp, nonce, signature, serial = (values.get(name, "") for name in SIGNATURE_HEADERS)
    if not (timestamp and nonce and signature and serial):
        raise Distrusted(Distrust.HEADER_MISSING)
    if not _is_fresh(timestamp, now):
        raise Distrusted(Distrust.STALE)
    if values.get("wechatpay-signature-type", "") not in ("", crypto.SIGNATURE_TYPE):
        raise Distrusted(Distrust.SIGNATURE_TYPE)
    if signature.startswith(PROBE_PREFIX):
        raise Distrusted(Distrust.PROBE)
    key = find(serial)
    if key is None:
        raise Distrusted(Distrust.UNKNOWN_SERIAL)
    if not crypto.is_signed_by(key, response_message(timestamp, nonce, body), signature):
        raise Distrusted(Distrust.BAD_SIGNATURE)


def certificate_key(pem: bytes, serial: str) -> TrustedKey:
    """Read a platform certificate; it must be the one its serial names."""
    try:
        certificate = x509.load_pem_x509_certificate(pem)
    except ValueError:
        raise Distrusted(Distrust.UNREADABLE) from None
    key = certificate.public_key()
    if format(certificate.serial_number, "040X") != serial or not isinstance(key, RSAPublicKey):
        raise Distrusted(Distrust.UNREADABLE)
    return TrustedKey(key, certificate.not_valid_before_utc, certificate.not_valid_after_utc)


def _is_fresh(timestamp: str, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _TIMESTAMP_DIGITS):
        return False
    return abs(now.timestamp() - int(timestamp)) < MAX_AGE_SECONDS
