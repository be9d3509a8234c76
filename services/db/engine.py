"""Connections to the shop's database, SQLite or PostgreSQL, with the transactions said out loud.

The drivers' own habit of opening transactions is switched off: SQLite would begin them too late and without the write
lock. Every BEGIN, SAVEPOINT and COMMIT stands in this module.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol, TypeVar

from app.kernel.errors import KnownError
from app.kernel.filelock import FileLock
from services.db import sqlite
from services.db.address import Address, read_address
from services.db.errors import DBAPIError
from services.db.presence import PRESENCE_LOCK_KEY, Presence

T = TypeVar("T")
WRITER_LOCK_KEY = 0x5A47_0001
"""The PostgreSQL advisory lock that puts the batches of several service processes in one order."""


MOST_READERS = 16
MOST_READERS_AT_SERVER = 8
KEPT_READERS = 8
MOST_GLANCERS = 4
MOST_CONNECTIONS = MOST_READERS_AT_SERVER + MOST_GLANCERS + 3
"""What a service takes of PostgreSQL's places at most: beside its readers there are the writer, the one that says that
somebody is here, and the one that listens for other services' commits. Half as many readers are as fast."""
READER_KB = 512
WRITER_KB = 4_000
"""What each connection keeps of SQLite's file. What it lacks the system has; with a million orders an order costs the
same with four times as much, and a reader has to begin anew after every commit anyway."""
STATEMENTS_OF_WRITER = 512
STATEMENTS_OF_READER = 64
"""How many ready statements each connection to SQLite keeps."""
_ALONE = "The shop's service is running with the database {place}. Close the service first, on every computer."
_AWAY = "The shop in {place} is being moved just now. Start the service when that has ended."


class OpenDatabase(Protocol):
    """A connection that runs ready SQL with positional parameters, by the driver's own hand.

    Its owner closes it, and is alone with it. ``raw`` is the driver's connection. Raises DBAPIError.
    """

    is_sqlite: bool
    mark: str
    raw: Any

    def execute(self, sql: str, params: Sequence[Any] = ()) -> Any: ...
    def execute_many(self, sql: str, params: Sequence[Sequence[Any]]) -> None:
        """The same statement for each of the parameters."""

    def slices(self, sql: str, most: int) -> Iterator[list[tuple[Any, ...]]]:
        """What is found, so many rows at a time: a shop's log does not fit into memory."""
        ...

    def is_open(self) -> bool:
        """Whether there is a transaction: a full disk ends it without a word."""
        ...

    def close(self) -> None: ...
    def __enter__(self) -> "OpenDatabase": ...
    def __exit__(self, *_: object) -> None: ...


class Readers:
    """Connections that only read, kept open between one snapshot and the next. May be used from any thread."""

    def __init__(self, connect: Callable[[], OpenDatabase], is_sqlite: bool, most: int) -> None:
        self._connect = connect
        self._is_sqlite = is_sqlite
        self._begin = "BEGIN" if is_sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        self._places = threading.BoundedSemaphore(most)
        self._kept: list[OpenDatabase] = []

    @contextmanager
    def snapshot(self) -> Iterator[OpenDatabase]:
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
                self._kept.pop().close()

    def _begun(self) -> OpenDatabase:
        try:
            database = self._kept.pop()  # the one used last, whose pages are still at hand
        except IndexError:
            return self._fresh()
        try:
            database.execute(self._begin)
        except DBAPIError:  # the server was started anew since, so the others are of no use either
            database.close()
            self.forget()
            return self._fresh()
        return database

    def _fresh(self) -> OpenDatabase:
        database = self._connect()
        with _closed_on_failure(database):
            if self._is_sqlite:
                database.execute("PRAGMA query_only=ON")
                database.execute(f"PRAGMA cache_size=-{READER_KB}")
            database.execute(self._begin)
        return database

    def _give_back(self, database: OpenDatabase) -> None:
        try:
            database.execute("ROLLBACK")
        except DBAPIError:
            self._abandon(database)
            raise
        if len(self._kept) < KEPT_READERS:
            self._kept.append(database)
        else:
            database.close()

    def _abandon(self, database: OpenDatabase) -> None:
        """After an error it is ended rather than kept: nobody knows in what state it is."""
        with suppress(DBAPIError):
            database.execute("ROLLBACK")
        database.close()


