"""What is heard and told when the feed brings something: once, and never for what is old or was done here."""

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from app.desk.hub import ChangeHub
from app.desk.notifications import NewOrders, Notifications
from app.desk.sounds import Sound
from app.desk.threads import Query
from app.domain.orders.commands import NoteOrder, ShipOrder, ShippedLine
from app.replica.changes import ChangeSet, Origin
from app.sync.identity import Identity
from tests.support.clocks import FixedClock
from tests.support.counter import Bought, Counter
from tests.support.shop import OWNER

FEW = (Bought((("milk", 1),), "unpaid"), Bought((("cold", 1),)))
MILK_FEN, COLD_FEN = 11_400, 9_900


class Room:
    """Everything a person in the shop hears and reads."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.clock = FixedClock()
        self.heard: list[Sound] = []
        self.told: list[NewOrders] = []
        self.notifications = Notifications(counter.runner.hub, self._ask, self.heard.append, self.clock)
        self.notifications.on_new_orders = self.told.append

    def _ask(self, query: Query[NewOrders | None]) -> "Future[NewOrders | None]":
        answer: Future[NewOrders | None] = Future()
        self.counter.runner.query(query, answer.set_result)
        return answer


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """o1 unpaid, o2 paid long ago."""
    counter = Counter(tmp_path, FEW)
    yield Room(counter)
    counter.close()


def test_a_new_paid_order_is_heard_and_told(room: Room) -> None:
    room.counter.buy(3, Bought((("milk", 1), ("cold", 2))))
    room.counter.pull()
    assert room.heard == [Sound.NEW_ORDER]
    assert room.told == [NewOrders(1, MILK_FEN + 2 * COLD_FEN, 3, "o3")]


def test_an_order_is_told_when_it_is_paid_and_not_when_it_is_placed(room: Room) -> None:
    room.counter.buy(3, Bought((("milk", 1),), "unpaid"))
    room.counter.pull()
    assert (room.heard, room.told) == ([], [])
    room.counter.shop.paid_order_now("o1", MILK_FEN)
    room.counter.pull()
    assert room.heard == [Sound.NEW_ORDER]
    assert [told.newest_id for told in room.told] == ["o1"]


def test_many_orders_in_one_page_are_heard_once_and_told_together(room: Room) -> None:
    for number in (3, 4, 5):
        room.counter.buy(number, Bought((("cold", 1),)))
    room.counter.pull()
    assert room.heard == [Sound.NEW_ORDER]
    assert room.told == [NewOrders(3, 3 * COLD_FEN, 3, "o5")]


def test_the_chime_rests_for_three_seconds_and_the_message_does_not(room: Room) -> None:
    for number, seconds in ((3, 2.9), (4, 0.1), (5, 0.0)):
        room.counter.buy(number, Bought((("cold", 1),)))
        room.counter.pull()
        room.clock.advance(seconds=seconds)
    assert room.heard == [Sound.NEW_ORDER, Sound.NEW_ORDER]
    assert [told.newest_id for told in room.told] == ["o3", "o4", "o5"]


def test_a_clock_that_is_set_back_does_not_silence_the_shop(room: Room) -> None:
    room.counter.buy(3, Bought((("cold", 1),)))
    room.counter.pull()
    room.clock.advance(hours=-1)
    room.counter.buy(4, Bought((("cold", 1),)))
    room.counter.pull()
    assert room.heard == [Sound.NEW_ORDER, Sound.NEW_ORDER]


def test_what_is_done_here_and_replayed_is_silent(room: Room) -> None:
    ship = ShipOrder("o2", "parcel", (ShippedLine("o2-1", 1),), "sf", "SF1688124306257")
    room.counter.runner.perform(ship, lambda done: None)
    room.counter.shop.must(NoteOrder("o2", "放门口"), OWNER)
    room.counter.pull()
    room.counter.push()
    assert (room.heard, room.told) == ([], [])


def test_making_the_replica_anew_is_silent(room: Room) -> None:
    room.counter.buy(3, Bought((("cold", 1),)))
    desktop = room.counter.desktop
    greeting = desktop.steps.hello(Identity(desktop.device_id, "key", "next", "test"))
    desktop.steps.bootstrap(desktop.device_id, greeting.reply)
    room.counter.pull()
    assert (room.heard, room.told) == ([], [])


def test_a_refused_change_is_heard_instead_of_the_chime(room: Room) -> None:
    ship = ShipOrder("o2", "parcel", (ShippedLine("o2-1", 1),), "sf", "SF1688124306257")
    room.counter.runner.perform(ship, lambda done: None)
    room.counter.shop.must(ShipOrder("o2", "other", ship.lines, "sf", "SF1688124306258"), OWNER)
    room.counter.buy(3, Bought((("cold", 1),)))
    room.counter.push()
    assert room.heard == [Sound.ISSUE]
    assert [told.newest_id for told in room.told] == ["o3"]


def test_an_incident_of_the_shop_is_heard(room: Room) -> None:
    incident = {"incidents": frozenset({"i1"})}
    room.counter.runner.publish(ChangeSet(Origin.FEED, incident, incident))
    assert room.heard == [Sound.ISSUE]


def test_the_lost_line_is_heard(room: Room) -> None:
    room.notifications.went_offline()
    assert room.heard == [Sound.OFFLINE]


def test_an_order_that_is_gone_again_is_not_told(room: Room) -> None:
    hub: ChangeHub = room.counter.runner.hub
    hub.publish(ChangeSet(Origin.FEED, {"orders": frozenset({"gone"})}, newly_paid=frozenset({"gone"})))
    assert room.told == []
