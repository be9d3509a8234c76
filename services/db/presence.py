"""Who works in a PostgreSQL database: every service says so by a shared lock, and a move wants it for itself.

SQLite has the lock beside its file for that. Both locks here belong to a session, so the server frees them when their
holder dies, however it dies.
"""

from sqlalchemy import Connection, Engine

PRESENCE_LOCK_KEY = 0x5A47_0002


class Presence:
    """Holds one session as long as the database is worked in."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._session: Connection | None = None

    def acquire(self, *, alone: bool) -> bool:
        """True when this process is there now, or was already; never waits."""
        if self._session is not None:
            return True
        session = self._engine.connect()
        try:
            asked = f"SELECT pg_try_advisory_lock{'' if alone else '_shared'}({PRESENCE_LOCK_KEY})"
            is_held = bool(session.exec_driver_sql(asked).scalar_one())
        except BaseException:
            _end(session)
            raise
        if is_held:
            self._session = session
        else:
            _end(session)
        return is_held

    def release(self) -> None:
        if self._session is not None:
            _end(self._session)
            self._session = None


def _end(session: Connection) -> None:
    """Ended rather than given back: the server may be gone, and then nothing can be said to it any more."""
    session.invalidate()
    session.close()
