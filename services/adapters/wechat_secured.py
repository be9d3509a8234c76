"""The optional signing and sealing of mini-program server calls (服务端 API 安全)."""

import base64
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_TAG_BYTES = 16
_PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)


@dataclass(frozen=True, slots=True)
class SealedBody:
    """The three base64 fields that replace the JSON body."""

    iv: str
    data: str
    authtag: str


@dataclass(frozen=True, slots=True)
class ApiSecurity:
    """The console's symmetric key and who uses it; the key is not part of the printed form."""

    appid: str
    key_number: str
    key: bytes = field(repr=False)

    def seal(self, url: str, timestamp: int, iv: bytes, plaintext: bytes) -> SealedBody:
        sealed = AESGCM(self.key).encrypt(iv, plaintext, self._associated(url, timestamp))
        parts = (iv, sealed[:-_TAG_BYTES], sealed[-_TAG_BYTES:])
        return SealedBody(*(base64.b64encode(part).decode() for part in parts))

    def open(self, url: str, timestamp: int, body: SealedBody) -> bytes:
        """Raises ``cryptography.exceptions.InvalidTag`` if it was sealed otherwise."""
        iv, data, tag = (base64.b64decode(part) for part in (body.iv, body.data, body.authtag))
        return AESGCM(self.key).decrypt(iv, data + tag, self._associated(url, timestamp))

    def message(self, url: str, timestamp: int, body: str) -> bytes:
        """The four signed lines; unlike in payments there is no line feed at the end."""
        return f"{url}\n{self.appid}\n{timestamp}\n{body}".encode()

    def _associated(self, url: str, timestamp: int) -> bytes:
        return f"{url}|{self.appid}|{timestamp}|{self.key_number}".encode()


def sign_pss(key: RSAPrivateKey, message: bytes) -> str:
    return base64.b64encode(key.sign(message, _PSS, hashes.SHA256())).decode()


def is_pss_signed(key: RSAPublicKey, message: bytes, signature: str) -> bool:
    try:
        key.verify(base64.b64decode(signature), message, _PSS, hashes.SHA256())
    except InvalidSignature:
        return False
    return True
