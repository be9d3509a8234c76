"""Identifiers: made by whoever creates the thing, never by the database."""

import secrets
import time
import uuid

NAMESPACE = uuid.UUID("6f6b1c5e-7a0b-5f0e-9a57-2d1c2d8f7a10")
"""Root of all derived ids: the same name gives the same id on every machine."""


def uuid7() -> str:
    """A new time-ordered id (RFC 9562, version 7) as lower-case text.

    Its milliseconds make keys grow, so that an index is filled at one end; its 74 random bits make it unique
    without asking anybody. Nothing reads the time back out of it.
    """
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=value))


def derived(*parts: str) -> str:
    """The id that belongs to these words: two processes that both try make the same command of it."""
    return str(uuid.uuid5(NAMESPACE, "\x1f".join(parts)))


class IdSource:
    """Where new ids come from, so that a test or a demo shop can have repeatable ones."""

    def new(self) -> str:
        return uuid7()
