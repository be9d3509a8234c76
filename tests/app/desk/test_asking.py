"""What only the shop's service may decide: asked from the counter while the line stands, and answered there."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.desk.desk import Desk
from app.desk.session import OnDuty
from app.desk.threads import ReaderThreads, WriterThread
from app.domain.aftersales.commands import RequestRefund
from app.domain.orders.commands import NoteOrder
from app.domain.orders.model import Order
from app.domain.outcome import Rejected
from app.domain.payments.model import Refund
from app.domain.permission import Role
from app.domain.registry import shop_registry
from app.kernel.errors import KnownError
from app.kernel.ids import IdSource
from app.replica.holder import ReplicaHolder
from app.replica.outcome import Done, LocalOutcome, NeedsNetwork
from app.sync.identity import Identity
from app.sync.loop import SyncLoop
from app.sync.status import Link
from app.sync.steps import Steps
from app.sync.transport import Unreachable
from app.wire.messages import HelloReply
from tests.support.line import Line
from tests.support.stores import new_url
from tests.support.waiting import until
from tests.support.world import World


@dataclass
class NoPokes:
    """A line that never says by itself that there is news, and who we are."""

    gone: threading.Event = field(default_factory=threading.Event)

    def pokes(self) -> Iterator[None]:
        self.gone.wait(20)
        raise Unreachable("no stream")

    def hang_up(self) -> None:
        self.gone.set()

    def identity(self) -> Identity:
        return Identity("device-1", "key", "next", "test")

    def greeted(self, identity: Identity, reply: HelloReply) -> None:
        """Nothing is kept here."""


class Counter:
    """A desk with its threads and its line to an authority in this process, which holds one paid order."""

    def __init__(self, folder: Path) -> None:
        self.world = World(new_url("sqlite", folder), folder, desktops=1)
        self.world.desktops[0].holder.close()
        self.shop = self.world.shop
        self.shop.paid_order("o1", "p1-s")
        self.line = Line(self.shop, "device-1")
        self.writer = WriterThread(lambda: ReplicaHolder(folder / "counter", shop_registry()))
        self.writer.start().result(10)
        self.readers = ReaderThreads(self.writer)
        self.readers.start()
        self.desk = Desk(self.writer, self.readers, shop_registry, self.world.clock, IdSource())
        self.desk.on_duty = OnDuty("owner", "李敏", Role.OWNER)
        others: Any = NoPokes()
        self.steps = steps = Steps(self.writer, self.line, self.world.clock, self.desk.hub.publish)
        self.loop = SyncLoop(steps, others, others, self.world.clock, lambda _: None)
        self.desk.on_outgoing(self.loop.nudge)
        self.desk.on_asking(self.loop.ask)
        self.loop.start()
        until(lambda: self.loop.status.link is Link.ONLINE, "the counter is online")

    def refund(self, refund_id: str) -> LocalOutcome:
        return self.desk.perform(RequestRefund("o1", refund_id, "")).result(20)

    def here(self, table: str) -> int:
        return int(self.writer.call(lambda h: h.database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]))

    def close(self) -> None:
        self.loop.close()
        self.readers.close()
        self.writer.close()
        self.world.close()


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    found = Counter(tmp_path)
    yield found
    found.close()


def test_what_was_done_before_goes_up_first_and_what_came_of_it_is_here_with_the_answer(counter: Counter) -> None:
    assert isinstance(counter.desk.perform(NoteOrder("o1", "退掉")).result(20), Done)
    assert isinstance(counter.refund("r1"), Done)
    assert (counter.here(Refund.TABLE), counter.here("outbox")) == (1, 0)
    assert counter.shop.rows(Order.TABLE, "staff_remark, state") == [("退掉", "cancelled")]


def test_a_refusal_is_answered_with_its_reason_and_files_no_issue(counter: Counter) -> None:
    counter.refund("r1")
    outcome = counter.refund("r1")
    assert isinstance(outcome, Rejected) and outcome.code == "refund.exists"
    assert counter.here("sync_issue") == 0


def test_unplugged_nothing_is_asked_and_nothing_comes_of_it_later(counter: Counter) -> None:
    counter.line.is_cut = True
    counter.loop.try_now()
    until(lambda: counter.loop.status.link is Link.OFFLINE, "it notices")
    assert isinstance(counter.refund("r1"), NeedsNetwork)
    counter.line.is_cut = False
    counter.loop.try_now()
    until(lambda: counter.loop.status.link is Link.ONLINE, "the counter is online")
    assert counter.refund("r2") and counter.here(Refund.TABLE) == 1


def test_an_answer_that_is_lost_is_said_and_the_thing_was_done_once(counter: Counter) -> None:
    counter.line.lose_reply = True
    with pytest.raises(KnownError, match=r"sync\.unanswered|line broke"):
        counter.refund("r1")
    counter.loop.try_now()
    until(lambda: counter.here(Refund.TABLE) == 1, "what was done comes by the feed")
    until(lambda: counter.loop.status.link is Link.ONLINE, "the counter is online")
    again = counter.refund("r1")
    assert isinstance(again, Rejected) and again.code == "refund.exists"


def test_nobody_waits_for_an_answer_when_the_program_ends(counter: Counter) -> None:
    counter.loop.close()
    assert isinstance(counter.refund("r1"), NeedsNetwork)
