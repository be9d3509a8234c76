"""Telling desktops that there is something to pull: a server-sent event without content after each commit."""

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from app.tables.schema import KINDS
from app.tables.statements import Database
from services.authority.batch import Committed
from services.authority.head import read_head
from services.db.engine import Store
from services.db.errors import DBAPIError, words_of
from services.http import exchange
from services.http.exchange import SharedCounts

if TYPE_CHECKING:
    import psycopg

CHANNEL = "zhanggui_feed"
HEARTBEAT_S = 15.0
LOOK_S = 1.0
TELL_S = 0.25
"""How soon the other processes hear what this one has let through."""
EVENT = b"event: pull\ndata: pull\n\n"
COMMENT = b": still here\n\n"
log = logging.getLogger("http")


class Subscriber:
    """One open stream; any number of commits before it is read are one event."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def wake(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has just ended, and with it the stream
            self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self, timeout_s: float) -> bool:
        """True when there was a commit, False when the time was over."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


class PokeHub:
    """Wakes every open stream. ``poke`` may be called from any thread."""

    def __init__(self) -> None:
        self._subscribers: set[Subscriber] = set()
        self._lock = threading.Lock()
        self.is_closed = False

    def poke(self) -> None:
        with self._lock:
            for subscriber in self._subscribers:
                subscriber.wake()

    def on_commit(self, committed: Committed) -> None:
        self.poke()

    def close(self) -> None:
        """End all streams, or they would hold up the end of the service."""
        self.is_closed = True
        self.poke()

    async def events(self) -> AsyncIterator[bytes]:
        """The stream's bytes: an event at once, because something may have been missed, then one after commits."""
        subscriber = Subscriber()
        with self._lock:
            self._subscribers.add(subscriber)
        try:
            yield EVENT
            while not self.is_closed:
                is_news = await subscriber.wait(HEARTBEAT_S)
                if not self.is_closed:
                    yield EVENT if is_news else COMMENT
        finally:
            with self._lock:
                self._subscribers.discard(subscriber)


class FeedWatch:
    """On PostgreSQL other processes commit too: hears their notices, and looks once a second in case one was lost.

    ``tell`` is told which tables have changed, so that what is kept of them here is read anew. ``own`` is the server's
    number for this process's writer, whose commits have been told of already. ``counts`` travel by the same line.
    """

    def __init__(
        self,
        store: Store,
        hub: PokeHub,
        tell: Callable[[Committed], None] = lambda _: None,
        own: Callable[[], int] = lambda: 0,
        counts: SharedCounts | None = None,
    ) -> None:
        self._store = store
        self._own = own
        self._hub = hub
        self._tell = tell
        self._counts = counts
        self._last_seq = -1
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="feed-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        import psycopg as driver  # a fifth of a start's time, and of no use on SQLite

        while not self._stop.is_set():
            try:
                self._listen()
            except (driver.Error, DBAPIError) as error:
                log.warning("listening to the feed failed, trying again: %s", words_of(error))
                self._stop.wait(LOOK_S)

    def _listen(self) -> None:
        import psycopg

        from services.db.postgres import patient

        with psycopg.connect(patient(self._store.url.whole), autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            connection.execute(f"LISTEN {exchange.CHANNEL}")
            look_at = 0.0
            while not self._stop.is_set():
                for heard in connection.notifies(timeout=TELL_S):  # to their end: the library forgets the rest
                    self._hear(heard, connection.info.backend_pid)
                if time.monotonic() >= look_at:
                    look_at = time.monotonic() + LOOK_S
                    self._look()
                for text in self._counts.untold() if self._counts is not None else ():
                    connection.execute("SELECT pg_notify(%s, %s)", (exchange.CHANNEL, text))

    def _hear(self, heard: "psycopg.Notify", own: int) -> None:
        if heard.channel == exchange.CHANNEL:
            if self._counts is not None and heard.pid != own:
                self._counts.hear(heard.payload)
        elif heard.pid != self._own() and not self._is_known(heard.payload):
            self._hub.poke()
            self._look()

    def _is_known(self, payload: str) -> bool:
        """Whether a notice tells of what was looked at; one without a number may tell of anything."""
        return payload.isdecimal() and int(payload) <= self._last_seq

    def _look(self) -> None:
        with self._store.reading() as database:
            last_seq = read_head(database).last_seq
            tables = self._changed(database, last_seq)
        if last_seq != self._last_seq:
            self._last_seq = last_seq
            self._tell(Committed(last_seq, tables))
            self._hub.poke()

    def _changed(self, database: Database, last_seq: int) -> frozenset[str]:
        """The tables that changed since the last look; at the first one any may have."""
        if self._last_seq < 0:
            return frozenset(KINDS)
        if last_seq == self._last_seq:
            return frozenset()
        records = database.execute(
            f"SELECT DISTINCT table_name FROM change_log WHERE seq > {database.mark}", (self._last_seq,)
        ).fetchall()
        return frozenset(str(record[0]) for record in records)
