"""A shop's own account at WeChat: the mini-program and the merchant, checked before anything is opened with it."""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from app.kernel.errors import KnownError
from services.adapters.wechat_mini import MiniConfig, WechatMiniClient
from services.adapters.wechat_pay.client import WechatPayClient
from services.adapters.wechat_pay.config import WechatPayConfig

NOTIFY_PATH = "/wechat/pay/notify"
_LEAST_KEY_BITS = 2048
_NOT_PUBLIC = (".local", ".lan", ".internal", ".localhost", ".home", ".test")


@dataclass(frozen=True, slots=True)
class WechatAccount:
    """As the merchant's and the mini-program's consoles show it; keys are PEM texts. No secret is printed.

    Without ``public_key`` the account is one of the older kind, whose platform certificates are fetched.
    """

    appid: str
    app_secret: str = field(repr=False)
    mchid: str
    apiv3_key: str = field(repr=False)
    merchant_serial: str
    merchant_key: str = field(repr=False)
    notify_url: str
    public_key_id: str = ""
    public_key: str = field(default="", repr=False)

    def check(self) -> None:
        """Raises KnownError for the first thing that cannot be right, without quoting it."""
        for fits, code, template in _CHECKS:
            if not fits(self):
                raise KnownError(f"wechat.{code}", template)

    def open(self, transport: httpx.BaseTransport | None = None) -> tuple[WechatPayClient, WechatMiniClient]:
        """Clients for WeChat's own hosts; ``transport`` stands for the network in tests."""
        self.check()
        public_key = _public_key(self.public_key)
        config = WechatPayConfig(
            appid=self.appid,
            mchid=self.mchid,
            merchant_serial=self.merchant_serial,
            merchant_key=_checked_key(self.merchant_key),
            apiv3_key=self.apiv3_key.encode(),
            notify_url=self.notify_url,
            refund_notify_url=self.notify_url,
            public_keys={self.public_key_id: public_key} if public_key is not None else {},
            uses_certificates=public_key is None,
        )
        return WechatPayClient(config, transport), WechatMiniClient(MiniConfig(self.appid, self.app_secret), transport)


def _checked_key(pem: str) -> RSAPrivateKey:
    key = _private_key(pem)
    if key is None:
        raise AssertionError("an unchecked account is opened")
    return key


def _private_key(pem: str) -> RSAPrivateKey | None:
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError):  # TypeError: it is locked with a password
        return None
    return key if isinstance(key, RSAPrivateKey) and key.key_size >= _LEAST_KEY_BITS else None


def _public_key(pem: str) -> RSAPublicKey | None:
    try:
        key = load_pem_public_key(pem.encode())
    except ValueError:
        return None
    return key if isinstance(key, RSAPublicKey) and key.key_size >= _LEAST_KEY_BITS else None


def _has_public_key_or_none(account: WechatAccount) -> bool:
    if not account.public_key and not account.public_key_id:
        return True
    return re.fullmatch(r"PUB_KEY_ID_\d{8,64}", account.public_key_id) is not None and (
        _public_key(account.public_key) is not None
    )


def is_public_address(url: str) -> bool:
    """Whether WeChat could reach it: https, and a name that means the same everywhere."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    if parts.scheme != "https" or parts.username or "." not in host or host.endswith(_NOT_PUBLIC):
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return True
    return False


def _is_notify_url(account: WechatAccount) -> bool:
    url = account.notify_url
    return len(url) <= 256 and is_public_address(url) and url.endswith(NOTIFY_PATH) and "?" not in url


_CHECKS: tuple[tuple[Callable[[WechatAccount], bool], str, str], ...] = (
    (
        lambda a: re.fullmatch(r"wx[0-9a-f]{16}", a.appid) is not None,
        "bad_appid",
        "The mini-program's app id begins with wx and has 18 signs.",
    ),
    (
        lambda a: re.fullmatch(r"[0-9a-fA-F]{32}", a.app_secret) is not None,
        "bad_app_secret",
        "The mini-program's app secret has 32 signs from 0 to 9 and a to f.",
    ),
    (
        lambda a: re.fullmatch(r"\d{8,10}", a.mchid) is not None,
        "bad_mchid",
        "The merchant number has 8 to 10 digits.",
    ),
    (
        lambda a: len(a.apiv3_key.encode()) == 32,
        "bad_apiv3_key",
        "The WeChat Pay APIv3 key must have exactly 32 characters.",
    ),
    (
        lambda a: re.fullmatch(r"[0-9A-F]{40}", a.merchant_serial) is not None,
        "bad_serial",
        "The serial number of the merchant's certificate has 40 signs from 0 to 9 and A to F.",
    ),
    (
        lambda a: _private_key(a.merchant_key) is not None,
        "bad_merchant_key",
        "The merchant's key is the text of apiclient_key.pem, from its first line to its last.",
    ),
    (
        _has_public_key_or_none,
        "bad_public_key",
        "WeChat Pay's public key comes with its id, PUB_KEY_ID_ and digits, or leave both empty.",
    ),
    (
        _is_notify_url,
        "bad_notify_url",
        "The address for notices is https://NAME/wechat/pay/notify with a public name: WeChat reaches neither this"
        " computer nor the shop's own network.",
    ),
)
