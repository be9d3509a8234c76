"""The account both sides of the stand-in share: throw-away keys that open nothing real."""

import base64
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509.oid import NameOID

from app.kernel.files import replace_file
from services.adapters.wechat_mini import MiniConfig
from services.adapters.wechat_pay import crypto
from services.adapters.wechat_pay.config import WechatPayConfig, machine_time

_CERTIFICATE_LIFE = timedelta(days=5 * 365)


class KeyMode(StrEnum):
    """How an account knows WeChat Pay's key."""

    PUBLIC_KEY = "public_key"
    CERTIFICATE = "certificate"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Signer:
    """A key WeChat Pay signs with; ``certificate`` is empty for a public key (微信支付公钥)."""

    serial: str
    key: RSAPrivateKey = field(repr=False)
    certificate: bytes = field(default=b"", repr=False)
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Merchant, mini-program and platform keys of one pretended account."""

    appid: str
    mchid: str
    mini_secret: str = field(repr=False)
    apiv3_key: bytes = field(repr=False)
    merchant_serial: str
    merchant_key: RSAPrivateKey = field(repr=False)
    public_key: Signer
    certificate: Signer

    @classmethod
    def generate(cls, now: datetime | None = None) -> "Identity":
        return cls(
            appid="wx" + secrets.token_hex(8),
            mchid="19" + digits(8),
            mini_secret=secrets.token_hex(16),
            apiv3_key=secrets.token_hex(16).encode(),
            merchant_serial=secrets.token_hex(20).upper(),
            merchant_key=new_key(),
            public_key=Signer("PUB_KEY_ID_" + digits(28), new_key()),
            certificate=new_certificate(now or machine_time()),
        )

    @classmethod
    def load_or_create(cls, path: Path) -> "Identity":
        """The identity in the file, so that shop and stand-in started apart agree; made at the first start."""
        if path.exists():
            return _from_json(json.loads(path.read_text(encoding="utf-8")))
        made = cls.generate()
        replace_file(path, json.dumps(_to_json(made)).encode(), secret=True)
        return made

    def pay_config(
        self,
        host: str,
        notify_url: str,
        mode: KeyMode = KeyMode.PUBLIC_KEY,
        clock: Callable[[], datetime] = machine_time,
    ) -> WechatPayConfig:
        """What the shop has to know to talk to this stand-in."""
        keys = {} if mode is KeyMode.CERTIFICATE else {self.public_key.serial: self.public_key.key.public_key()}
        return WechatPayConfig(
            appid=self.appid,
            mchid=self.mchid,
            merchant_serial=self.merchant_serial,
            merchant_key=self.merchant_key,
            apiv3_key=self.apiv3_key,
            notify_url=notify_url,
            refund_notify_url=notify_url,
            public_keys=keys,
            uses_certificates=mode is not KeyMode.PUBLIC_KEY,
            host=host,
            clock=clock,
        )

    def mini_config(self, host: str) -> MiniConfig:
        return MiniConfig(self.appid, self.mini_secret, host)


def digits(count: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(count))


def new_key() -> RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def new_certificate(now: datetime) -> Signer:
    """A platform certificate, valid from yesterday for five years."""
    key, number = new_key(), x509.random_serial_number()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "WeChat Pay stand-in")])
    start = now - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(number)
        .not_valid_before(start)
        .not_valid_after(start + _CERTIFICATE_LIFE)
        .sign(key, hashes.SHA256())
    )
    return _certificate_signer(key, certificate.public_bytes(serialization.Encoding.PEM))


def _certificate_signer(key: RSAPrivateKey, pem: bytes) -> Signer:
    certificate = x509.load_pem_x509_certificate(pem)
    serial = format(certificate.serial_number, "040X")
    return Signer(serial, key, pem, certificate.not_valid_before_utc, certificate.not_valid_after_utc)


def _to_json(identity: Identity) -> dict[str, Any]:
    return {
        "appid": identity.appid,
        "mchid": identity.mchid,
        "mini_secret": identity.mini_secret,
        "apiv3_key": base64.b64encode(identity.apiv3_key).decode(),
        "merchant_serial": identity.merchant_serial,
        "merchant_key": _pem(identity.merchant_key),
        "public_key_id": identity.public_key.serial,
        "public_key": _pem(identity.public_key.key),
        "certificate": identity.certificate.certificate.decode(),
        "certificate_key": _pem(identity.certificate.key),
    }


def _from_json(saved: dict[str, Any]) -> Identity:
    return Identity(
        appid=saved["appid"],
        mchid=saved["mchid"],
        mini_secret=saved["mini_secret"],
        apiv3_key=base64.b64decode(saved["apiv3_key"]),
        merchant_serial=saved["merchant_serial"],
        merchant_key=_key(saved["merchant_key"]),
        public_key=Signer(saved["public_key_id"], _key(saved["public_key"])),
        certificate=_certificate_signer(_key(saved["certificate_key"]), saved["certificate"].encode()),
    )


def _key(pem: str) -> RSAPrivateKey:
    return crypto.private_key(pem.encode(), is_made_here=True)


def _pem(key: RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
