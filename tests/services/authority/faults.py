"""A shop's database that fails where a test wants it to: at a statement, at a commit, or for want of room."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from services.db.address import Address
from services.db.engine import OpenDatabase, Store
from services.db.errors import OperationalError

Strike = Callable[[str, OpenDatabase], None]


def broken(sql: str, why: str = "disk I/O error") -> OperationalError:
    """The error that a driver raises when its storage fails."""
    return OperationalError(sql, OSError(why))


def nothing(sql: str, database: OpenDatabase) -> None:
    """No fault."""


class WatchedDatabase:
    """Passes every statement on, and tells before and after it."""

    def __init__(self, database: OpenDatabase, store: "FaultyStore") -> None:
        self._database = database
        self._store = store
        self.is_sqlite = database.is_sqlite
        self.mark = database.mark
        self.raw = database.raw

    def execute(self, sql: str, params: Sequence[Any] = ()) -> Any:
        self._store.before(sql, self._database)
        result = self._database.execute(sql, params)
        self._store.after(sql, self._database)
        return result

    def execute_many(self, sql: str, params: Sequence[Sequence[Any]]) -> None:
        for each in params:
            self.execute(sql, each)

    def slices(self, sql: str, most: int) -> Iterator[list[tuple[Any, ...]]]:
        return self._database.slices(sql, most)

    def is_open(self) -> bool:
        return self._database.is_open()

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> "WatchedDatabase":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class FaultyStore(Store):
    """``before`` and ``after`` are called around each statement of the writer and may raise or kill.

    ``max_pages`` is the room on the disk that each new writing connection finds (SQLite).
    """

    def __init__(self, url: str | Address, max_pages: int | None = None) -> None:
        super().__init__(url)
        self.before: Strike = nothing
        self.after: Strike = nothing
        self.max_pages = max_pages
        self.connections = 0

    def writing(self) -> OpenDatabase:
        database = self.connect()
        self.connections += 1
        if self.max_pages is not None:
            database.execute(f"PRAGMA max_page_count = {self.max_pages}")
        return WatchedDatabase(database, self)
