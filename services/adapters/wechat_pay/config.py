"""What the shop's WeChat Pay account is, and the doors to the outside that tests replace."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from app.kernel.errors import KnownError
from services.adapters.wechat_pay.crypto import APIV3_KEY_BYTES

HOST = "https://api.mch.weixin.qq.com"


def random_nonce() -> str:
    """32 upper-case hexadecimal signs from the system's own source."""
    return secrets.token_hex(16).upper()


def machine_time() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class WechatPayConfig:
    """One merchant account.

    ``public_keys`` holds the WeChat Pay public keys (微信支付公钥) by their id; the first one signs the answers we ask
    for. ``uses_certificates`` additionally downloads the platform certificates: on its own for older accounts, with
    public keys while an account moves from one to the other. No key is part of the printed form.
    """

    appid: str
    mchid: str
    merchant_serial: str
    merchant_key: RSAPrivateKey = field(repr=False)
    apiv3_key: bytes = field(repr=False)
    notify_url: str
    public_keys: Mapping[str, RSAPublicKey] = field(default_factory=dict, repr=False)
    uses_certificates: bool = False
    refund_notify_url: str | None = None
    host: str = HOST
    clock: Callable[[], datetime] = field(default=machine_time, repr=False)
    nonce: Callable[[], str] = field(default=random_nonce, repr=False)
    timeout_seconds: int = 10

    def __post_init__(self) -> None:
        if len(self.apiv3_key) != APIV3_KEY_BYTES:
            raise KnownError("pay.bad_apiv3_key", "The WeChat Pay APIv3 key must have exactly 32 characters.")
        if not self.public_keys and not self.uses_certificates:
            raise KnownError(
                "pay.no_platform_key", "WeChat Pay needs either its public key or the platform certificates."
            )
        if not (self.host.startswith("https://") or self.is_loopback):
            raise KnownError("pay.insecure_host", "WeChat Pay must be reached over https.")
        object.__setattr__(self, "public_keys", MappingProxyType(dict(self.public_keys)))

    @property
    def is_loopback(self) -> bool:
        """A stand-in on this machine: no TLS, and no proxy in between."""
        return self.host.startswith(("http://127.0.0.1:", "http://[::1]:"))

    @property
    def preferred_key_id(self) -> str | None:
        """The id to name in every request, so that answers are signed by that key; None in certificate mode."""
        return next(iter(self.public_keys), None)
