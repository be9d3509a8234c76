"""How presenters reach the desktop: work is started here, answers come back on the windows' own thread."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol, TypeVar

from app.desk.threads import Query
from app.domain.command import Command
from app.domain.outcome import Rejected
from app.kernel.errors import KnownError
from app.replica.changes import ChangeSet
from app.replica.outcome import Done, NeedsNetwork

T = TypeVar("T")
__all__ = ["ChangeSet", "Done", "NeedsNetwork", "Rejected", "Runner"]


class Runner(Protocol):
    """Presenters receive one; they know neither threads nor Qt.

    A refusal by the shop's rules comes to ``on_rejected``; without it a toast says the sentence. Faults of the
    environment and bugs are shown by the runner itself; ``on_lost`` then lets whoever waits go on.
    """

    def perform(
        self,
        command: Command,
        on_done: Callable[[Done], None],
        on_rejected: Callable[[Rejected | NeedsNetwork], None] | None = None,
        initiator: str = "",
        on_lost: Callable[[], None] | None = None,
    ) -> None:
        """Exactly one of the three is called: it was done, it was refused, or nobody can tell, as on a full disk."""
        ...

    def query(self, query: Query[T], on_result: Callable[[T], None], on_lost: Callable[[], bool] | None = None) -> None:
        """The newest answer wins: ask again and the older answer of the same caller may still come first.

        ``on_lost`` is called when it could not be read, as on a faulty disk; it answers whether it is still wanted, and
        then it is asked again after a moment, while a line above the pages says that what stands there may be old.
        Without it a toast says what went wrong, and nothing is asked again.
        """
        ...

    def when(
        self,
        future: "Future[T]",
        on_result: Callable[[T], None],
        on_failed: Callable[[KnownError], None] | None = None,
        on_lost: Callable[[], None] | None = None,
    ) -> None:
        """Wait for what somebody else has begun; without ``on_failed`` a toast says what went wrong.

        ``on_lost`` is called whenever it did not succeed, after that was told.
        """
        ...

    def listen(self, on_change: Callable[[ChangeSet], None]) -> Callable[[], None]:
        """Be told of changes, at most ten times a second; answers the function that ends it."""
        ...
