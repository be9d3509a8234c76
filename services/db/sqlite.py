"""A connection to an SQLite file, by the driver of the standard library."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from services.db.errors import DBAPIError, told


class SqliteDatabase:
    """A connection that runs ready SQL with positional parameters. Its owner closes it, and is alone with it."""

    is_sqlite = True
    mark = "?"

    def __init__(self, raw: sqlite3.Connection) -> None:
        self.raw: Any = raw
        self._run = raw.execute

    def execute(self, sql: str, params: Sequence[Any] = ()) -> Any:
        try:
            return self._run(sql, params)
        except sqlite3.Error as error:
            raise self._told(sql, error) from None

    def execute_many(self, sql: str, params: Sequence[Sequence[Any]]) -> None:
        """The same statement for each of the parameters."""
        try:
            self.raw.executemany(sql, params).close()
        except sqlite3.Error as error:
            raise self._told(sql, error) from None

    def slices(self, sql: str, most: int) -> Iterator[list[tuple[Any, ...]]]:
        """What is found, so many rows at a time: a shop's log does not fit into memory."""
        cursor = self.execute(sql)
        try:
            while rows := cursor.fetchmany(most):
                yield rows
        except sqlite3.Error as error:
            raise self._told(sql, error) from None
        finally:
            cursor.close()

    def is_open(self) -> bool:
        """Whether the driver still has a transaction: a full disk ends it without a word."""
        return bool(self.raw.in_transaction)

    def close(self) -> None:
        self.raw.close()

    def __enter__(self) -> "SqliteDatabase":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _told(self, sql: str, error: sqlite3.Error) -> DBAPIError:
        return told(sql, error, is_gone="closed database" in str(error))


def connect(file: str, cached_statements: int) -> SqliteDatabase:
    """Transactions are said out loud: the driver's own would begin too late and without the write lock."""
    try:
        raw = sqlite3.connect(
            file, timeout=30, isolation_level=None, check_same_thread=False, cached_statements=cached_statements
        )
    except sqlite3.Error as error:
        raise told("", error) from None
    return SqliteDatabase(raw)
