"""The test vectors and the throw-away account they were made with."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPrivateNumbers,
    RSAPublicKey,
    RSAPublicNumbers,
)

from services.adapters.wechat_pay import crypto
from services.adapters.wechat_pay.config import WechatPayConfig

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("wechat-vectors.json").read_text(encoding="utf-8"))
KEYS = VECTORS["keys"]


def _private(numbers: dict[str, str]) -> RSAPrivateKey:
    part = {name: int(value, 16) for name, value in numbers.items()}
    public = RSAPublicNumbers(part["e"], part["n"])
    return RSAPrivateNumbers(
        part["p"], part["q"], part["d"], part["dmp1"], part["dmq1"], part["iqmp"], public
    ).private_key()


MERCHANT_KEY = _private(KEYS["merchant_private_key_numbers"])
PLATFORM_KEY = _private(KEYS["platform_private_key_numbers"])


def platform_public_key() -> RSAPublicKey:
    return crypto.public_key(KEYS["platform_public_key_pem"].encode())


def merchant_public_key() -> RSAPublicKey:
    return crypto.public_key(KEYS["merchant_public_key_pem"].encode())


def config(timestamp: str, nonce: str = "N0NCE") -> WechatPayConfig:
    """The account of the vectors at the second and with the nonce a vector was made with."""
    return WechatPayConfig(
        appid=KEYS["appid"],
        mchid=KEYS["mchid"],
        merchant_serial=KEYS["merchant_cert_serial"],
        merchant_key=MERCHANT_KEY,
        apiv3_key=KEYS["apiv3_key"].encode(),
        notify_url="https://shop.example.com/wechatpay/notify",
        public_keys={KEYS["platform_public_key_id"]: platform_public_key()},
        clock=lambda: datetime.fromtimestamp(int(timestamp), UTC),
        nonce=lambda: nonce,
    )
