"""Connections to the shop's database, SQLite or PostgreSQL, with the transactions said out loud.

The drivers' own habit of opening transactions is switched off: SQLite would begin them too late and without the write
lock. Every BEGIN, SAVEPOINT and COMMIT stands in this module.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from app.kernel.errors import KnownError
from app.kernel.filelock import FileLock

WRITER_LOCK_KEY = 0x5A47_0001
"""The PostgreSQL advisory lock that puts the batches of several service processes in one order."""


class CoreDatabase:
    """A connection that runs ready SQL with positional parameters."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.is_sqlite = connection.dialect.name == "sqlite"
        self.mark = "?" if self.is_sqlite else "%s"

    def execute(self, sql: str, params: Sequence[Any] = ()) -> Any:
        return self.connection.exec_driver_sql(sql, tuple(params) or None)

    def is_open(self) -> bool:
        """Whether the driver still has a transaction: a full disk ends it without a word."""
        raw: Any = self.connection.connection.dbapi_connection
        if self.is_sqlite:
            return bool(raw.in_transaction)
        return int(raw.info.transaction_status) == 2  # psycopg's INTRANS


class Store:
    """The database of one shop. SQLite: this process alone may write, kept by a lock beside the file."""

    def __init__(self, url: str | URL) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._engine: Engine = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url)
        self._lock = FileLock(self.file.with_name(self.file.name + ".lock")) if self.is_sqlite else None

    @property
    def file(self) -> Path:
        """The SQLite file; meaningless on PostgreSQL."""
        return Path(self.url.database or "")

    def claim(self) -> None:
        """Become the one process that writes; raises KnownError when another one is."""
        if self._lock is not None and not self._lock.acquire():
            raise KnownError(
                "store.in_use",
                "The shop's database {file} is used by another program on this computer. Close that one first.",
                {"file": str(self.file)},
            )

    def connect(self) -> Connection:
        """A writing connection; its owner closes it."""
        connection = self._engine.connect()
        if self.is_sqlite:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            connection.exec_driver_sql("PRAGMA synchronous=FULL")
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            connection.exec_driver_sql("PRAGMA query_only=OFF")
        return connection

    @contextmanager
    def reading(self) -> Iterator[CoreDatabase]:
        """One consistent snapshot for the whole block; nothing can be written in it."""
        with self._engine.connect() as connection:
            database = CoreDatabase(connection)
            if self.is_sqlite:
                database.execute("PRAGMA query_only=ON")
                database.execute("BEGIN")
            else:
                database.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                yield database
            finally:
                database.execute("ROLLBACK")

    def close(self) -> None:
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
    engine = create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": 30, "check_same_thread": False},
        pool_size=8,
        hide_parameters=True,  # an error's text goes to the log, and parameters are people's names and addresses
    )

    @event.listens_for(engine, "connect")
    def _set_up(raw: Any, record: Any) -> None:
        raw.execute("PRAGMA cache_size=-32000")

    return engine


def _postgres_engine(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        isolation_level="AUTOCOMMIT",
        pool_size=8,
        max_overflow=8,
        pool_pre_ping=True,
        connect_args={"options": "-c TimeZone=UTC"},
        hide_parameters=True,
    )


def storage_failed(error: DBAPIError) -> bool:
    """Whether the database itself is in trouble, rather than one statement being wrong."""
    if error.connection_invalidated:
        return True
    text = str(error.orig).lower()
    return any(sign in text for sign in ("disk is full", "disk i/o", "out of memory", "no space", "unable to open"))
