"""The steps of synchronisation, each safe to repeat: greet, push, pull, and make the replica anew."""

import itertools
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from app.domain.row import Row
from app.kernel.clock import Clock
from app.replica import bootstrap, meta, outbox
from app.replica.apply import WrongPage, apply_page, settle_verdicts
from app.replica.bootstrap import Beginning, Standing
from app.replica.changes import ChangeSet, Origin
from app.replica.comparing import base_sums
from app.replica.database import ReplicaDatabase
from app.replica.holder import ReplicaHolder
from app.replica.outbox import OutboxState
from app.replica.remembering import lost_orders
from app.sync.identity import Identity
from app.sync.transport import Refused, Transport, Unreachable
from app.tables.schema import SYNCED
from app.wire.messages import (
    PROTOCOLS,
    PULL_LIMIT,
    PUSH_LIMIT,
    REPLICA_SCHEMA,
    SNAPSHOT_LIMIT,
    AskReply,
    AskRequest,
    CommandMessage,
    CommandResult,
    HelloReply,
    HelloRequest,
    PullReply,
    PushRequest,
    SnapshotReply,
)

T = TypeVar("T")
log = logging.getLogger("sync")


class Writer(Protocol):
    """Runs a function on the replica's own thread and waits for its answer."""

    def call(self, work: Callable[[ReplicaHolder], T]) -> T: ...


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a hello means for this replica."""

    reply: HelloReply
    needs_bootstrap: bool
    clock_offset_ms: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the making of a new replica is: ``rows`` of ``table``, the ``place``-th of ``places`` from 1 on."""

    table: str
    rows: int
    place: int
    places: int


@dataclass(slots=True)
class HalfMade:
    """A replica in the making: what it holds need not be fetched again when the line comes back.

    ``last_seen`` is the feed's end at its newest page, ``tables`` are still to be loaded, the first from ``after`` on.
    """

    database: ReplicaDatabase
    is_for: tuple[str, str, bool]
    last_seen: int
    tables: list[type[Row]]
    after: tuple[str, ...] | None = None
    rows: int = 0


