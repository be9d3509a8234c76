"""Who works in a PostgreSQL database: every service says so by a shared lock, and a move wants it for itself.

SQLite has the lock beside its file for that. Both locks here belong to a session, so the server frees them when their
holder dies, however it dies.
"""

from collections.abc import Callable
from typing import Any, Protocol

PRESENCE_LOCK_KEY = 0x5A47_0002


class Session(Protocol):
    """A connection as far as it counts here."""

    def execute(self, sql: str) -> Any: ...
    def close(self) -> None: ...


class Presence:
    """Holds one session as long as the database is worked in."""

    def __init__(self, connect: Callable[[], Session]) -> None:
        self._connect = connect
        self._session: Session | None = None

    def acquire(self, *, alone: bool) -> bool:
        """True when this process is there now, or was already; never waits."""
        if self._session is not None:
            return True
        session = self._connect()
        try:
            asked = f"SELECT pg_try_advisory_lock{'' if alone else '_shared'}({PRESENCE_LOCK_KEY})"
            is_held = bool(session.execute(asked).fetchone()[0])
        except BaseException:
            session.close()
            raise
        if is_held:
            self._session = session
        else:
            session.close()
        return is_held

    def release(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None
