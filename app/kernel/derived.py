"""Ids that follow from words: whoever knows the words makes the same id, so trying twice does a thing once."""

import uuid

NAMESPACE = uuid.UUID("6f6b1c5e-7a0b-5f0e-9a57-2d1c2d8f7a10")


def derived_id(*parts: str) -> str:
    """The name-based id (RFC 9562, version 5) of these words, as lower-case text."""
    return str(uuid.uuid5(NAMESPACE, "\x1f".join(parts)))
