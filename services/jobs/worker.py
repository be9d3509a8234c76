"""The thread that works off the list of jobs and rings the timers."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.domain.incidents.model import RESTORED
from app.kernel.clock import Clock
from app.kernel.errors import KnownError
from app.tables.statements import Database
from services.authority import jobs
from services.authority.batch import Committed
from services.authority.executor import Executor
from services.authority.head import read_head
from services.authority.jobs import Job
from services.authority.lanes import Lane
from services.authority.submission import Busy, Moved
from services.db.engine import Store

LOOK_S = 1.0
LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
log = logging.getLogger("http")


@dataclass(frozen=True, slots=True)
class Handler:
    """How jobs of one kind are done: ``run`` returns when it succeeded and raises to be tried again.

    A job that ``spends_money`` waits while the shop may have been put back to an older state. ``table`` is the one
    whose changes bring such jobs; when that is not said a timer alone does, and no commit wakes anybody for them.
    """

    kind: str
    run: Callable[[Job], None]
    most_attempts: int = 20
    spends_money: bool = False
    table: str = ""


@dataclass(slots=True)
class Timer:
    """Something done again and again; ``due`` is when it is done next, at once at first."""

    name: str
    every: timedelta
    run: Callable[[], None]
    due: datetime | None = field(default=None)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failures: twice as long each time, an hour at most."""
    return min(FIRST_PAUSE * (1 << min(attempts - 1, 20)), LONGEST_PAUSE)


class Worker:
    """Owns one thread. A claim, an end and a pause are chores of the one writer; the work runs between them."""

    def __init__(
        self, store: Store, executor: Executor, clock: Clock, handlers: Sequence[Handler], timers: Sequence[Timer] = ()
    ) -> None:
        self._store = store
        self._executor = executor
        self._clock = clock
        self._handlers: Mapping[str, Handler] = {handler.kind: handler for handler in handlers}
        self._timers = list(timers)
        self._tables = frozenset(handler.table for handler in handlers if handler.table)
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
        executor.on_commit(self._on_commit)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Begin no other job. The one in hand goes on, and if it does not succeed it is due at the next start."""
        self._stopping.set()
        self._wake.set()

    def wait(self, seconds: float | None = None) -> None:
        """Until the job in hand has ended, or so long."""
        if self._thread.is_alive():
            self._thread.join(seconds)

    def close(self) -> None:
        """End after the job in hand."""
        self.stop()
        self.wait()

    @property
    def is_at_work(self) -> bool:
        """False before its start and after its end, which comes by itself when the shop has moved."""
        return self._thread.is_alive()

    def _on_commit(self, committed: Committed) -> None:
        if self._tables & committed.tables:
            self._wake.set()

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self._require_here()
                self.ring()
                while not self._stopping.is_set() and self.do_one():
                    pass
            except Moved:
                log.info("the shop has moved: no job is done here any more")
                return
            except Busy as busy:  # the writer is full or stopping: nothing was claimed, or its lease will end
                log.info("jobs wait: %s", busy.code)
            except Exception as error:  # a fault here must not end all jobs until the next start
                log.error("the jobs' thread met a fault", exc_info=error)
            self._wake.wait(LOOK_S)

    def _require_here(self) -> None:
        """Timers and jobs turn to the outside before they write: what a shop has left behind must not even ask."""
        with self._store.reading() as database:
            if read_head(database).moved_to:
                raise Moved

    def ring(self) -> None:
        """Run the timers that are due; one that fails is tried again when it is due next."""
        now = self._clock.now()
        for timer in self._timers:
            if timer.due is not None and now < timer.due:
                continue
            timer.due = now + timer.every
            try:
                timer.run()
            except KnownError as error:
                log.warning("timer %s: %s", timer.name, error)

    def do_one(self) -> bool:
        """Do the job that is due longest; False when there is none."""
        kinds = self._allowed_kinds()
        job: Job | None = self._chore(lambda database: jobs.claim(database, kinds, self._clock.now(), LEASE))
        if job is None:
            return False
        handler = self._handlers[job.kind]
        try:
            handler.run(job)
        except Exception as error:  # whatever stopped it, the job's end is written down and others go on
            self._failed(handler, job, error)
        else:
            self._chore(lambda database: jobs.finish(database, job))
        return True

    def _failed(self, handler: Handler, job: Job, error: Exception) -> None:
        text = f"{type(error).__name__}: {error}"
        if not isinstance(error, KnownError):
            log.error("job %s %s raised", job.kind, job.key, exc_info=error)
        if job.attempts >= handler.most_attempts:
            log.error("job %s %s is given up after %d attempts: %s", job.kind, job.key, job.attempts, text)
            self._chore(lambda database: jobs.give_up(database, job, text))
            return
        # A stop cuts the lines to the outside: that it got no answer is not the outside's fault.
        pause = timedelta(0) if self._stopping.is_set() else pause_after(job.attempts)
        run_at = self._clock.now() + pause
        log.info("job %s %s failed, again at %s: %s", job.kind, job.key, run_at, text)
        self._chore(lambda database: jobs.put_off(database, job, run_at, text))

    def _allowed_kinds(self) -> list[str]:
        if not any(handler.spends_money for handler in self._handlers.values()) or not self._is_in_doubt():
            return list(self._handlers)
        return [handler.kind for handler in self._handlers.values() if not handler.spends_money]

    def _is_in_doubt(self) -> bool:
        with self._store.reading() as database:
            record = database.execute(
                f"SELECT count(*) FROM incidents WHERE kind = {database.mark} AND state = 'open'", (RESTORED,)
            ).fetchone()
        return bool(record[0])

    def _chore(self, work: Callable[[Database], Any]) -> Any:
        return self._executor.chore(work, Lane.BULK).result()
