"""What waits is shown again after every page, and nothing about it may keep the pages away."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.orders.commands import NoteOrder
from app.domain.registry import Registry
from app.replica import outbox
from tests.support.counter import Bought, Counter
from tests.support.shop import OWNER


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    found = Counter(tmp_path, (Bought((("milk", 1),)),))
    yield found
    found.close()


def faulty(*_: object) -> None:
    raise AttributeError("'NoneType' object has no attribute 'state'")


@pytest.mark.warns_in_log("a rule with a fault is planted")
def test_a_fault_in_a_rule_stops_neither_the_feed_nor_the_command(counter: Counter) -> None:
    counter.runner.perform(NoteOrder("o1", "here"), lambda _: None)
    holder = counter.desktop.holder
    holder.registry = Registry(((NoteOrder, faulty),))  # type: ignore[arg-type]
    counter.shop.must(NoteOrder("o1", "there"), OWNER)
    counter.pull()
    assert holder.database.execute("SELECT staff_remark FROM orders").fetchone() == ("there",)
    waiting = outbox.pending(holder.database)
    assert [(entry.message.name, entry.forecast_code) for entry in waiting] == [("order.note", "internal_error")]
