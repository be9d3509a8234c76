"""A batch of commands and chores as one transaction: each in a savepoint of its own, and one commit for all of them.

The driver is asked whether the transaction is still there after every error and before the commit, because SQLite ends
it silently on a full disk.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.kernel import codec
from app.kernel.clock import Clock
from app.kernel.logs import redact
from services.authority import feed
from services.authority.deciding import FAILURES_BEFORE_PARKING, Decider, count_failure
from services.authority.head import HEAD, Head
from services.authority.submission import Answer, Busy, Intent, Item, Moved, SequenceConflict, SequenceGap
from services.db.engine import OpenDatabase, Store, begin_batch
from services.db.errors import DBAPIError, storage_failed

log = logging.getLogger("authority")


class LostBatch(Exception):
    """The transaction is gone although nobody ended it: nothing of this batch is stored."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What a batch has brought: the feed's new end and the tables that changed."""

    last_seq: int
    tables: frozenset[str]


@dataclass(slots=True)
class Outcome:
    """How one item ended; ``error`` is set instead of ``value`` when it failed."""

    item: Item
    value: Any = None
    error: Exception | None = None


class BatchRunner:
    """Owns the one writing connection, opened at the first batch; the writer's thread alone may call it.

    A batch decides for ``batch_s`` seconds by ``ticks``: what is left then waits for the next one.
    """

    def __init__(
        self, store: Store, decider: Decider, clock: Clock, batch_s: float, ticks: Callable[[], float]
    ) -> None:
        self._store = store
        self._clock = clock
        self._decider = decider
        self._database: OpenDatabase | None = None
        self._batch_s = batch_s
        self._ticks = ticks
        self._known_seq = -1
        self._is_left = False

    def run(self, batch: list[Item]) -> tuple[list[Outcome], Committed | None]:
        """How each item ended for which there was time, and what was committed, if anything was.

        Raises LostBatch or the driver's error when the transaction is gone: then ``start_afresh`` before the next one.
        """
        if self._database is None:
            self._database = self._store.writing()
        database = self._database
        head = Head(*begin_batch(database, HEAD).fetchone())
        if head.moved_to:
            return self._refuse_all(database, batch), None
        if head.last_seq != self._known_seq:  # another process has written meanwhile
            self._decider.forget()
        before = head.last_seq
        outcomes, tables = self._decide_all(database, head, batch)
        if head.last_position:
            feed.advance(database, head)
        if not database.is_sqlite and head.last_seq != before:
            database.execute("SELECT pg_notify('zhanggui_feed', %s)", (str(head.last_seq),))
        if not database.is_open():
            raise LostBatch("the transaction was gone before its commit")
        database.execute("COMMIT")
        self._known_seq = head.last_seq
        return outcomes, Committed(head.last_seq, tables) if head.last_seq != before else None

    def start_afresh(self) -> None:
        """Forget the connection and everything derived from what may not be stored."""
        self._decider.forget()
        self._known_seq = -1
        self.close()

    def close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _refuse_all(self, database: OpenDatabase, batch: list[Item]) -> list[Outcome]:
        """Read under the writer's lock, so that nothing is written between a move's copy and the end of this shop.

        Even what was answered before is not answered again: where the shop is now, it may have gone on since.
        """
        database.execute("ROLLBACK")
        if not self._is_left:
            self._is_left = True
            log.warning("the shop has moved to another database: nothing is written here any more")
        return [Outcome(item, error=Moved()) for item in batch]

    def _decide_all(
        self, database: OpenDatabase, head: Head, batch: list[Item]
    ) -> tuple[list[Outcome], frozenset[str]]:
        outcomes: list[Outcome] = []
        tables: set[str] = set()
        failed_devices: set[str] = set()
        ends = self._ticks() + self._batch_s
        for index, item in enumerate(batch):
            if item.source in failed_devices:  # late or not: in the next batch it would look like a gap
                outcomes.append(Outcome(item, error=Busy("command.earlier_failed", 1)))
                continue
            if index and self._ticks() > ends:
                continue
            outcome, changed = self._one(database, head, item)
            tables |= changed
            outcomes.append(outcome)
            if outcome.error is not None and item.intent is not None and item.intent.device_id is not None:
                failed_devices.add(item.source)
        return outcomes, frozenset(tables)

    def _one(self, database: OpenDatabase, head: Head, item: Item) -> tuple[Outcome, frozenset[str]]:
        """One item in its own savepoint: a refusal or a bug undoes only itself."""
        done, error = self._attempt(database, head, lambda: self._carry_out(database, head, item))
        if error is not None:
            return self._failed(database, head, item, error)
        value, tables = done
        return Outcome(item, value), tables

    def _attempt(self, database: OpenDatabase, head: Head, work: Callable[[], Any]) -> tuple[Any, Exception | None]:
        """What ``work`` answers, or the error by which it undid itself; raises LostBatch when more is gone."""
        if not database.is_open():  # a savepoint would open a transaction of its own, and its release would commit it
            raise LostBatch("the transaction had ended before this item")
        kept = head.copy()
        database.execute("SAVEPOINT one")
        try:
            answer = work()
        except Exception as error:  # every fault of one item must leave the others alone
            _restore(head, kept)
            self._decider.forget()
            self._undo(database, error)
            return None, error
        database.execute("RELEASE SAVEPOINT one")
        return answer, None

    def _carry_out(self, database: OpenDatabase, head: Head, item: Item) -> tuple[Any, frozenset[str]]:
        if item.chore is not None:
            return item.chore(database), frozenset()
        if item.intent is None:
            raise AssertionError("an item is a command or a chore")
        answer, tables = self._decider.decide(database, head, item.intent)
        if item.after_applied is not None and answer.is_applied and not answer.duplicate:
            item.after_applied(database)
        return answer, tables

    def _undo(self, database: OpenDatabase, error: Exception) -> None:
        if isinstance(error, DBAPIError) and storage_failed(error):
            raise LostBatch(str(error.orig)) from error
        if database.is_sqlite and not database.is_open():  # PostgreSQL keeps a failed transaction until it is told
            raise LostBatch("the transaction ended with a statement's error") from error
        database.execute("ROLLBACK TO SAVEPOINT one")
        database.execute("RELEASE SAVEPOINT one")

    def _failed(
        self, database: OpenDatabase, head: Head, item: Item, error: Exception
    ) -> tuple[Outcome, frozenset[str]]:
        if isinstance(error, SequenceGap | SequenceConflict) or item.intent is None:
            return Outcome(item, error=error), frozenset()
        intent: Intent = item.intent
        log.error("command %s %s raised", intent.name, intent.command_id, exc_info=error)
        done, second = self._attempt(database, head, lambda: self._count_or_give_up(database, head, intent, error))
        if second is not None:
            log.error("command %s %s cannot even be given up", intent.name, intent.command_id, exc_info=second)
        if done is None:
            return Outcome(item, error=Busy("command.failed", 1)), frozenset()
        answer, tables = done
        return Outcome(item, answer), tables

    def _count_or_give_up(
        self, database: OpenDatabase, head: Head, intent: Intent, error: Exception
    ) -> tuple[Answer, frozenset[str]] | None:
        """None as long as the command may be tried again."""
        at = codec.time_text(self._clock.now())
        if count_failure(database, intent.command_id, redact(repr(error))[:500], at) < FAILURES_BEFORE_PARKING:
            return None
        return self._decider.give_up(database, head, intent)


def _restore(head: Head, kept: Head) -> None:
    head.epoch, head.last_seq, head.oldest_seq = kept.epoch, kept.last_seq, kept.oldest_seq
    head.last_position, head.last_hash, head.moved_to = kept.last_position, kept.last_hash, kept.moved_to
