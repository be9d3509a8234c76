"""Holding the writer back, so that what is sent meanwhile comes to it at once."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Any

from services.authority.executor import Executor

_PATIENCE_S = 30.0


class Gate:
    """``with Gate(executor) as gate``: nothing is decided until ``gate.open()``, or the end of the block."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._is_closed = threading.Event()
        self._is_open = threading.Event()
        self._held: Future[Any] | None = None

    def __enter__(self) -> "Gate":
        self._held = self._executor.chore(self._hold)
        assert self._is_closed.wait(_PATIENCE_S)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.open()

    def _hold(self, database: Any) -> None:
        self._is_closed.set()
        assert self._is_open.wait(_PATIENCE_S)

    def opening(self, act: Callable[[], None]) -> None:
        """Let go, with ``act`` done on the writer's thread before it takes what has waited."""
        assert self._held is not None
        self._held.add_done_callback(lambda held: act())
        self.open()

    def open(self) -> None:
        """Let go, and wait until the gate's own batch is over."""
        self._is_open.set()
        assert self._held is not None
        self._held.result(_PATIENCE_S)
