"""The single writer: takes what waits, decides it in one transaction, commits once, and only then answers.

What waits comes from ``lanes``, one transaction is ``batch``; what becomes of a batch whose transaction was lost stands
here in ``_run``.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from app.domain.registry import Registry
from app.kernel.clock import Clock
from app.tables.statements import Database
from services.authority.batch import BatchRunner, Committed, LostBatch, Outcome
from services.authority.deciding import Decider
from services.authority.lanes import Lane, Lanes
from services.authority.submission import Answer, Busy, Intent, Item
from services.db.engine import Store
from services.db.errors import DBAPIError

BATCH_MS = 20
log = logging.getLogger("authority")


class Executor:
    """Owns the writer's thread. All methods but the private ones may be called from any thread.

    A batch decides for ``batch_ms`` by ``ticks``, which are seconds: what is left then waits for the next one.
    """

    def __init__(
        self,
        store: Store,
        registry: Registry,
        clock: Clock,
        batch_ms: int = BATCH_MS,
        ticks: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._store = store
        self._lanes = Lanes()
        self._runner = BatchRunner(store, Decider(registry, clock), clock, batch_ms / 1000, ticks)
        self._listeners: list[Callable[[Committed], None]] = []
        self._thread = threading.Thread(target=self._work, name="authority-writer", daemon=True)

    def start(self) -> None:
        self._store.claim()
        self._thread.start()

    def close(self) -> None:
        """Decide what was accepted, then stop; the writing connection is closed last of all."""
        self._lanes.close()
        if self._thread.is_alive():
            self._thread.join()

    def on_commit(self, listener: Callable[[Committed], None]) -> None:
        """Call ``listener`` after each batch that changed something, on the writer's thread: it must be quick."""
        self._listeners.append(listener)

    def tell(self, committed: Committed) -> None:
        """Another process has committed: whoever keeps something derived from rows here has to know it too."""
        for listener in self._listeners:
            listener(committed)

    def submit(
        self,
        intent: Intent,
        lane: Lane = Lane.LIVE,
        after_applied: Callable[[Database], None] | None = None,
    ) -> "Future[Answer]":
        """Queue a command. ``after_applied`` runs in its savepoint: what it writes stands or falls with the command."""
        future: Future[Answer] = Future()
        source = intent.device_id or "service"
        self._lanes.put(lane, Item(future, source, intent=intent, after_applied=after_applied))
        return future

    def chore(self, work: Callable[[Database], Any], lane: Lane = Lane.LIVE) -> "Future[Any]":
        """Queue a write that is no command: sessions, heartbeats, leases, job claims."""
        future: Future[Any] = Future()
        self._lanes.put(lane, Item(future, "service", chore=work))
        return future

    def _work(self) -> None:
        while not self._lanes.is_drained:
            batch = [item for item in self._lanes.take(timeout_s=1.0) if _is_wanted(item)]
            if batch:
                self._run_guarded(batch)
        self._store.forget_readers()
        self._runner.close()

    def _run_guarded(self, batch: list[Item]) -> None:
        """A fault of our own must not leave callers waiting for ever: it is logged, and they learn it."""
        try:
            self._run(batch)
        except Exception as error:
            log.critical("the writer failed", exc_info=error)
            self._runner.start_afresh()
            for item in batch:
                if not item.future.done():
                    item.future.set_exception(error)

    def _run(self, batch: list[Item]) -> None:
        try:
            outcomes, committed = self._runner.run(batch)
        except (LostBatch, DBAPIError) as error:
            log.warning("batch of %d lost, running its commands singly: %s", len(batch), error)
            self._runner.start_afresh()
            self._run_singly(batch)
            return
        concluded = {id(outcome.item) for outcome in outcomes}
        self._lanes.give_back([item for item in batch if id(item) not in concluded])  # its time did not suffice
        self._conclude(outcomes, committed)

    def _run_singly(self, batch: list[Item]) -> None:
        """Each command once more, alone: the log tells which were stored after all, and only what poisons fails.

        A chore leaves no trace to know it by, so its caller has to ask again.
        """
        failed_devices: set[str] = set()
        for item in batch:
            if item.source in failed_devices:
                self._conclude([Outcome(item, error=Busy("command.earlier_failed", 1))], None)
            elif item.intent is None:
                self._conclude([Outcome(item, error=Busy("storage_unavailable", 1))], None)
            elif not self._run_alone(item) and item.intent.device_id is not None:
                failed_devices.add(item.source)

    def _run_alone(self, item: Item) -> bool:
        """False when the command was not decided."""
        try:
            outcomes, committed = self._runner.run([item])
        except (LostBatch, DBAPIError) as error:
            log.error("storage unavailable: %s", error)
            self._runner.start_afresh()
            self._conclude([Outcome(item, error=Busy("storage_unavailable", 5))], None)
            return False
        self._conclude(outcomes, committed)
        return outcomes[0].error is None

    def _conclude(self, outcomes: list[Outcome], committed: Committed | None) -> None:
        """Listeners first: whoever is told "applied" must not be shown what a cache has kept from before."""
        if committed is not None:
            for listener in self._listeners:
                _tell(listener, committed)
        for outcome in outcomes:
            if outcome.error is not None:
                outcome.item.future.set_exception(outcome.error)
            else:
                outcome.item.future.set_result(outcome.value)


def _is_wanted(item: Item) -> bool:
    """False when the caller has given up; from here on it no longer can, and the answer can be set."""
    if not item.is_begun:  # what a batch had no time for comes again
        item.is_begun = item.future.set_running_or_notify_cancel()
    return item.is_begun


def _tell(listener: Callable[[Committed], None], committed: Committed) -> None:
    """What is stored stays stored, whatever a listener makes of it."""
    try:
        listener(committed)
    except Exception as error:
        log.error("a listener failed after the commit", exc_info=error)
