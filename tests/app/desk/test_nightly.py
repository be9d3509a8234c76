"""What a counter does once a day by itself: compares itself with the service, and lets go of what is old."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.orders.commands import NoteOrder
from app.replica.outcome import Done
from app.replica.reader import current_file
from app.sync.status import Link
from tests.app.desk.test_asking import Counter
from tests.support.clocks import FixedClock
from tests.support.waiting import until


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    found = Counter(tmp_path)
    yield found
    found.close()


def remark(counter: Counter) -> str:
    return str(counter.writer.call(lambda h: h.database.execute("SELECT staff_remark FROM orders").fetchone()[0]))


@pytest.mark.warns_in_log("the difference is told")
def test_a_counter_that_differs_from_the_service_is_made_anew_once_nobody_works_at_it(counter: Counter) -> None:
    spoil = "UPDATE orders SET staff_remark = 'never written by anybody'"
    counter.writer.call(lambda holder: holder.database.execute(spoil))
    assert isinstance(counter.desk.perform(NoteOrder("o1", "晚点送")).result(20), Done)
    until(lambda: counter.here("outbox") == 0, "what was done is up")
    counter.writer.call(lambda holder: holder.database.execute(spoil))
    first = counter.writer.location
    counter.loop.try_now()
    assert remark(counter) == "never written by anybody", "somebody works here"
    counter.world.clock.advance(minutes=11)
    counter.loop.try_now()
    until(lambda: counter.writer.location != first, "a new replica is in use")
    until(lambda: counter.loop.status.link is Link.ONLINE, "the counter is online")
    assert remark(counter) == "晚点送"


def test_replicas_and_acknowledged_commands_are_let_go_after_thirty_days(counter: Counter) -> None:
    assert isinstance(counter.desk.perform(NoteOrder("o1", "晚点送")).result(20), Done)
    until(lambda: counter.here("outbox") == 0 and counter.here("outbox_archive") == 1, "it is acknowledged")
    folder = counter.writer.call(lambda holder: holder.folder)
    present = current_file(folder)
    now = counter.world.clock.now()
    for name, days in (("replica-901.db", 31), ("replica-902.db", 29)):
        old = folder / name
        old.write_bytes(b"")
        os.utime(old, ((now - timedelta(days=days)).timestamp(),) * 2)
    assert counter.writer.call(lambda holder: holder.prune(now)) == 1
    left = {path.name for path in folder.glob("*.db")}
    assert {present.name, "replica-902.db"} <= left and "replica-901.db" not in left
    assert counter.here("outbox_archive") == 1
    counter.writer.call(lambda holder: holder.prune(now + timedelta(days=31)))
    assert counter.here("outbox_archive") == 0 and present.exists()


def test_a_clock_that_is_far_off_is_said(counter: Counter) -> None:
    assert counter.loop.status.clock_off_minutes == 0
    late = FixedClock()
    late.advance(minutes=-7)
    counter.steps._clock = late  # the counter's own clock is wrong from here on
    counter.line.is_cut = True
    counter.loop.try_now()
    until(lambda: counter.loop.status.link is Link.OFFLINE, "it notices")
    counter.line.is_cut = False
    counter.loop.try_now()
    until(lambda: counter.loop.status.link is Link.ONLINE, "the counter is online")
    assert counter.loop.status.clock_off_minutes == 7
