"""A shop's database that fails where a test wants it to: at a statement, at a commit, or for want of room."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

from services.db.engine import CoreDatabase, Store

Strike = Callable[[str, Connection], None]


def broken(sql: str, why: str = "disk I/O error") -> OperationalError:
    """The error that a driver raises when its storage fails."""
    return OperationalError(sql, None, OSError(why))


def nothing(sql: str, connection: Connection) -> None:
    """No fault."""


class WatchedDatabase(CoreDatabase):
    """Passes every statement on, and tells before and after it."""

    def __init__(self, connection: Connection, store: "FaultyStore") -> None:
        super().__init__(connection)
        self._store = store

    def execute(self, sql: str, params: Sequence[Any] = ()) -> Any:
        self._store.before(sql, self.connection)
        result = super().execute(sql, params)
        self._store.after(sql, self.connection)
        return result

    def execute_many(self, sql: str, params: Sequence[Sequence[Any]]) -> None:
        for each in params:
            self.execute(sql, each)


class FaultyStore(Store):
    """``before`` and ``after`` are called around each statement of the writer and may raise or kill.

    ``max_pages`` is the room on the disk that each new writing connection finds (SQLite).
    """

    def __init__(self, url: str | URL, max_pages: int | None = None) -> None:
        super().__init__(url)
        self.before: Strike = nothing
        self.after: Strike = nothing
        self.max_pages = max_pages
        self.connections = 0

    def writing(self) -> CoreDatabase:
        connection = self.connect()
        self.connections += 1
        if self.max_pages is not None:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {self.max_pages}")
        return WatchedDatabase(connection, self)
