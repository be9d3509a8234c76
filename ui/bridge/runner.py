"""Brings answers and changes from the desktop's threads over to the windows' thread."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from app.kernel.errors import KnownError
from app.kernel.later import later

if TYPE_CHECKING:
    from app.desk import runner as outcomes
    from app.desk.desk import Desk
    from app.desk.runner import ChangeSet, Done, NeedsNetwork, Rejected
    from app.desk.threads import Query
    from app.domain.command import Command
else:
    outcomes = later("app.desk.runner")

T = TypeVar("T")
COALESCE_MS = 100
AGAIN_MS = (500, 1_000, 3_000, 10_000)
"""How long to wait before something is read again that could not be, the last one for all that follow."""
log = logging.getLogger("ui")


class QtRunner(QObject):
    """Runs operations and queries for presenters.

    Signals: refused(Rejected | NeedsNetwork) when nobody took a refusal; failed(KnownError) for the environment's
    faults; crashed(Exception) for bugs; blinded(bool) when something wanted cannot be read, and when all of it was.
    """

    refused = Signal(object)
    failed = Signal(object)
    crashed = Signal(object)
    blinded = Signal(object)
    _delivered = Signal(object)
    _changed = Signal(object)

    def __init__(self, desk: "Desk", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._is_closed = False
        self._listeners: list[Callable[[ChangeSet], None]] = []
        self._pending: list[ChangeSet] = []
        self._unread: set[_Reading] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COALESCE_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._delivered.connect(self._on_delivered)
        self._changed.connect(self._on_changed)
        self._stop_listening = desk.hub.listen(self._changed.emit)

    def perform(
        self,
        command: "Command",
        on_done: "Callable[[Done], None]",
        on_rejected: "Callable[[Rejected | NeedsNetwork], None] | None" = None,
        initiator: str = "",
        on_lost: Callable[[], None] | None = None,
    ) -> None:
        def settle(outcome: "Done | Rejected | NeedsNetwork") -> None:
            if isinstance(outcome, outcomes.Done):
                on_done(outcome)
            elif on_rejected is not None:
                on_rejected(outcome)
            else:
                self.refused.emit(outcome)

        self._await(self._desk.perform(command, initiator), settle, on_lost=on_lost)

    def query(
        self, query: "Query[T]", on_result: Callable[[T], None], on_lost: Callable[[], bool] | None = None
    ) -> None:
        if on_lost is None:
            self._await(self._desk.query(query), on_result)
        else:
            self._read(_Reading(query, on_result, on_lost))

    def when(
        self,
        future: "Future[T]",
        on_result: Callable[[T], None],
        on_failed: Callable[[KnownError], None] | None = None,
        on_lost: Callable[[], None] | None = None,
    ) -> None:
        self._await(future, on_result, on_failed, on_lost)

    def listen(self, on_change: "Callable[[ChangeSet], None]") -> Callable[[], None]:
        self._listeners.append(on_change)

        def stop() -> None:
            if on_change in self._listeners:
                self._listeners.remove(on_change)

        return stop

    def close(self) -> None:
        """Nothing is delivered any more; what still runs ends by itself."""
        self._is_closed = True
        self._stop_listening()
        self._listeners.clear()
        self._timer.stop()

    def _await(
        self,
        future: "Future[Any]",
        on_result: Callable[[Any], None],
        on_failed: Callable[[KnownError], None] | None = None,
        on_lost: Callable[[], None] | None = None,
    ) -> None:
        def fail(error: BaseException) -> None:
            if isinstance(error, KnownError):
                (on_failed or self.failed.emit)(error)
            else:
                log.critical("an operation failed", exc_info=error)
                self.crashed.emit(error)
            if on_lost is not None:
                on_lost()

        future.add_done_callback(lambda done: self._hand_over(done, on_result, fail))

    def _hand_over(self, future: "Future[Any]", *takers: Callable[[Any], None]) -> None:
        if not self._is_closed:
            self._delivered.emit((future, *takers))

    def _on_delivered(self, delivery: Any) -> None:
        future, on_result, fail = delivery
        if self._is_closed:
            return
        error = future.exception()
        if error is None:
            on_result(future.result())
        else:
            fail(error)

    # What could not be read

    def _read(self, reading: "_Reading") -> None:
        def answer(result: Any) -> None:
            self._forget(reading)
            reading.on_result(result)

        future = self._desk.query(reading.query)
        future.add_done_callback(lambda done: self._hand_over(done, answer, lambda error: self._lose(reading, error)))

    def _lose(self, reading: "_Reading", error: BaseException) -> None:
        if reading.lost:
            log.warning("still not read: %s", error)
        elif isinstance(error, KnownError):
            log.error("not read: %s", error)
        else:  # a bug is told, once; and it may be one of this moment alone, so it is read again like the others
            log.critical("a query failed", exc_info=error)
            self.crashed.emit(error)
        if not reading.on_lost():
            self._forget(reading)
            return
        if not self._unread:
            self.blinded.emit(True)
        self._unread.add(reading)
        pause = AGAIN_MS[min(reading.lost, len(AGAIN_MS) - 1)]
        reading.lost += 1
        QTimer.singleShot(pause, self, lambda: self._read_again(reading))

    def _read_again(self, reading: "_Reading") -> None:
        if not self._is_closed:
            self._read(reading)

    def _forget(self, reading: "_Reading") -> None:
        if reading in self._unread:
            self._unread.discard(reading)
            if not self._unread:
                self.blinded.emit(False)

    def _on_changed(self, changes: "ChangeSet") -> None:
        self._pending.append(changes)
        if not self._timer.isActive():
            self._timer.start(0 if len(self._pending) == 1 else COALESCE_MS)

    def _on_timer_timeout(self) -> None:
        pending, self._pending = self._pending, []
        for changes in pending:
            for listener in list(self._listeners):
                listener(changes)


class _Reading:
    """A query that is asked until it is answered or no longer wanted; ``lost`` counts in vain."""

    def __init__(self, query: "Query[Any]", on_result: Callable[[Any], None], on_lost: Callable[[], bool]) -> None:
        self.query, self.on_result, self.on_lost = query, on_result, on_lost
        self.lost = 0
