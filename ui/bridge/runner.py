"""Brings answers and changes from the desktop's threads over to the windows' thread."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from app.desk.desk import Desk
from app.desk.runner import ChangeSet, Done, NeedsNetwork, Rejected
from app.desk.threads import Query
from app.domain.command import Command
from app.kernel.errors import KnownError

T = TypeVar("T")
COALESCE_MS = 100
log = logging.getLogger("ui")


class QtRunner(QObject):
    """Runs operations and queries for presenters.

    Signals: refused(Rejected | NeedsNetwork) when nobody took a refusal; failed(KnownError) for the environment's
    faults; crashed(Exception) for bugs.
    """

    refused = Signal(object)
    failed = Signal(object)
    crashed = Signal(object)
    _delivered = Signal(object)
    _changed = Signal(object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._is_closed = False
        self._listeners: list[Callable[[ChangeSet], None]] = []
        self._pending: list[ChangeSet] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COALESCE_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._delivered.connect(self._on_delivered)
        self._changed.connect(self._on_changed)
        self._stop_listening = desk.hub.listen(self._changed.emit)

    def perform(
        self,
        command: Command,
        on_done: Callable[[Done], None],
        on_rejected: Callable[[Rejected | NeedsNetwork], None] | None = None,
        initiator: str = "",
        on_lost: Callable[[], None] | None = None,
    ) -> None:
        def settle(outcome: Done | Rejected | NeedsNetwork) -> None:
            if isinstance(outcome, Done):
                on_done(outcome)
            elif on_rejected is not None:
                on_rejected(outcome)
            else:
                self.refused.emit(outcome)

        self._await(self._desk.perform(command, initiator), settle, on_lost=on_lost)

    def query(self, query: "Query[T]", on_result: Callable[[T], None]) -> None:
        self._await(self._desk.query(query), on_result)

    def when(
        self,
        future: "Future[T]",
        on_result: Callable[[T], None],
        on_failed: Callable[[KnownError], None] | None = None,
        on_lost: Callable[[], None] | None = None,
    ) -> None:
        self._await(future, on_result, on_failed, on_lost)

    def listen(self, on_change: Callable[[ChangeSet], None]) -> Callable[[], None]:
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
        takers = (on_result, on_failed or self.failed.emit, on_lost or _nobody)
        future.add_done_callback(lambda done: self._hand_over(done, takers))

    def _hand_over(self, future: "Future[Any]", takers: tuple[Callable[..., None], ...]) -> None:
        if not self._is_closed:
            self._delivered.emit((future, *takers))

    def _on_delivered(self, delivery: Any) -> None:
        future, on_result, on_failed, on_lost = delivery
        if self._is_closed:
            return
        error = future.exception()
        if error is None:
            on_result(future.result())
            return
        if isinstance(error, KnownError):
            on_failed(error)
        else:
            log.critical("an operation failed", exc_info=error)
            self.crashed.emit(error)
        on_lost()

    def _on_changed(self, changes: ChangeSet) -> None:
        self._pending.append(changes)
        if not self._timer.isActive():
            self._timer.start(0 if len(self._pending) == 1 else COALESCE_MS)

    def _on_timer_timeout(self) -> None:
        pending, self._pending = self._pending, []
        for changes in pending:
            for listener in list(self._listeners):
                listener(changes)


def _nobody() -> None:
    """Nobody waits for it."""
