"""The signature of WeChat Pay v2, for the few calls that exist only there."""

import hashlib
import hmac
from collections.abc import Mapping


def v2_signature(params: Mapping[str, str], key: str, *, is_hmac: bool = False) -> str:
    """Upper-case hexadecimal; empty values and ``sign`` itself are left out."""
    pairs = "&".join(f"{name}={params[name]}" for name in sorted(params) if params[name] and name != "sign")
    text = f"{pairs}&key={key}".encode()
    digest = hmac.new(key.encode(), text, hashlib.sha256) if is_hmac else hashlib.md5(text)
    return digest.hexdigest().upper()
