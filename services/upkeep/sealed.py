"""A file that only its password opens: pieces sealed one by one, so that nothing can be changed, swapped or cut off."""

import hmac
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.kernel.errors import KnownError

MAGIC = b"ZHANGGUI\x01"
PIECE = 1024 * 1024
_SALT = 16
_PROOF = 16
_TAG = 16
_MORE, _LAST = b"more", b"last"
_TIME_COST, _MEMORY_KIB, _LANES = 3, 65_536, 2


class NoBackup(Exception):
    """What a file holds is no whole backup, or not one of this password; whoever opened the file tells which."""

    def __init__(self, code: str, template: str) -> None:
        super().__init__(code)
        self.code, self.template = code, template


def damaged() -> NoBackup:
    return NoBackup(
        "backup.damaged", "{file} is damaged or not whole. Take another copy of it; nothing was changed here."
    )


def _wrong_password() -> NoBackup:
    return NoBackup("backup.wrong_password", "The password is not the one {file} was made with.")


def _not_one() -> NoBackup:
    return NoBackup("backup.not_one", "{file} is not a backup of a shop.")


@contextmanager
def telling_of(file: Path) -> Iterator[None]:
    """What is wrong with a backup becomes a KnownError that names its file."""
    try:
        yield
    except NoBackup as error:
        raise KnownError(error.code, error.template, {"file": str(file)}) from error


def require_magic(file: IO[bytes]) -> None:
    """Raises NoBackup for another kind of file; nobody types a password for one."""
    if file.read(len(MAGIC)) != MAGIC:
        raise _not_one()


def _keys(password: str, salt: bytes) -> tuple[bytes, bytes]:
    """The key, and a proof of the password that tells a wrong one from a damaged file."""
    made = hash_secret_raw(
        password.encode("utf-8"),
        salt,
        time_cost=_TIME_COST,
        memory_cost=_MEMORY_KIB,
        parallelism=_LANES,
        hash_len=32 + _PROOF,
        type=Type.ID,
    )
    return made[:32], made[32:]


class SealedWriter:
    """Takes bytes like a file; ``close`` writes the last piece, without which the file is not whole."""

    def __init__(self, file: IO[bytes], password: str) -> None:
        salt = os.urandom(_SALT)
        self._file = file
        key, proof = _keys(password, salt)
        self._cipher = AESGCM(key)
        self._number = 0
        self._waiting = bytearray()
        file.write(MAGIC + salt + proof)

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), _MORE)
            del self._waiting[:PIECE]
        return len(data)

    def close(self) -> None:
        self._seal(bytes(self._waiting), _LAST)
        self._waiting.clear()

    def _seal(self, piece: bytes, kind: bytes) -> None:
        # The key belongs to this file alone, so a counter never repeats with it.
        sealed = self._cipher.encrypt(_nonce(self._number), piece, kind)
        self._file.write(struct.pack(">4sI", kind, len(sealed)) + sealed)
        self._number += 1


class SealedReader:
    """Gives the bytes back; raises NoBackup for a wrong password and for a file that is not whole."""

    def __init__(self, file: IO[bytes], password: str) -> None:
        require_magic(file)
        salt, told = file.read(_SALT), file.read(_PROOF)
        if len(told) < _PROOF:
            raise damaged()
        key, proof = _keys(password, salt)
        if not hmac.compare_digest(proof, told):
            raise _wrong_password()
        self._file = file
        self._cipher = AESGCM(key)
        self._number = 0
        self._waiting = b""
        self._is_over = False

    def read(self, size: int = -1) -> bytes:
        out = bytearray()
        while not self._is_over and (size < 0 or len(out) + len(self._waiting) < size):
            out += self._waiting
            self._waiting = self._open()
        rest = len(self._waiting) if size < 0 else min(size - len(out), len(self._waiting))
        out += self._waiting[:rest]
        self._waiting = self._waiting[rest:]
        return bytes(out)

    def _open(self) -> bytes:
        head = self._file.read(8)
        if len(head) < 8:
            raise damaged()
        kind, length = struct.unpack(">4sI", head)
        if kind not in (_MORE, _LAST) or length > PIECE + _TAG:
            raise damaged()
        try:
            piece = self._cipher.decrypt(_nonce(self._number), self._file.read(length), kind)
        except InvalidTag as error:
            raise damaged() from error
        self._number += 1
        self._is_over = kind == _LAST
        if self._is_over and self._file.read(1):
            raise damaged()
        return piece


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")
