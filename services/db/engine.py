"""Connections to the shop's database, SQLite or PostgreSQL, with the transactions said out loud.

The drivers' own habit of opening transactions is switched off: SQLite would begin them too late and without the write
lock. Every BEGIN, SAVEPOINT and COMMIT stands in this module.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from app.kernel.errors import KnownError
from app.kernel.filelock import FileLock
from services.db.presence import PRESENCE_LOCK_KEY, Presence

WRITER_LOCK_KEY = 0x5A47_0001
"""The PostgreSQL advisory lock that puts the batches of several service processes in one order."""


MOST_READERS = 16
KEPT_READERS = 8
MOST_GLANCERS = 2
READER_KB = 512
WRITER_KB = 4_000
"""What each connection keeps of SQLite's file. What it lacks the system has; with a million orders an order costs the
same with four times as much, and a reader has to begin anew after every commit anyway."""
_ALONE = "The shop's service is running with the database {place}. Close the service first, on every computer."
_AWAY = "The shop in {place} is being moved just now. Start the service when that has ended."


class CoreDatabase:
    """A connection that runs ready SQL with positional parameters, by the driver's own hand.

    SQLAlchemy's way costs ten times as much for a look-up by key, and half of all that is done for an order is
    look-ups by key. Errors are SQLAlchemy's all the same.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.is_sqlite = connection.dialect.name == "sqlite"
        self.mark = "?" if self.is_sqlite else "%s"
        dbapi: Any = connection.dialect.dbapi
        self._failure: type[Exception] = dbapi.Error
        raw: Any = connection.connection.dbapi_connection
        self._raw = raw
        self._run: Any = raw.execute

    def execute(self, sql: str, params: Sequence[Any] = ()) -> Any:
        try:
            return self._run(sql, params) if params else self._run(sql)
        except self._failure as error:
            raise self._told(sql, error) from error

    def execute_many(self, sql: str, params: Sequence[Sequence[Any]]) -> None:
        """The same statement for each of the parameters."""
        if len(params) == 1:
            self.execute(sql, params[0])
            return
        cursor = self._raw.cursor()
        try:
            cursor.executemany(sql, params)
        except self._failure as error:
            raise self._told(sql, error) from error
        finally:
            cursor.close()

    def _told(self, sql: str, error: Exception) -> BaseException:
        """The error as everybody knows it, without parameters: they are people's names and addresses."""
        is_gone = self.connection.dialect.is_disconnect(error, self._raw, None)  # type: ignore[arg-type]
        if is_gone and not self.connection.invalidated:
            self.connection.invalidate(error)
        return DBAPIError.instance(
            sql,
            None,
            error,
            self._failure,
            hide_parameters=True,
            connection_invalidated=is_gone,
            dialect=self.connection.dialect,
        )

    def is_open(self) -> bool:
        """Whether the driver still has a transaction: a full disk ends it without a word."""
        if self.is_sqlite:
            return bool(self._raw.in_transaction)
        return int(self._raw.info.transaction_status) == 2  # psycopg's INTRANS


class Readers:
    """Connections that only read, kept open between one snapshot and the next. May be used from any thread."""

    def __init__(self, engine: Engine, is_sqlite: bool, most: int = MOST_READERS) -> None:
        self._engine = engine
        self._is_sqlite = is_sqlite
        self._begin = "BEGIN" if is_sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        self._places = threading.BoundedSemaphore(most)
        self._kept: list[CoreDatabase] = []

    @contextmanager
    def snapshot(self) -> Iterator[CoreDatabase]:
        """One consistent snapshot for the whole block; nothing can be written in it."""
        with self._places:
            database = self._begun()
            try:
                yield database
            except DBAPIError:
                self._abandon(database)
                raise
            except BaseException:  # a refusal: there is nothing wrong with the connection
                self._give_back(database)
                raise
            self._give_back(database)

    def forget(self) -> None:
        """Close what is kept."""
        with suppress(IndexError):  # another thread may take the last one between a look and the taking
            while True:
                self._kept.pop().connection.close()

    def _begun(self) -> CoreDatabase:
        try:
            database = self._kept.pop()  # the one used last, whose pages are still at hand
        except IndexError:
            return self._fresh()
        try:
            database.execute(self._begin)
        except DBAPIError:  # the server was started anew since, so the others are of no use either
            database.connection.close()
            self.forget()
            return self._fresh()
        return database

    def _fresh(self) -> CoreDatabase:
        database = CoreDatabase(self._engine.connect())
        if self._is_sqlite:
            database.execute("PRAGMA query_only=ON")
            database.execute(f"PRAGMA cache_size=-{READER_KB}")
        database.execute(self._begin)
        return database

    def _give_back(self, database: CoreDatabase) -> None:
        try:
            database.execute("ROLLBACK")
        except DBAPIError:
            self._abandon(database)
            raise
        if len(self._kept) < KEPT_READERS:
            self._kept.append(database)
        else:
            database.connection.close()

    def _abandon(self, database: CoreDatabase) -> None:
        """After an error it is ended rather than kept: nobody knows in what state it is."""
        with suppress(DBAPIError):
            database.execute("ROLLBACK")
        database.connection.close()


