"""Who works in a PostgreSQL database: every service says so by a shared lock, and a move wants it for itself.

SQLite has the lock beside its file for that. Both locks here belong to a session, so the server frees them when their
holder dies, however it dies.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from services.db.errors import DBAPIError

PRESENCE_LOCK_KEY = 0x5A47_0002


_PLACES = f"""
SELECT least(
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
        - coalesce(current_setting('reserved_connections', true)::int, 0),
    (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database()),
    (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user)
), (
    SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database AND d.datname = current_database()
    WHERE locktype = 'advisory' AND classid = 0 AND objid = {PRESENCE_LOCK_KEY} AND objsubid = 1 AND granted
)
"""


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
        """Nobody is here any more when this returns: a server notices only a while later that a session has ended."""
        if self._session is not None:
            with suppress(DBAPIError):  # a session that has died holds nothing
                self._session.execute("SELECT pg_advisory_unlock_all()")
            self._session.close()
            self._session = None


def places(session: Session) -> tuple[int, int]:
    """How many connections the server allows this account in this database, and how many services work in it now."""
    allowed, claims = session.execute(_PLACES).fetchone()
    return allowed, (claims + 1) // 2  # each claims it by its presence and by its writer
