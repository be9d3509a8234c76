"""A runner for presenters' tests: the real domain over a real replica file, at once and in the caller's thread."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from typing import Any, TypeVar

from app.desk import asking
from app.desk.hub import ChangeHub
from app.desk.runner import ChangeSet, Done, NeedsNetwork, Rejected
from app.desk.session import OnDuty
from app.desk.threads import Query
from app.domain.command import Command
from app.domain.registry import Registry
from app.kernel.clock import Clock
from app.kernel.errors import KnownError
from app.kernel.ids import IdSource
from app.replica import local
from app.replica.holder import ReplicaHolder
from app.replica.outcome import LocalOutcome
from app.replica.reader import open_reader
from app.sync.steps import Steps
from app.wire.messages import AskReply, AskRequest
from tests.support.line import DirectWriter, Line

T = TypeVar("T")


class DirectRunner:
    """Implements ``app.desk.runner.Runner``. ``refused`` keeps refusals that nobody took; ``given`` all commands."""

    def __init__(self, holder: ReplicaHolder, registry: Registry, clock: Clock, ids: IdSource, on_duty: OnDuty) -> None:
        self.holder = holder
        self.registry = registry
        self.clock = clock
        self.ids = ids
        self.on_duty = on_duty
        self.hub = ChangeHub()
        self.refused: list[Rejected | NeedsNetwork] = []
        self.given: list[Command] = []
        self.line: Line | None = None
        """Where the service can be asked; None: unplugged."""
        self.fault: KnownError | None = None
        """What keeps every command from being done, as a full disk would."""
        self.is_blind = False
        """Nothing can be read, as on a faulty disk; ``see_again`` asks for what is still wanted."""
        self.unread: list[Any] = []

    def perform(
        self,
        command: Command,
        on_done: Callable[[Done], None],
        on_rejected: Callable[[Rejected | NeedsNetwork], None] | None = None,
        initiator: str = "",
        on_lost: Callable[[], None] | None = None,
    ) -> None:
        if self.fault is not None:
            if on_lost is not None:
                on_lost()
            return
        issue = local.Issue(self.ids.new(), self.on_duty.staff_id, self.clock.now(), initiator)
        outcome = local.perform(self.holder.database, self.registry, command, issue)
        if isinstance(outcome, NeedsNetwork) and self.line is not None and not self.line.is_cut:
            outcome = self._asked(asking.request_of(command, issue, self.holder.meta().device_id), initiator)
        self.given.append(command)
        if isinstance(outcome, Done):
            self.publish(outcome.changes)
            on_done(outcome)
        elif on_rejected is not None:
            on_rejected(outcome)
        else:
            self.refused.append(outcome)

    def _asked(self, request: AskRequest, initiator: str) -> LocalOutcome:
        """Up with what waits, then the question, then down with what came of it: as the sync does it."""
        assert self.line is not None
        steps = Steps(DirectWriter(self.holder), self.line, self.clock, self.publish)
        while steps.push():
            pass
        reply = steps.ask(request)
        while steps.pull():
            pass
        done: Future[LocalOutcome | AskRequest] = Future()
        answered: Future[AskReply] = Future()
        done.set_result(request)
        answered.set_result(reply)
        return asking.decided(done, lambda _: answered, initiator).result(0)

    def query(
        self, query: "Query[T]", on_result: Callable[[T], None], on_lost: Callable[[], bool] | None = None
    ) -> None:
        if self.is_blind:
            if on_lost is not None and on_lost():
                self.unread.append((query, on_result, on_lost))
            return
        with closing(open_reader(self.holder.path)) as connection:
            on_result(self._ask(connection, query))

    def see_again(self) -> None:
        """The disk answers again."""
        self.is_blind = False
        waiting, self.unread = self.unread, []
        for query, on_result, on_lost in waiting:
            self.query(query, on_result, on_lost)

    def when(
        self,
        future: "Future[T]",
        on_result: Callable[[T], None],
        on_failed: Callable[[KnownError], None] | None = None,
        on_lost: Callable[[], None] | None = None,
    ) -> None:
        error = future.exception(30)
        if isinstance(error, KnownError) and on_failed is not None:
            on_failed(error)
            if on_lost is not None:
                on_lost()
        else:
            on_result(future.result(30))

    def listen(self, on_change: Callable[[ChangeSet], None]) -> Callable[[], None]:
        return self.hub.listen(on_change)

    def publish(self, changes: ChangeSet) -> None:
        """Tell of changes, as the sync does after a page of the feed."""
        self.hub.publish(changes)

    @staticmethod
    def _ask(connection: sqlite3.Connection, query: "Query[T]") -> T:
        connection.execute("BEGIN")
        try:
            return query(connection)
        finally:
            connection.execute("ROLLBACK")
