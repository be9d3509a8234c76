"""What a page shows, read again whenever it may have changed: never twice at once, and not while nobody looks."""

from collections.abc import Callable
from typing import Generic, TypeVar

from app.desk.runner import Runner
from app.desk.threads import Query

T = TypeVar("T")


class Rereading(Generic[T]):
    """``query`` is made anew for each reading, and ``found`` is told what was read until ``close``.

    ``later`` is called for what changed while an answer was on its way: ``read``, or whatever gathers several changes
    before it calls that.
    """

    def __init__(self, runner: Runner, query: Callable[[], Query[T]], found: Callable[[T], None]) -> None:
        self._runner = runner
        self._query = query
        self._found = found
        self._is_shown = True
        self._is_asking = False
        self._is_stale = False
        self.is_closed = False
        self.later: Callable[[], None] = self.read

    def read(self) -> None:
        """Ask again, or remember to."""
        if not self._is_shown or self._is_asking:
            self._is_stale = True
            return
        self._is_asking, self._is_stale = True, False
        self._runner.query(self._query(), self._on_found, lambda: not self.is_closed)

    def shown(self) -> None:
        """Somebody looks: whatever may have changed meanwhile is read."""
        self._is_shown = True
        self.read()

    def hidden(self) -> None:
        self._is_shown = False

    def close(self) -> None:
        self.is_closed = True

    def _on_found(self, value: T) -> None:
        self._is_asking = False
        if self.is_closed:
            return
        self._found(value)
        if self._is_stale:
            self.later()
