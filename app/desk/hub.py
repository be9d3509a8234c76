"""Tells everybody who shows the replica what has changed in it."""

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.replica.changes import ChangeSet

log = logging.getLogger("desk")
Listener = Callable[["ChangeSet"], None]


class ChangeHub:
    """Listeners are called on the thread that publishes: the windows' bridge only hands over to theirs."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Answers the function that ends the listening."""
        with self._lock:
            self._listeners.append(listener)

        def stop() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return stop

    def publish(self, changes: "ChangeSet") -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener(changes)
            except Exception as error:  # what is done is done: the caller must not be told that it failed
                log.error("a listener failed after a change", exc_info=error)
