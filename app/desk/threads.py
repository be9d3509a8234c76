"""The desktop's threads over its database: one that writes, a few that read."""

import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from app.kernel.errors import KnownError
from app.replica.reader import open_reader

if TYPE_CHECKING:
    from app.replica.holder import ReplicaHolder

    _Work = tuple[Callable[[ReplicaHolder], Any], Future[Any]]

T = TypeVar("T")
Query = Callable[[sqlite3.Connection], T]
EXPECTED = 0
"""The generation of a file that is read before the writer has opened it."""
log = logging.getLogger("desk")


class WriterThread:
    """Owns the replica. Work is done in the order it was handed in."""

    def __init__(self, open_holder: "Callable[[], ReplicaHolder]") -> None:
        self._open_holder = open_holder
        self._work: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="replica-writer", daemon=True)
        self._has_more = True
        self.location: tuple[int, Path] | None = None
        """Generation and path of the file in use; readers look at it before each query."""

    def expect(self, path: Path) -> None:
        """Let the readers begin with a file that is as this program leaves it; the writer opens the same one later."""
        self.location = (EXPECTED, path)

    def start(self) -> "Future[None]":
        """Opens the replica; the answer tells when it is open, or why it cannot be."""
        opened: Future[None] = Future()
        self._opened = opened
        self._thread.start()
        return opened

    def submit(self, work: "Callable[[ReplicaHolder], T]") -> "Future[T]":
        future: Future[T] = Future()
        self._work.put((work, future))
        return future

    def call(self, work: "Callable[[ReplicaHolder], T]") -> T:
        """As ``submit``, and wait for it; never from the GUI thread."""
        return self.submit(work).result()

    def close(self) -> None:
        """Finish what was handed in, then close the file."""
        self._work.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            holder = self._open_holder()
        except Exception as error:  # thread entry: whoever waits for the opening learns it
            self._opened.set_exception(error)
            return
        self.location = (holder.generation, holder.path)
        self._opened.set_result(None)
        while (item := self._next(holder)) is not None:
            work, future = item
            try:
                result = work(holder)
            except Exception as error:  # thread entry: the caller gets it, the next work goes on
                future.set_exception(error)
            else:
                self.location = (holder.generation, holder.path)
                future.set_result(result)
            self._tend(holder, is_idle=False)
        holder.close()

    def _next(self, holder: "ReplicaHolder") -> "_Work | None":
        """The next work to do; while there is none, what can wait is done."""
        while self._has_more:
            try:
                return self._work.get_nowait()
            except queue.Empty:
                self._tend(holder, is_idle=True)
        return self._work.get()

    def _tend(self, holder: "ReplicaHolder", *, is_idle: bool) -> None:
        try:
            self._has_more = holder.tend(is_idle=is_idle)
        except KnownError as error:  # a full disk: tried again after the next work, and nothing depends on it
            log.warning("the text index waits: %s", error)
            self._has_more = False
        except Exception as error:  # thread entry: searching does without the index, the counter goes on
            log.critical("the text index is not fed", exc_info=error)
            self._has_more = False


class ReaderThreads:
    """Run queries beside the writer; each thread opens the new file when the replica was exchanged."""

    def __init__(self, writer: WriterThread, count: int = 2) -> None:
        self._writer = writer
        self._unanswered = 0
        self._answered = threading.Condition()
        self._work: queue.SimpleQueue[tuple[Query[Any], Future[Any]] | None] = queue.SimpleQueue()
        self._early: tuple[Path, sqlite3.Connection] | None = None
        self._threads = [
            threading.Thread(target=self._run, name=f"replica-reader-{n}", daemon=True) for n in range(1, count + 1)
        ]

    def start(self) -> None:
        """They run from now on, if they do not yet."""
        for thread in self._threads:
            if thread.ident is None:
                thread.start()

    def start_early(self, path: Path, connection: sqlite3.Connection) -> None:
        """One of them runs, and reads with this connection; a second one would learn the file's tables once more."""
        if self._threads[0].ident is None:
            self._early = path, connection
            self._threads[0].start()
        else:
            connection.close()

    def submit(self, query: "Query[T]") -> "Future[T]":
        future: Future[T] = Future()
        with self._answered:
            self._unanswered += 1
        future.add_done_callback(self._count_answer)
        self._work.put((query, future))
        return future

    def settle(self, longest_s: float) -> None:
        """Wait until all that was asked has been answered, but no longer than this."""
        with self._answered:
            self._answered.wait_for(lambda: not self._unanswered, longest_s)

    def _count_answer(self, _answered: "Future[Any]") -> None:
        with self._answered:
            self._unanswered -= 1
            self._answered.notify_all()

    def close(self) -> None:
        for _ in self._threads:
            self._work.put(None)
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def _run(self) -> None:
        connection: sqlite3.Connection | None = None
        opened: tuple[int, Path] | None = None
        early, self._early = self._early, None
        if early is not None:
            opened, connection = (EXPECTED, early[0]), early[1]
        while (item := self._work.get()) is not None:
            query, future = item
            try:
                if opened != self._writer.location and self._writer.location is not None:
                    if connection is not None:
                        connection.close()
                    opened = self._writer.location
                    connection = open_reader(opened[1])
                if connection is None:
                    raise KnownError("replica.not_open", "The data on this computer is not open yet.")
                future.set_result(_snapshot(connection, query))
            except Exception as error:  # thread entry: the caller gets it
                future.set_exception(_told(error))
        if connection is not None:
            connection.close()


_STORAGE = frozenset({5, 6, 7, 9, 10, 11, 13, 14, 15, 26})
"""SQLite's codes for a disk, a file or memory that does not answer: https://www.sqlite.org/rescode.html."""


def _told(error: Exception) -> Exception:
    """What the disk does is known and can be asked again; a wrong statement, for one, is a bug and stays one."""
    if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _STORAGE:
        template = "The data on this computer could not be read ({why}). Look at its disk."
        told = KnownError("replica.unread", template, {"why": str(error)})
        told.__cause__ = error
        return told
    return error


def _snapshot(connection: sqlite3.Connection, query: "Query[T]") -> T:
    """Everything a query reads is of one instant."""
    connection.execute("BEGIN")
    try:
        return query(connection)
    finally:
        connection.execute("ROLLBACK")