class Steps:
    """Owned by the network thread. ``publish`` receives every ChangeSet that comes of a step."""

    def __init__(
        self, writer: Writer, transport: Transport, clock: Clock, publish: Callable[[ChangeSet], None]
    ) -> None:
        self._writer = writer
        self._transport = transport
        self._clock = clock
        self._publish = publish
        self._half_made: HalfMade | None = None
        self._understood: Mapping[str, Sequence[int]] | None = None
        self.before_push: Callable[[Sequence[CommandMessage]], None] = lambda _: None
        """Sends what commands stand for beside their words; raises Unreachable."""
        self.pull_limit = PULL_LIMIT
        self.snapshot_limit = SNAPSHOT_LIMIT

    def hello(self, identity: Identity) -> Greeting:
        """Find out how both sides stand, and line the outbox up with what the service has decided."""
        here = self._writer.call(lambda holder: holder.meta())
        reply = self._transport.hello(
            HelloRequest(
                device_id=identity.device_id,
                install_key=identity.install_key,
                next_key=identity.next_key,
                app_version=identity.app_version,
                protocols=PROTOCOLS,
                replica_schema=REPLICA_SCHEMA,
                feed_epoch=here.feed_epoch if here.device_id == identity.device_id else "",  # else of another shop
                cursor=here.cursor,
                last_device_seq=here.next_device_seq - 1,
                keys_mark=identity.keys_mark,
            )
        )
        self._understood = reply.commands
        offset = reply.server_time - self._clock.now()
        offset_ms = offset.days * 86_400_000 + offset.seconds * 1_000 + offset.microseconds // 1_000

        def align(holder: ReplicaHolder) -> bool:
            """False when the numbers of both sides do not fit."""
            with holder.database.transaction():
                now = meta.read(holder.database)
                outbox.align(holder.database, reply.last_device_seq)
                outbox.release_held(holder.database)
                following = max(now.next_device_seq, reply.last_device_seq + 1)
                meta.write(holder.database, replace(now, clock_offset_ms=offset_ms, next_device_seq=following))
                last = reply.last_device_seq
                return outbox.follows(holder.database, last) and not outbox.is_overtaken(holder.database, last)

        is_foreign = (here.feed_epoch, here.is_manager, here.device_id) != (
            reply.feed_epoch,
            reply.is_manager,
            identity.device_id,
        )
        if not is_foreign and not self._writer.call(align):
            self._settle(reply.last_device_seq)
        is_behind = here.cursor < reply.oldest_seq - 1
        return Greeting(reply, is_foreign or is_behind or here.bootstrap_state != "complete", offset_ms)

    def push(self) -> int:
        """Send the next commands; answers how many. A lost reply is repaired by pushing again."""

        def next_commands(holder: ReplicaHolder) -> PushRequest:
            here = holder.meta()
            commands = outbox.queued(holder.database, PUSH_LIMIT)
            fitting = tuple(itertools.takewhile(self._is_understood, commands))
            for unknown in commands[len(fitting) :][:1]:
                with holder.database.transaction():
                    outbox.set_state(holder.database, [unknown.device_seq], OutboxState.HELD)
            return PushRequest(here.device_id, here.feed_epoch, fitting)

        request = self._writer.call(next_commands)
        if not request.commands:
            return 0
        self.before_push(request.commands)
        reply = self._transport.push(request)
        decided = [c.device_seq for c in request.commands if c.device_seq <= reply.last_device_seq]
        self._writer.call(lambda holder: self._mark_sent(holder, decided))
        return len(decided)

    def _is_understood(self, message: CommandMessage) -> bool:
        """An older service would refuse what it does not know; the command waits for its update instead."""
        return self._understood is None or message.version in self._understood.get(message.name, ())

    def ask(self, request: AskRequest) -> AskReply:
        """Have the service decide one request now; asking again under the same id is harmless."""
        return self._transport.ask(request)

    def pull(self) -> int:
        """Take the next page; answers how far the feed reaches beyond it."""
        here = self._writer.call(lambda holder: holder.meta())
        page = self._transport.pull(here.feed_epoch, here.cursor, self.pull_limit)
        if page.cursor == here.cursor:
            return 0
        overtaken_by = self._writer.call(lambda holder: self._apply(holder, page))
        if overtaken_by is not None:
            self._settle(overtaken_by)
        return page.head_seq - page.cursor

    def _apply(self, holder: ReplicaHolder, page: PullReply) -> int | None:
        try:
            applied = apply_page(holder.database, holder.registry, page, self._clock.now())
        except WrongPage:  # the replica was exchanged meanwhile: the page belongs to the old one
            return None
        self._publish(applied.changes)
        return applied.overtaken_by

    def _settle(self, last_device_seq: int) -> None:
        """Ask what became of our commands instead of assuming anything, and number the unknown ones anew."""
        first = self._writer.call(lambda holder: outbox.first_number(holder.database))
        if first is None:
            return
        last, answered = self._verdicts_after(min(first - 1, last_device_seq), last_device_seq)

        def settle(holder: ReplicaHolder) -> ChangeSet:
            return settle_verdicts(holder.database, holder.registry, answered, last, self._clock.now())

        self._publish(self._writer.call(settle))

    def _verdicts_after(self, device_seq: int, last_device_seq: int) -> tuple[int, tuple[CommandResult, ...]]:
        """All verdicts from there on, and the last number that the service has seen."""
        results: list[CommandResult] = []
        while answered := self._transport.verdicts(device_seq).verdicts:
            results += answered
            device_seq = answered[-1].device_seq
        return max([last_device_seq, *(r.device_seq for r in results)]), tuple(results)

    def bootstrap(self, device_id: str, reply: HelloReply, tell: Callable[[Progress], None] = lambda _: None) -> None:
        """Make the replica anew beside the old one, and exchange them when it is complete."""
        half_made = self._half_made_for(device_id, reply)
        new = half_made.database
        try:
            self._load(half_made, tell)
            self._catch_up(new, half_made.last_seen)
            standing = self._standing(reply.last_device_seq, new)
            self._writer.call(lambda holder: holder.exchange(new, standing))
        except Unreachable:
            raise  # what is loaded is kept, and the loading goes on from there
        except BaseException:
            self.close()
            raise
        self._half_made = None
        self._publish(ChangeSet(Origin.BOOTSTRAP, {kind.TABLE: None for kind in SYNCED}))

    def close(self) -> None:
        """Let go of a half-made replica."""
        if self._half_made is not None:
            self._half_made.database.close()
            self._half_made = None

    def _half_made_for(self, device_id: str, reply: HelloReply) -> HalfMade:
        """The one of before the line broke, if it is still the right one, or a fresh one."""
        wanted = (reply.feed_epoch, device_id, reply.is_manager)
        if self._half_made is not None and self._half_made.is_for == wanted:
            return self._half_made
        self.close()
        folder = self._writer.call(lambda holder: holder.folder)
        floor = self._transport.lease().floor_seq
        database = bootstrap.begin(bootstrap.next_file(folder), Beginning(*wanted, floor))
        self._half_made = HalfMade(database, wanted, floor, list(SYNCED))
        return self._half_made

    def _load(self, half_made: HalfMade, tell: Callable[[Progress], None]) -> None:
        """Page every table into the new file."""
        while half_made.tables:
            table = half_made.tables[0].TABLE
            page = self._snapshot(table, half_made.after)
            if page is not None:
                bootstrap.load(half_made.database, table, page.rows)
                half_made.rows += len(page.rows)
                half_made.last_seen = max(half_made.last_seen, page.read_at_seq)
                tell(Progress(table, half_made.rows, len(SYNCED) - len(half_made.tables) + 1, len(SYNCED)))
            half_made.after = None if page is None else page.next_after_pk
            if half_made.after is None:
                half_made.tables.pop(0)
                half_made.rows = 0
        bootstrap.finish_loading(half_made.database)

    def _snapshot(self, table: str, after: tuple[str, ...] | None) -> SnapshotReply | None:
        """None for a table for managers' devices only."""
        try:
            return self._transport.snapshot(table, after, self.snapshot_limit)
        except Refused as refused:
            if refused.code != "not_found":
                raise
            return None

    def _catch_up(self, new: ReplicaDatabase, last_seen: int) -> None:
        """Pull into the new file until it has passed every page's age."""
        registry = self._writer.call(lambda holder: holder.registry)
        here = meta.read(new)
        while here.cursor < last_seen:
            page = self._transport.pull(here.feed_epoch, here.cursor, self.pull_limit)
            apply_page(new, registry, page, self._clock.now())
            here = meta.read(new)

    def _standing(self, last_device_seq: int, new: ReplicaDatabase) -> Standing:
        """What the service has decided of the commands that are still in the outbox, and what it has lost."""
        first = self._writer.call(lambda holder: outbox.first_number(holder.database))
        after = last_device_seq if first is None else min(first - 1, last_device_seq)
        last, results = self._verdicts_after(after, last_device_seq)
        old = self._writer.call(lambda holder: holder.path)
        lost = lost_orders(old, new.path, self._clock.now())
        if lost:
            log.info("the service has lost %d orders that are known here: they are sent to it", len(lost))
        return Standing(last, results, self._clock.now(), lost)

    def compare(self) -> tuple[str, ...]:
        """The tables of the base that differ from the service's; asked again while the feed moves on meanwhile."""
        while True:
            told = self._transport.sums()
            here = self._writer.call(lambda holder: base_sums(holder.database, holder.registry))
            if here.at_seq == told.at_seq:
                return tuple(sorted(t for t in told.tables if told.tables[t] != here.tables.get(t)))
            if here.at_seq < told.at_seq:
                self.pull()

    def tidy(self) -> None:
        """Let go of what this computer has kept long enough."""
        gone = self._writer.call(lambda holder: holder.prune(self._clock.now()))
        if gone:
            log.info("%d old replicas are let go", gone)

    @staticmethod
    def _mark_sent(holder: ReplicaHolder, device_seqs: list[int]) -> None:
        with holder.database.transaction():
            outbox.set_state(holder.database, device_seqs, OutboxState.SENT)
