"""The stand-in's signatures: it checks the merchant's for real and signs what it says itself."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from services.adapters.wechat_pay import crypto
from services.standins.wechat.fault import Fault
from services.standins.wechat.identity import Identity, Signer, new_key
from services.standins.wechat.terms import Refusal

MAX_SKEW_SECONDS = 300
_PROBE = "WECHATPAY/SIGNTEST/"
_PAIR = re.compile(r'([a-z_]+)="([^"]*)"')
_FIELDS = {"mchid", "nonce_str", "timestamp", "serial_no", "signature"}


@dataclass(frozen=True, slots=True)
class Question:
    """A request as it came over the wire; ``target`` is path and query, undecoded."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class PaymentSheet:
    """What the phone's payment call was given."""

    timestamp: str
    nonce: str
    package: str
    sign_type: str
    signature: str


class Seal:
    """Holds the identity's keys and the clock signatures are measured by."""

    def __init__(self, identity: Identity, clock: Callable[[], datetime]) -> None:
        self._identity = identity
        self._clock = clock

    def check_request(self, question: Question) -> None:
        """Raises the 401 of WeChat Pay unless the merchant signed exactly these bytes, just now."""
        scheme, _, rest = question.headers.get("authorization", "").partition(" ")
        fields = dict(_PAIR.findall(rest))
        if scheme != crypto.SIGNATURE_TYPE or set(fields) != _FIELDS:
            raise Refusal(401, "SIGN_ERROR", "Http头Authorization认证信息格式错误")
        if fields["mchid"] != self._identity.mchid or fields["serial_no"] != self._identity.merchant_serial:
            raise Refusal(401, "SIGN_ERROR", "商户证书序列号有误")
        if not _is_fresh(fields["timestamp"], self._clock()):
            raise Refusal(401, "SIGN_ERROR", "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟")
        message = f"{question.method}\n{question.target}\n{fields['timestamp']}\n{fields['nonce_str']}\n".encode()
        message += question.body + b"\n"
        if not crypto.is_signed_by(self._identity.merchant_key.public_key(), message, fields["signature"]):
            raise Refusal(401, "SIGN_ERROR", "错误的签名，验签失败", _sign_detail(question, message))

    def is_own_sheet(self, sheet: PaymentSheet) -> bool:
        """Whether the phone would open the payment: signed by the merchant over this very prepay id."""
        text = f"{self._identity.appid}\n{sheet.timestamp}\n{sheet.nonce}\n{sheet.package}\n"
        key = self._identity.merchant_key.public_key()
        return sheet.sign_type == "RSA" and crypto.is_signed_by(key, text.encode(), sheet.signature)

    def headers(self, signer: Signer, body: bytes, fault: Fault | None = None) -> dict[str, str]:
        """The signature headers over a body, or what is scripted in their place."""
        if fault is Fault.UNSIGNED:
            return {}
        age = MAX_SKEW_SECONDS + 1 if fault is Fault.STALE else 0
        timestamp = str(int(self._clock().timestamp()) - age)
        nonce = secrets.token_hex(16)
        key = _stranger() if fault is Fault.FORGED else signer.key
        signature = crypto.sign(key, f"{timestamp}\n{nonce}\n".encode() + body + b"\n")
        if fault is Fault.PROBE:
            signature = _PROBE + signature[len(_PROBE) :]
        return {
            "Wechatpay-Timestamp": timestamp,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Signature": signature,
            "Wechatpay-Serial": signer.serial,
            "Wechatpay-Signature-Type": crypto.SIGNATURE_TYPE,
        }

    def resource(self, kind: str, plaintext: bytes) -> dict[str, str]:
        """A sealed resource as notices and certificates carry it."""
        nonce = secrets.token_hex(6)
        sealed = crypto.seal_resource(self._identity.apiv3_key, nonce, kind, plaintext)
        return {"algorithm": "AEAD_AES_256_GCM", "nonce": nonce, "associated_data": kind, "ciphertext": sealed}


@cache
def _stranger() -> RSAPrivateKey:
    """Nobody's key, for forgeries; made when the first one is asked for, since making takes a while."""
    return new_key()


def is_loopback(url: str) -> bool:
    """A pretended notice goes to this machine or nowhere."""
    return urlsplit(url).hostname in ("127.0.0.1", "::1", "localhost")


def _is_fresh(timestamp: str, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit()):
        return False
    return abs(int(now.timestamp()) - int(timestamp)) <= MAX_SKEW_SECONDS


def _sign_detail(question: Question, message: bytes) -> dict[str, object]:
    return {
        "detail": {"issue": "sign not match"},
        "field": "signature",
        "location": "authorization",
        "sign_information": {
            "method": question.method,
            "url": question.target,
            "truncated_sign_message": message.decode(errors="replace")[:128],
            "sign_message_length": len(message),
        },
    }
