"""The feed tells which orders have just been paid, once each, however they arrive."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.orders.commands import NoteOrder, ShipOrder, ShippedLine
from app.replica.changes import ChangeSet, Origin
from app.sync.identity import Identity
from tests.support.counter import Bought, Counter
from tests.support.shop import OWNER

FEW = (Bought((("milk", 1),), "unpaid"), Bought((("cold", 1),)))
MILK_FEN = 11_400


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """o1 unpaid, o2 paid."""
    found = Counter(tmp_path, FEW)
    yield found
    found.close()


def paid(heard: list[ChangeSet]) -> list[set[str]]:
    """Per message that told of a payment, the orders."""
    return [set(changes.newly_paid) for changes in heard if changes.newly_paid]


def test_an_order_that_arrives_paid(counter: Counter) -> None:
    heard = counter.heard()
    counter.buy(3, Bought((("cold", 1),)))
    counter.pull()
    assert paid(heard) == [{"o3"}]


def test_an_order_that_arrived_unpaid_and_is_paid_later(counter: Counter) -> None:
    heard = counter.heard()
    counter.buy(3, Bought((("cold", 1),), "unpaid"))
    counter.pull()
    assert paid(heard) == []
    counter.shop.paid_order_now("o1", MILK_FEN)
    counter.pull()
    assert paid(heard) == [{"o1"}]


def test_each_order_once_whatever_the_pages_cut_apart(counter: Counter) -> None:
    heard = counter.heard()
    for number in (3, 4):
        counter.buy(number, Bought((("cold", 1),)))
    counter.shop.must(NoteOrder("o3", "放门口"), OWNER)
    counter.desktop.steps.pull_limit = 1
    counter.pull()
    assert sorted(order for orders in paid(heard) for order in orders) == ["o3", "o4"]


def test_a_change_to_an_order_that_was_shipped_here_is_no_payment(counter: Counter) -> None:
    lines = (ShippedLine("o2-1", 1),)
    counter.runner.perform(ShipOrder("o2", "parcel", lines, "sf", "SF1688124306257"), lambda done: None)
    heard = counter.heard()
    counter.shop.must(NoteOrder("o2", "放门口"), OWNER)
    counter.pull()
    assert any(changes.touches(("orders",)) for changes in heard)
    assert paid(heard) == []


def test_a_refused_shipping_is_no_payment(counter: Counter) -> None:
    lines = (ShippedLine("o2-1", 1),)
    counter.runner.perform(ShipOrder("o2", "parcel", lines, "sf", "SF1688124306257"), lambda done: None)
    counter.shop.must(ShipOrder("o2", "other", lines, "sf", "SF1688124306258"), OWNER)
    heard = counter.heard()
    counter.push()
    assert [bool(changes.issues) for changes in heard].count(True) == 1
    assert paid(heard) == []


def test_an_order_that_another_counter_has_shipped_meanwhile_needs_nobody(counter: Counter) -> None:
    heard = counter.heard()
    counter.buy(3, Bought((("cold", 1),), "shipped"))
    counter.pull()
    assert paid(heard) == []


def test_making_the_replica_anew_tells_of_no_payment(counter: Counter) -> None:
    counter.buy(3, Bought((("cold", 1),)))
    heard = counter.heard()
    desktop = counter.desktop
    greeting = desktop.steps.hello(Identity(desktop.device_id, "key", "next", "test"))
    desktop.steps.bootstrap(desktop.device_id, greeting.reply)
    counter.pull()
    assert Origin.BOOTSTRAP in [changes.origin for changes in heard]
    assert paid(heard) == []
