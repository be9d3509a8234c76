"""Messages WeChat pushes to a mini-program's server (安全模式), and the older signatures of its neighbours."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from app.kernel.errors import KnownError

_BLOCK_BYTES = 32
_IV_BYTES = 16
_RANDOM_BYTES = 16
_LENGTH_BYTES = 4


class PushDistrusted(Exception):
    """A pushed message that is not signed with our token or not sealed with our key."""


@dataclass(frozen=True, slots=True)
class PushConfig:
    """Token and key of the message push; neither is part of the printed form."""

    appid: str
    token: str = field(repr=False)
    aes_key: bytes = field(repr=False)

    @classmethod
    def from_console(cls, appid: str, token: str, encoding_aes_key: str) -> "PushConfig":
        """From the 43 characters the console shows."""
        try:
            key = base64.b64decode(encoding_aes_key + "=", validate=True)
        except binascii.Error:
            key = b""
        if len(key) != _BLOCK_BYTES:
            raise KnownError("wechat.bad_aes_key", "The EncodingAESKey of the message push must have 43 characters.")
        return cls(appid, token, key)


def push_signature(token: str, *parts: str) -> str:
    """SHA-1 over the sorted texts; the protocol's own choice."""
    return hashlib.sha1("".join(sorted((token, *parts))).encode()).hexdigest()


def is_url_check(config: PushConfig, signature: str, timestamp: str, nonce: str) -> bool:
    """Whether the console's probe of the address is genuine; the route then echoes ``echostr``."""
    return hmac.compare_digest(push_signature(config.token, timestamp, nonce).encode(), signature.encode())


def open_push(config: PushConfig, msg_signature: str, timestamp: str, nonce: str, encrypted: str) -> bytes:
    """The message inside ``Encrypt``; raises ``PushDistrusted``."""
    expected = push_signature(config.token, timestamp, nonce, encrypted)
    if not hmac.compare_digest(expected.encode(), msg_signature.encode()):
        raise PushDistrusted("signature")
    try:
        sealed = base64.b64decode(encrypted, validate=True)
    except (binascii.Error, ValueError):
        raise PushDistrusted("not base64") from None
    if not sealed or len(sealed) % _BLOCK_BYTES:
        raise PushDistrusted("length")
    decryptor = Cipher(algorithms.AES(config.aes_key), modes.CBC(config.aes_key[:_IV_BYTES])).decryptor()
    return _unwrap(config.appid, decryptor.update(sealed) + decryptor.finalize())


def seal_push(config: PushConfig, random16: bytes, message: bytes) -> str:
    """``Encrypt`` as WeChat makes it: random, length, message, app id, padded to 32-byte blocks."""
    plain = random16 + len(message).to_bytes(_LENGTH_BYTES, "big") + message + config.appid.encode()
    missing = _BLOCK_BYTES - len(plain) % _BLOCK_BYTES
    encryptor = Cipher(algorithms.AES(config.aes_key), modes.CBC(config.aes_key[:_IV_BYTES])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([missing]) * missing) + encryptor.finalize()).decode()


def profile_signature(raw_data: str, session_key: str) -> str:
    """What the phone's ``signature`` of a raw profile must be."""
    return hashlib.sha1((raw_data + session_key).encode()).hexdigest()


def intracity_signature(body: Mapping[str, str | int], token: str) -> str:
    """The ``sign`` of a same-city delivery callback, over every field but itself.

    The official example's value belongs to a text whose ``&times`` became ``×``; this is the plain form.
    """
    pairs = "&".join(f"{name}={body[name]}" for name in sorted(body) if name != "sign")
    return hashlib.md5(f"{pairs}&token={token}".encode()).hexdigest()


def _unwrap(appid: str, plain: bytes) -> bytes:
    padding = plain[-1]
    if not 1 <= padding <= _BLOCK_BYTES or plain[-padding:] != bytes([padding]) * padding:
        raise PushDistrusted("padding")
    content = plain[_RANDOM_BYTES:-padding]
    size = int.from_bytes(content[:_LENGTH_BYTES], "big")
    message, sender = content[_LENGTH_BYTES : _LENGTH_BYTES + size], content[_LENGTH_BYTES + size :]
    if len(message) != size or sender != appid.encode():
        raise PushDistrusted("app id")
    return message
