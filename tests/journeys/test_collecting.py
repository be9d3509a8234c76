"""A buyer orders for pickup and pays; the counters prepare and hand over, plugged in or not; the buyer sees it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.buyer.answers import Contact, Order
from app.buyer.client import ShopClient, Way
from app.domain.pickup import code
from app.domain.pickup.commands import MarkReady, RecordRedeemed, RedeemPickup, UndoRedemption
from services.db.engine import Store
from tests.support.clocks import FixedClock
from tests.support.shop import PICKUP_KEYS, Shop
from tests.support.street import Street, open_street
from tests.support.world import Desktop, enrol

WHO = Contact("林晓雨", "13800138000", "")


@dataclass
class Town:
    """The storefront over HTTP, and two counters with real replicas behind it."""

    street: Street
    counters: list[Desktop]

    @property
    def shop(self) -> Shop:
        return self.street.shop

    @property
    def clock(self) -> FixedClock:
        return self.street.clock

    def meet(self) -> None:
        """Everybody says and hears everything."""
        for _ in range(2):
            for counter in self.counters:
                counter.greet()
                while counter.steps.push():
                    pass
                while counter.steps.pull():
                    pass


@pytest.fixture
def town(store: Store, tmp_path: Path) -> Iterator[Town]:
    with open_street(store, tmp_path) as street:
        street.shop.product(stock=2)  # the last pieces: nothing else would hide a step in the wrong order
        street.shop.pickup_point()
        found = Town(street, [])
        for number in (1, 2):
            enrol(found.shop, found.clock, f"device-{number}", number)
            found.counters.append(Desktop(found, number, tmp_path))
        found.meet()
        yield found
        for counter in found.counters:
            counter.holder.close()


def bought(town: Town, buyer: ShopClient) -> Order:
    way = Way("pickup", "pp")
    order = buyer.place_order(buyer.quote([("p1-s", 2)], "", way), WHO, "key-00000001", way=way)
    town.street.wechat.pay_sheet(buyer.pay(order.id).wx_payment)
    town.street.tell()
    town.meet()
    return order


def scanned(buyer: ShopClient, order: Order) -> str:
    """The reference that a counter reads from the buyer's screen."""
    found = code.read(PICKUP_KEYS, buyer.pickup_code(order.id).text)
    assert found is not None
    return found.ref


def test_a_buyer_orders_collects_and_sees_it(town: Town) -> None:
    first, second = town.counters
    with town.street.buyer() as buyer:
        order = bought(town, buyer)
        assert first.shown()["pickups"][order.id]["state"] == "preparing"
        assert first.give(MarkReady(order.id, "A-12")) == ""
        town.meet()
        assert buyer.pickup_code(order.id).is_ready
        assert second.shown()["pickups"][order.id]["shelf"] == "A-12"
        ref = scanned(buyer, order)
        assert second.give(RedeemPickup("s1", ref, "elsewhere", "device-2")) == "pickup.wrong_point"
        assert second.give(RedeemPickup("s1", ref, "pp", "device-2")) == ""
        assert second.give(UndoRedemption("u1", "s1", "pp", "device-2")) == ""
        assert second.give(RedeemPickup("s2", ref, "pp", "device-2")) == ""
        town.meet()
        assert first.give(RedeemPickup("s3", ref, "pp", "device-1")) == "pickup.already_redeemed"
        done = buyer.order(order.id)
        assert (done.state, done.pickup and done.pickup.state) == ("completed", "collected")
    assert town.shop.rows("stock_levels", "on_hand_qty, reserved_qty, short_qty") == [(0, 0, 0)]
    assert first.shown() == second.shown()


def test_redeemed_unplugged_at_two_counters_it_is_two_facts_and_one_incident_at_both(town: Town) -> None:
    with town.street.buyer() as buyer:
        order = bought(town, buyer)
        ref = scanned(buyer, order)
    for number, counter in enumerate(town.counters, 1):
        assert counter.give(RecordRedeemed(f"s{number}", ref, "pp", f"device-{number}")) == ""
    town.meet()
    for counter in town.counters:
        shown = counter.shown()
        verdicts = {key: row["verdict"] for key, row in shown["pickup_redemptions"].items()}
        assert verdicts == {"s1": "redeemed", "s2": "twice"}
        (incident,) = shown["incidents"].values()
        assert (incident["kind"], incident["refs"]["before_id"]) == ("pickup.redeemed_twice", "s1")
    assert town.shop.rows("stock_levels", "on_hand_qty, reserved_qty, short_qty") == [(0, 0, 0)]
    assert town.counters[0].shown() == town.counters[1].shown()