class Store:
    """The database of one shop. SQLite: this process alone may write, kept by a lock beside the file.

    PostgreSQL: several may, and whoever wants it alone is told that they are there.
    """

    def __init__(self, url: str | URL) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._engine: Engine = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url)
        self._lock = FileLock(self.file.with_name(self.file.name + ".lock")) if self.is_sqlite else None
        self._presence = None if self.is_sqlite else Presence(self._engine)
        self._readers = Readers(self._engine, self.is_sqlite)
        self._glancers = Readers(self._engine, self.is_sqlite, MOST_GLANCERS)

    @property
    def file(self) -> Path:
        """The SQLite file; meaningless on PostgreSQL."""
        return Path(self.url.database or "")

    def claim(self, *, alone: bool = False) -> None:
        """Become a process that writes, on SQLite always the only one; raises KnownError when another one forbids it.

        ``alone`` refuses while anybody is there, and keeps everybody away from then on.
        """
        if self._lock is not None and not self._lock.acquire():
            raise KnownError(
                "store.in_use",
                "The shop's database {file} is used by another program on this computer. Close that one first.",
                {"file": str(self.file)},
            )
        if self._presence is not None and not self._presence.acquire(alone=alone):
            raise KnownError(
                "store.in_use", _ALONE if alone else _AWAY, {"place": self.url.render_as_string(hide_password=True)}
            )

    def connect(self) -> Connection:
        """A writing connection; its owner closes it."""
        connection = self._engine.connect()
        if self.is_sqlite:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            connection.exec_driver_sql("PRAGMA synchronous=FULL")
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            connection.exec_driver_sql(f"PRAGMA cache_size=-{WRITER_KB}")
        return connection

    def writing(self) -> CoreDatabase:
        """A writing connection to run ready SQL by; its owner closes it.

        On PostgreSQL it waits while somebody has the database alone, and keeps them from it later: a service that has
        lost its connections, and its claim with them, is seen again as soon as it can write again.
        """
        database = CoreDatabase(self.connect())
        if not self.is_sqlite:
            database.execute(f"SELECT pg_advisory_lock_shared({PRESENCE_LOCK_KEY})")
        return database

    def reading(self) -> AbstractContextManager[CoreDatabase]:
        """One consistent snapshot for the whole block; nothing can be written in it."""
        return self._readers.snapshot()

    def glancing(self) -> AbstractContextManager[CoreDatabase]:
        """The same for who asks little and must never wait until those who read much have ended."""
        return self._glancers.snapshot()

    def forget_readers(self) -> None:
        """Close the readers that wait, so that the writing connection can be the last one."""
        self._readers.forget()
        self._glancers.forget()

    def close(self) -> None:
        self.forget_readers()
        if self._presence is not None:
            self._presence.release()
        self._engine.dispose()
        if self._lock is not None:
            self._lock.release()


def begin_batch(database: CoreDatabase) -> None:
    """Open the writer's transaction with the lock taken, so that commits happen in the order of their numbers."""
    if database.is_sqlite:
        database.execute("BEGIN IMMEDIATE")
    else:
        database.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        database.execute(f"SELECT pg_advisory_xact_lock({WRITER_LOCK_KEY})")


def _sqlite_engine(url: URL) -> Engine:
    Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    return create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": 30, "check_same_thread": False, "cached_statements": 512},
        poolclass=NullPool,  # readers are kept by ``Readers``, and there is one writer
        hide_parameters=True,  # an error's text goes to the log, and parameters are people's names and addresses
    )


def _postgres_engine(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
        connect_args={"options": "-c TimeZone=UTC"},
        hide_parameters=True,
    )


def storage_failed(error: DBAPIError) -> bool:
    """Whether the database itself is in trouble, rather than one statement being wrong."""
    return error.connection_invalidated or says_storage_failed(str(error.orig))


def says_storage_failed(text: str) -> bool:
    """The same for a driver's own words."""
    return any(
        sign in text.lower() for sign in ("disk is full", "disk i/o", "out of memory", "no space", "unable to open")
    )
