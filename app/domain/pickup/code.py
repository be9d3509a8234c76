"""The text of a pickup code: made when it is asked for, verified without asking anybody.

``P1`` and Base32 of reference (8 bytes), expiry (4 bytes, seconds) and the first 10 bytes of an HMAC-SHA256 over the
prefix, the shop and both: 38 signs that every scanner types and no keyboard layout changes. The digit names the key.
"""

import base64
import binascii
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

SIGNS = 38
KEY_BYTES = 32
REF_SIGNS = 16
HUMAN_DIGITS = 8
_MAC_BYTES = 10
_LAST = 2**32 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXT = re.compile(r"P([1-9])([A-Z2-7]{36})")
_REF = re.compile(r"[0-9a-f]{16}")
_HUMAN = re.compile(r"[0-9]{8}")


@dataclass(frozen=True, slots=True)
class PickupKeys:
    """The shop's secrets: ``keys`` in hex by version, new codes are made with ``current``."""

    shop_id: str
    current: str
    keys: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadCode:
    """What a verified code says."""

    ref: str
    expires_at: datetime


def mark_of(keys: PickupKeys) -> str:
    """Tells one set of keys from another without telling the keys."""
    told = "/".join((keys.shop_id, keys.current, *(f"{name}={keys.keys[name]}" for name in sorted(keys.keys))))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def mint(keys: PickupKeys, ref: str, expires_at: datetime) -> str:
    """The code's text for a reference."""
    seconds = min(max(0, (expires_at - _EPOCH) // timedelta(seconds=1)), _LAST)
    body = bytes.fromhex(ref) + seconds.to_bytes(4)
    return f"P{keys.current}" + _spelled(body + _mac(keys, keys.current, body))


def read(keys: PickupKeys, text: str) -> ReadCode | None:
    """What the code says, or None when it is none of ours; scanners and keyboards may have bent its signs."""
    found = _TEXT.fullmatch(normal(text))
    if found is None or found[1] not in keys.keys:
        return None
    try:
        raw = base64.b32decode(found[2] + "=" * 4)
    except binascii.Error:
        return None
    body, mac = raw[:12], raw[12:]
    # Base32 leaves spare bits at the end: only the spelling that we would write ourselves is a code.
    if not hmac.compare_digest(mac, _mac(keys, found[1], body)) or _spelled(raw) != found[2]:
        return None
    return ReadCode(body[:8].hex(), _EPOCH + timedelta(seconds=int.from_bytes(body[8:])))


def normal(text: str) -> str:
    """A code as we write it: narrow capitals without blanks, whatever an input method made of them."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def looks_like_code(text: str) -> bool:
    """Whether the text has the shape of a code, ours or not."""
    return _TEXT.fullmatch(normal(text)) is not None


def human_code(text: str) -> str:
    """The eight digits that a buyer read out, without blanks and dashes; empty when it is none."""
    digits = re.sub(r"[\s\-]+", "", unicodedata.normalize("NFKC", text))
    return digits if _HUMAN.fullmatch(digits) else ""


def is_ref(text: str) -> bool:
    return _REF.fullmatch(text) is not None


def _spelled(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=")


def _mac(keys: PickupKeys, version: str, body: bytes) -> bytes:
    signed = f"P{version}".encode() + keys.shop_id.encode() + body
    return hmac.new(bytes.fromhex(keys.keys[version]), signed, hashlib.sha256).digest()[:_MAC_BYTES]
