"""The arithmetic of WeChat Pay v3: RSA signatures, sealed resources and encrypted fields. No rules live here."""

import base64
import binascii

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.kernel.errors import KnownError

SIGNATURE_TYPE = "WECHATPAY2-SHA256-RSA2048"
APIV3_KEY_BYTES = 32
_GCM_TAG_BYTES = 16
_GCM_NONCE_BYTES = 12
# The protocol prescribes SHA-1 here; it serves as the mask generator of OAEP, where its collisions do not matter.
_OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)


class Undecipherable(Exception):
    """A sealed text does not open with the key we hold."""


def sign(key: RSAPrivateKey, message: bytes) -> str:
    """The base64 RSA-PKCS1v15-SHA256 signature."""
    return base64.b64encode(key.sign(message, padding.PKCS1v15(), hashes.SHA256())).decode("ascii")


def is_signed_by(key: RSAPublicKey, message: bytes, signature: str) -> bool:
    """Whether the base64 signature is the key's own; only the one canonical spelling of the base64 counts."""
    raw = _canonical_base64(signature)
    if raw is None:
        return False
    try:
        key.verify(raw, message, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def open_resource(key: bytes, nonce: str, associated_data: str, ciphertext: str) -> bytes:
    """Decrypt an AEAD_AES_256_GCM resource; raises ``Undecipherable``."""
    sealed = _canonical_base64(ciphertext)
    if sealed is None or len(sealed) < _GCM_TAG_BYTES or len(nonce.encode()) != _GCM_NONCE_BYTES:
        raise Undecipherable("not a sealed resource")
    try:
        return AESGCM(key).decrypt(nonce.encode(), sealed, associated_data.encode())
    except InvalidTag:
        raise Undecipherable("the APIv3 key does not open this resource") from None


def seal_resource(key: bytes, nonce: str, associated_data: str, plaintext: bytes) -> str:
    """Encrypt as WeChat Pay does."""
    sealed = AESGCM(key).encrypt(nonce.encode(), plaintext, associated_data.encode())
    return base64.b64encode(sealed).decode("ascii")


def encrypt_field(key: RSAPublicKey, text: str) -> str:
    """Encrypt one sensitive request field for the holder of the key; an empty text stays empty."""
    return base64.b64encode(key.encrypt(text.encode(), _OAEP)).decode("ascii") if text else ""


def decrypt_field(key: RSAPrivateKey, text: str) -> str:
    """Decrypt one sensitive field; raises ``Undecipherable``."""
    if not text:
        return ""
    raw = _canonical_base64(text)
    if raw is None:
        raise Undecipherable("not a base64 text")
    try:
        return key.decrypt(raw, _OAEP).decode()
    except ValueError:
        raise Undecipherable("the private key does not open this field") from None


def private_key(pem: bytes, *, is_made_here: bool = False) -> RSAPrivateKey:
    """Read the merchant's private key; a file that is none is a fault a person can mend.

    A key that this program has made itself is not searched for factors that are no primes: that takes 30 ms.
    """
    try:
        key = serialization.load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=is_made_here)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise KnownError("pay.bad_private_key", "The WeChat Pay merchant private key is not an RSA key in PEM form.")
    return key


def public_key(pem: bytes) -> RSAPublicKey:
    """Read the WeChat Pay public key (微信支付公钥)."""
    try:
        key = serialization.load_pem_public_key(pem)
    except ValueError:
        key = None
    if not isinstance(key, RSAPublicKey):
        raise KnownError("pay.bad_public_key", "The WeChat Pay public key is not an RSA key in PEM form.")
    return key


def _canonical_base64(text: str) -> bytes | None:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if base64.b64encode(raw).decode("ascii") == text else None