class Store:
    """The database of one shop. SQLite: this process alone may write, kept by a lock beside the file.

    PostgreSQL: several may, and whoever wants it alone is told that they are there. ``writer_pid`` is the server's own
    number for this process's writer, 0 without one.
    """

    def __init__(self, url: str | Address) -> None:
        self.url = read_address(url) if isinstance(url, str) else url
        self.is_sqlite = self.url.is_sqlite
        if self.is_sqlite:
            self.file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(self.file.with_name(self.file.name + ".lock")) if self.is_sqlite else None
        self._presence = None if self.is_sqlite else Presence(self._opened)
        self.most_readers = MOST_READERS if self.is_sqlite else MOST_READERS_AT_SERVER
        self._readers = Readers(self._opened, self.is_sqlite, self.most_readers)
        self._glancers = Readers(self._opened, self.is_sqlite, MOST_GLANCERS)
        self._glancing = ThreadPoolExecutor(MOST_GLANCERS, "glance")  # makes its threads when it has use for them
        self.writer_pid = 0

    @property
    def file(self) -> Path:
        """The SQLite file; meaningless on PostgreSQL."""
        return Path(self.url.database)

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
            raise KnownError("store.in_use", _ALONE if alone else _AWAY, {"place": self.url.shown})

    def connect(self) -> OpenDatabase:
        """A writing connection; its owner closes it."""
        if not self.is_sqlite:
            return self._opened()
        database = sqlite.connect(self.url.database, STATEMENTS_OF_WRITER)
        with _closed_on_failure(database):
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA synchronous=FULL")
            database.execute("PRAGMA foreign_keys=ON")
            database.execute(f"PRAGMA cache_size=-{WRITER_KB}")
        return database

    def writing(self) -> OpenDatabase:
        """The connection of a shop's one writer; its owner closes it.

        On PostgreSQL it waits while somebody has the database alone, and keeps them from it later: a service that has
        lost its connections, and its claim with them, is seen again as soon as it can write again.
        """
        database = self.connect()
        if not self.is_sqlite:
            with _closed_on_failure(database):
                database.execute(f"SELECT pg_advisory_lock_shared({PRESENCE_LOCK_KEY})")
            self.writer_pid = int(database.raw.info.backend_pid)
        return database

    def reading(self) -> AbstractContextManager[OpenDatabase]:
        """One consistent snapshot for the whole block; nothing can be written in it."""
        return self._readers.snapshot()

    def glancing(self) -> AbstractContextManager[OpenDatabase]:
        """The same for who asks little and must never wait until those who read much have ended."""
        return self._glancers.snapshot()

    def glance(self, look: Callable[[], T]) -> "Future[T]":
        """What ``look`` finds by ``glancing``, for a loop that must not wait for it itself.

        The threads are the store's own, as many as may glance: those of a loop are fewer on a small machine, and look
        up the names of hosts as well.
        """
        return self._glancing.submit(look)

    def forget_readers(self) -> None:
        """Close the readers that wait, so that the writing connection can be the last one."""
        self._readers.forget()
        self._glancers.forget()

    def close(self) -> None:
        self._glancing.shutdown()
        self.forget_readers()
        if self._presence is not None:
            self._presence.release()
        if self._lock is not None:
            self._lock.release()

    def around(self, raw: Any) -> OpenDatabase:
        """The same for a driver's connection that somebody else has made."""
        if self.is_sqlite:
            return sqlite.SqliteDatabase(raw)
        from services.db import postgres

        return postgres.PostgresDatabase(raw)

    def _opened(self) -> OpenDatabase:
        if self.is_sqlite:
            return sqlite.connect(self.url.database, STATEMENTS_OF_READER)
        from services.db import postgres  # 10 MB that SQLite has no use for

        return postgres.connect(self.url.whole)


@contextmanager
def _closed_on_failure(database: OpenDatabase) -> Iterator[None]:
    """What is not handed over has no other owner. Windows does not rename a damaged file that somebody holds open."""
    try:
        yield
    except BaseException:
        database.close()
        raise


def begin_batch(database: OpenDatabase, first: str = "") -> Any:
    """Open the writer's transaction with the lock taken, so that commits happen in the order of their numbers.

    Answers what ``first`` does, a statement that sees everything before this transaction: it travels along.
    """
    if database.is_sqlite:
        begun = database.execute("BEGIN IMMEDIATE")
        return database.execute(first) if first else begun
    lock = f"SELECT pg_advisory_xact_lock({WRITER_LOCK_KEY})"
    return database.execute("; ".join(("BEGIN ISOLATION LEVEL READ COMMITTED", lock, *filter(None, (first,)))))
