"""The demo's buyers at a real service on loopback, with a real pretended WeChat beside it."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.desk.demo_buyers import PACE, PATIENCE, DemoBuyers, Habits
from app.domain.orders.commands import ShipOrder, ShippedLine
from services.db.engine import Store
from tests.support.clocks import FixedClock
from tests.support.shop import CLERK
from tests.support.stores import new_url
from tests.support.street import Street, open_street
from tests.support.waiting import until


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    store = Store(new_url("sqlite", tmp_path))
    with open_street(store, tmp_path / "media") as street:
        yield street
    store.close()


def buyers(street: Street, folder: Path, **habits: Any) -> DemoBuyers:
    door = folder / "door.json"
    door.write_text(json.dumps({"host": street.wechat_url, "token": "token"}), encoding="utf-8")
    return DemoBuyers(lambda: street.url, door, street.clock, Habits(**{"seed": "1", "gives_up": 0} | habits))


def states(street: Street) -> list[str]:
    street.tell()
    return [state for _, state in street.shop.rows("orders", "id, state")]


def come(street: Street, clock: FixedClock, count: int) -> None:
    """Time goes on by one buyer's pace, and one has come."""
    clock.advance(seconds=31)
    until(lambda: len(states(street)) == count, f"{count} orders")


def test_one_comes_each_half_minute_and_one_when_the_computer_wakes(street: Street, tmp_path: Path) -> None:
    for number in range(3):
        street.shop.product(f"p{number}", stock=50)
    told: list[str] = []
    with closing(buyers(street, tmp_path, leaves=0)) as found:
        found.on_ordered = lambda: told.append("ordered")
        found.on_failed = told.append
        found.start()
        come(street, street.clock, 1)
        come(street, street.clock, 2)
        until(lambda: states(street) == ["paid"] * 2, "both are paid")
        street.clock.advance(hours=9)
        until(lambda: states(street) == ["paid"] * 3, "somebody comes after the night")
        assert found.due_at == street.clock.now() + PACE  # nobody makes up for the night
        found.order_now()
        until(lambda: bool(told), "the button is answered")
        assert told == ["ordered"]
        until(lambda: states(street) == ["paid"] * 4, "all four are paid, and nobody else has come")
    assert street.shop.rows("visit_events", "kind")


def test_who_finds_nothing_goes_away_and_only_who_pressed_is_told(street: Street, tmp_path: Path) -> None:
    street.shop.product("p1", stock=0)
    told: list[str] = []
    with closing(buyers(street, tmp_path)) as found:
        found.on_failed = told.append
        found.start()
        street.clock.advance(seconds=31)
        found.order_now()
        until(lambda: bool(told), "the button is answered")
        assert told == ["nothing that can be bought is there"]
    assert states(street) == []


def test_some_leave_some_give_up_and_what_has_come_is_confirmed(street: Street, tmp_path: Path) -> None:
    street.shop.product("p1", stock=500)
    with closing(buyers(street, tmp_path, leaves=100)) as found:
        found.start()
        come(street, street.clock, 1)
    assert states(street) == ["unpaid"]
    with closing(buyers(street, tmp_path, leaves=0, gives_up=100)) as found:
        found.start()
        come(street, street.clock, 2)
        until(lambda: sorted(states(street)) == ["cancelled", "unpaid"], "it is paid and given up")
    clock, shop = street.clock, street.shop
    with closing(buyers(street, tmp_path, leaves=0, people=1, pace=timedelta(seconds=1))) as found:
        found.start()
        until(lambda: clock.advance(seconds=2) or "paid" in states(street), "one is paid")
        order_id = next(order for order, state in shop.rows("orders", "id, state") if state == "paid")
        lines = [ShippedLine(i, q) for o, i, q in shop.rows("order_lines", "order_id, id, qty") if o == order_id]
        shop.must(ShipOrder(order_id, "parcel", tuple(lines), "sf", "SF1000000000001"), CLERK)
        clock.advance(seconds=PATIENCE.total_seconds() + 1)
        until(lambda: clock.advance(seconds=2) or "completed" in states(street), "it is confirmed")
