"""A disk that is full or cannot be written, told in a sentence instead of as a fault of the program."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from app.kernel.errors import KnownError
from services.db.errors import DBAPIError, says_storage_failed


@contextmanager
def needing_room(code: str, template: str, **params: str) -> Iterator[None]:
    """Raises KnownError for what the storage refused in the block; ``template`` may name ``{why}``."""
    try:
        yield
    except (OSError, sqlite3.Error, DBAPIError) as error:
        why = _why(error)
        if why is None:
            raise
        raise KnownError(code, template, {**params, "why": why}) from error


def _why(error: Exception) -> str | None:
    """None when it is not the storage's fault."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return said if says_storage_failed(said) else None
