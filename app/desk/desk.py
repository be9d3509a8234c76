"""What the windows may ask of the desktop: do something, show something, and be told of changes."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from app.desk.hub import ChangeHub
from app.kernel.errors import KnownError
from app.kernel.later import later

if TYPE_CHECKING:
    from app.desk import asking
    from app.desk.session import OnDuty
    from app.desk.threads import Query, ReaderThreads, WriterThread
    from app.domain import outcome as decided
    from app.domain.command import Command
    from app.domain.registry import Registry
    from app.kernel.clock import Clock
    from app.kernel.ids import IdSource
    from app.replica import local
    from app.replica import outcome as outcomes
    from app.replica.holder import ReplicaHolder
    from app.replica.outcome import LocalOutcome
    from app.wire.messages import AskReply, AskRequest
else:
    asking, local = later("app.desk.asking"), later("app.replica.local")
    decided, outcomes = later("app.domain.outcome"), later("app.replica.outcome")

T = TypeVar("T")
log = logging.getLogger("desk")


class Desk:
    """Owns nothing visible. All methods return at once; answers come as futures, on the thread that made them."""

    def __init__(
        self,
        writer: "WriterThread",
        readers: "ReaderThreads",
        registry: "Callable[[], Registry]",
        clock: "Clock",
        ids: "IdSource",
    ) -> None:
        """``registry`` is asked with each command, so that no rule is read before the first."""
        self._writer = writer
        self._readers = readers
        self._registry = registry
        self.clock = clock
        self.ids = ids
        self.hub = ChangeHub()
        self.on_duty: OnDuty | None = None
        self.is_locked = False
        self._nudge: Callable[[], None] = lambda: None
        self._ask: Callable[[AskRequest], Future[AskReply]] | None = None

    def on_outgoing(self, nudge: Callable[[], None]) -> None:
        """Call ``nudge`` after each command that waits to go up."""
        self._nudge = nudge

    def on_asking(self, ask: "Callable[[AskRequest], Future[AskReply]]") -> None:
        """Where requests go that only the shop's service may decide."""
        self._ask = ask

    def perform(self, command: "Command", initiator: str = "") -> "Future[LocalOutcome]":
        """Do it here and now, unplugged or not; durable at Done. ``initiator`` lets its own page ignore the echo.

        What only the service may decide is asked there and then, after all that waits to go up; Done comes when its
        rows are here, and NeedsNetwork while the line does not stand.
        """
        if self.is_locked:
            return _failed(KnownError("desk.locked", "This computer is no longer one of the shop's. Ask the owner."))
        if self.on_duty is None:
            return _failed(KnownError("desk.nobody", "Choose who is on duty first."))
        issue = local.Issue(self.ids.new(), self.on_duty.staff_id, self.clock.now(), initiator)

        def work(holder: "ReplicaHolder") -> "LocalOutcome | AskRequest":
            outcome = local.perform(holder.database, self._registry(), command, issue)
            log.info("%s %s: %s", command.NAME, issue.command_id, _verdict(outcome))
            if isinstance(outcome, outcomes.NeedsNetwork):
                return asking.request_of(command, issue, holder.meta().device_id)
            if isinstance(outcome, outcomes.Done):
                self.hub.publish(outcome.changes)
                self._nudge()
            return outcome

        return asking.decided(self._writer.submit(work), self._ask or asking.nobody, initiator)

    def query(self, query: "Query[T]") -> "Future[T]":
        """Run a query of ``app.desk.queries`` on a reading thread."""
        return self._readers.submit(query)

    def resolve_issue(self, issue_id: str) -> "Future[None]":
        """A person has settled an issue; that is recorded with the time and the name."""
        by = self.on_duty.staff_id if self.on_duty else ""
        at = self.clock.now()

        def work(holder: "ReplicaHolder") -> None:
            self.hub.publish(local.resolve_issue(holder.database, issue_id, by, at))

        return self._writer.submit(work)


def _failed(error: KnownError) -> "Future[LocalOutcome]":
    future: Future[LocalOutcome] = Future()
    future.set_exception(error)
    return future


def _verdict(outcome: "LocalOutcome") -> str:
    match outcome:
        case outcomes.Done():
            return "done"
        case decided.Rejected():
            return f"refused {outcome.code}"
        case outcomes.NeedsNetwork():
            return "needs the network"
