"""A device's line to an authority in the same process, with the faults of a bad network on demand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from app.domain.command import Actor
from app.domain.permission import Role
from app.domain.registry import shop_registry
from app.replica.holder import ReplicaHolder
from app.sync.transport import Refused, Unreachable
from app.wire.messages import (
    AskReply,
    AskRequest,
    CommandResult,
    HelloReply,
    HelloRequest,
    LeaseReply,
    PullReply,
    PushReply,
    PushRequest,
    SnapshotReply,
    SumsReply,
    VerdictsReply,
)
from services.authority import devices, reading
from services.authority.head import read_head
from services.authority.restoring import Seen, ending, proof
from services.authority.submission import Intent, SequenceConflict, SequenceGap
from tests.support.shop import Shop

T = TypeVar("T")


class DirectWriter:
    """Runs the work at once: in a test the replica's thread is the test's own."""

    def __init__(self, holder: ReplicaHolder) -> None:
        self.holder = holder

    def call(self, work: Callable[[ReplicaHolder], T]) -> T:
        return work(self.holder)


@dataclass
class Line:
    """``lose_reply``: the next push is decided, and its answer never arrives; ``between_pages`` runs in snapshots."""

    shop: Shop
    device_id: str
    is_manager: bool = True
    lose_reply: bool = False
    is_cut: bool = False
    between_pages: Callable[[], None] = lambda: None
    commands: Mapping[str, Sequence[int]] = field(default_factory=lambda: shop_registry().versions())
    sent: list[PushRequest] = field(default_factory=list)

    def hello(self, request: HelloRequest) -> HelloReply:
        self._check()
        now = self.shop.clock.now()
        with self.shop.store.reading() as database:
            found = proof(database, Seen(self.device_id, request.feed_epoch, request.cursor), now)
        if found is not None:
            after = ending(f"epoch-proved-by-{self.device_id}-{request.cursor}") if found.ends_epoch else None
            self.shop.executor.submit(found.told, after_applied=after).result(30)
        with self.shop.store.reading() as database:
            head = read_head(database)
            record = database.execute(
                f"SELECT last_device_seq FROM device WHERE id = {database.mark}", (self.device_id,)
            ).fetchone()
        cursor = request.cursor if request.feed_epoch == head.epoch else 0
        self.shop.executor.chore(lambda db: devices.mark_read(db, self.device_id, cursor, now)).result(30)
        return HelloReply(
            1, head.epoch, head.last_seq, head.oldest_seq, record[0], now, 1, self.commands, self.is_manager
        )

    def push(self, request: PushRequest) -> PushReply:
        self._check()
        self.sent.append(request)
        reply = self._decide(request)
        if self.lose_reply:
            self.lose_reply = False
            raise Unreachable("the reply was lost")
        return reply

    def _decide(self, request: PushRequest) -> PushReply:
        with self.shop.store.reading() as database:
            if read_head(database).epoch != request.feed_epoch:
                raise Refused("epoch_changed", {})
        futures = [
            self.shop.executor.submit(
                Intent(
                    c.command_id, c.name, c.version, c.args, Actor(c.actor, Role.CLERK), c.issued_at,
                    device_id=self.device_id, device_seq=c.device_seq,
                )
            )
            for c in request.commands
        ]  # fmt: skip
        results = []
        for command, future in zip(request.commands, futures, strict=True):
            try:
                answer = future.result(30)
            except SequenceGap as gap:
                raise Refused("sequence_gap", {"expected": gap.expected}) from gap
            except SequenceConflict as conflict:
                raise Refused("sequence_conflict", {}) from conflict
            results.append(
                CommandResult(
                    command.device_seq,
                    command.command_id,
                    answer.verdict,
                    answer.code,
                    answer.params,
                    answer.commit_seq,
                )
            )
        return PushReply(results[-1].device_seq, tuple(results))

    def ask(self, request: AskRequest) -> AskReply:
        self._check()
        actor = Actor(request.actor, Role.COURIER)
        intent = Intent(
            request.command_id, request.name, request.version, request.args, actor, request.issued_at, self.device_id
        )
        answer = self.shop.executor.submit(intent).result(30)
        if self.lose_reply:
            self.lose_reply = False
            raise Unreachable("the reply was lost")
        return AskReply(answer.verdict, answer.code, answer.params, answer.commit_seq)

    def pull(self, epoch: str, after: int, limit: int) -> PullReply:
        self._check()
        try:
            with self.shop.store.reading() as database:
                return reading.pull(database, (self.device_id, self.is_manager), epoch, after, limit)
        except reading.EpochChanged as error:
            raise Refused("epoch_changed", {}) from error
        except reading.CursorExpired as error:
            raise Refused("cursor_expired", {"oldest_seq": error.oldest_seq}) from error

    def lease(self) -> LeaseReply:
        self._check()
        with self.shop.store.reading() as database:
            floor = read_head(database).last_seq
        now = self.shop.clock.now()
        until = self.shop.executor.chore(lambda db: devices.lease(db, self.device_id, floor, now)).result(30)
        return LeaseReply(floor, until)

    def snapshot(self, table: str, after_pk: Sequence[str] | None, limit: int) -> SnapshotReply:
        self._check()
        self.between_pages()
        with self.shop.store.reading() as database:
            page = reading.snapshot(database, self.is_manager, table, after_pk, limit)
        if page is None:
            raise Refused("not_found", {})
        return page

    def verdicts(self, after_device_seq: int) -> VerdictsReply:
        self._check()
        with self.shop.store.reading() as database:
            return reading.verdicts_after(database, self.device_id, after_device_seq)

    def sums(self) -> SumsReply:
        self._check()
        with self.shop.store.reading() as database:
            return reading.table_sums(database, self.is_manager)

    def _check(self) -> None:
        if self.is_cut:
            raise Unreachable("the cable is out")
