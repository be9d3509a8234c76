"""Requests that the service alone may decide: asked on the spot while the line stands, and never kept for later."""

import queue
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol

from app.kernel.errors import KnownError
from app.sync.transport import Refused, Unreachable
from app.wire.messages import AskReply, AskRequest


class NotAsked(Exception):
    """The line does not stand: nothing was asked, and nothing has happened."""


class Unanswered(KnownError):
    """It was asked, and the answer was lost: it may have been done or not."""

    def __init__(self) -> None:
        super().__init__(
            "sync.unanswered",
            "The line broke before the answer came. Look whether it was done before you do it again.",
        )


class Asker(Protocol):
    def ask(self, request: AskRequest) -> AskReply: ...


@dataclass(frozen=True, slots=True)
class _Waiting:
    request: AskRequest
    answer: "Future[AskReply]" = field(default_factory=Future)


class Questions:
    """Handed in by any thread, put to the service by the network's own one."""

    def __init__(self, is_online: Callable[[], bool], wake: Callable[[], None]) -> None:
        self._is_online = is_online
        self._wake = wake
        self._is_closed = False
        self._waiting: queue.SimpleQueue[_Waiting] = queue.SimpleQueue()

    def put(self, request: AskRequest) -> "Future[AskReply]":
        """Ends with NotAsked, Unanswered or the verdict, whose rows are here by then."""
        waiting = _Waiting(request)
        self._waiting.put(waiting)
        if self._is_online() and not self._is_closed:
            self._wake()
        else:
            self.give_back()  # the line may have gone while it was handed in: whoever comes second sees it
        return waiting.answer

    def put_to(self, asker: Asker, exchange: Callable[[], None]) -> None:
        """Ask everything that waits. ``exchange`` brings up what was done before, and down what came of it.

        Raises what the line does.
        """
        while not self._waiting.empty():
            exchange()
            waiting = self._next()
            if waiting is None:
                return
            try:
                reply = asker.ask(waiting.request)
            except Unreachable:
                waiting.answer.set_exception(Unanswered())
                raise
            except Refused:  # the service has not looked at it: it wants something else first
                waiting.answer.set_exception(NotAsked())
                raise
            except BaseException as error:
                waiting.answer.set_exception(error)
                raise
            try:
                exchange()
            finally:
                waiting.answer.set_result(reply)

    def give_back(self) -> None:
        """The line does not stand: nobody waits for it."""
        while (waiting := self._next()) is not None:
            waiting.answer.set_exception(NotAsked())

    def close(self) -> None:
        """Nobody asks any more."""
        self._is_closed = True
        self.give_back()

    def _next(self) -> _Waiting | None:
        try:
            return self._waiting.get_nowait()
        except queue.Empty:
            return None
