"""The replica's one writing connection, durable at every commit: the outbox is the only copy of a clerk's work."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.kernel.errors import KnownError
from app.replica.footprint import Footprint

DAMAGED = "replica.damaged"
_PRIMARY = 0xFF
"""SQLite says in the higher bits which of the disk's operations failed."""

_STATEMENTS = 512
"""Each row type has a handful; what is not kept is prepared anew every time."""


class ReplicaDatabase:
    """A SQLite file opened for writing; used by one thread at a time."""

    mark = "?"

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.footprints: dict[str, Footprint] = {}
        """What waiting commands have looked at and written, by their ids, as far as that is known since the opening."""
        self._connection = sqlite3.connect(
            path, isolation_level=None, timeout=30, check_same_thread=False, cached_statements=_STATEMENTS
        )
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("PRAGMA cache_size=-32000")

    def execute(self, sql: str, params: Sequence[Any] = ()) -> sqlite3.Cursor:
        return self._connection.execute(sql, params)

    def execute_many(self, sql: str, params: Iterable[Sequence[Any]]) -> None:
        self._connection.executemany(sql, params)

    def begin(self) -> None:
        self.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Raises KnownError when the disk is full: then nothing of the transaction is stored."""
        if not self._connection.in_transaction:
            raise KnownError("replica.lost", "The disk did not take the change; nothing was saved. Free some space.")
        self.execute("COMMIT")

    def rollback(self) -> None:
        self.footprints.clear()  # they may tell of what is undone now
        if self._connection.in_transaction:
            self.execute("ROLLBACK")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything or nothing. A full or failing disk becomes a KnownError that says what to do."""
        try:
            self.begin()
            yield
            self.commit()
        except sqlite3.OperationalError as error:
            self.rollback()
            raise _known(error) or error from error
        except sqlite3.DatabaseError as error:
            self.rollback()
            raise (_damaged() if type(error) is sqlite3.DatabaseError else error) from error
        except BaseException:
            self.rollback()
            raise

    def close(self) -> None:
        self._connection.close()


def _damaged() -> KnownError:
    template = "The data on this computer is damaged. It is fetched anew; what waits to be sent is kept."
    return KnownError(DAMAGED, template)


def _known(error: sqlite3.OperationalError) -> KnownError | None:
    if error.sqlite_errorcode & _PRIMARY in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return KnownError("replica.disk_full", "The disk is full; nothing was saved. Free some space and try again.")
    return None
