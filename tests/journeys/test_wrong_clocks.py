"""Clocks that are wrong by days and years, at counters and at the service: nothing that is booked depends on them."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.orders.commands import ShipOrder, ShippedLine
from app.kernel import codec
from app.sync.identity import Identity
from tests.support.stores import DATABASES, new_url
from tests.support.world import World

WRONG = (timedelta(days=3_653), timedelta(days=-3_653), timedelta(days=1))
ROUNDS = 12


@pytest.mark.parametrize("database", DATABASES)
def test_clocks_that_are_wrong_by_years_change_nothing(database: str, tmp_path: Path) -> None:
    shop = World(new_url(database, tmp_path), tmp_path)
    try:
        for desktop, off in zip(shop.desktops, WRONG, strict=True):
            desktop.clock.at = shop.clock.now() + off
        assert warned(shop) == [day * 1_440 for day in (-3_653, 3_653, -1)], "each is told by how many minutes"
        work(shop, 0)
        first_before = shop.shop.rows("command_log", "position, recorded_at")[-1]
        shop.clock.advance(days=-1)  # the service's own clock is put back
        work(shop, ROUNDS)
        shop.shop.product("p9", stock=5)
        assert shop.shop.order("late", "p9-s").is_applied
        (expires_at,) = (e for o, e in shop.shop.rows("orders", "id, expires_at") if o == "late")
        assert codec.parse_time(expires_at) == shop.clock.now() + timedelta(minutes=30), "by the service's clock"
        _ship_late(shop)
        shop.settle()
        shop.check_settled()
        log = shop.shop.rows("command_log", "position, command_id, recorded_at")
        assert [position for position, *_ in log] == list(range(1, len(log) + 1)), "the order is that of deciding"
        assert log[-1][2] < first_before[1], "although the clock says otherwise"
        given = {one for desktop in shop.desktops for one in desktop.issued}
        logged = [command_id for _, command_id, _ in log]
        lost, doubled = len(given - set(logged)), len(logged) - len(set(logged))
        now = codec.time_text(shop.clock.now() + timedelta(days=1))
        assert all(at <= now for (at,) in shop.shop.rows("stock_movements", "happened_at")), "nothing is in the future"
        print(
            f"wrong clocks: counters +10 years, -10 years, +1 day, service back 1 day: commands {len(given)},"
            f" lost {lost}, doubled {doubled}, every replica equal, expiry by the service's clock"
        )
        assert (lost, doubled) == (0, 0) and len(given) > ROUNDS
    finally:
        shop.close()


def warned(shop: World) -> list[int]:
    """By how many minutes each counter is told that its clock is off."""
    told = [
        d.steps.hello(Identity(d.device_id, "key", "next", "test")).clock_offset_ms // 60_000 for d in shop.desktops
    ]
    return [int(minutes) for minutes in told]


def work(shop: World, start: int) -> None:
    """Buyers order, clerks act, everybody sends and fetches, the unplugged ones later."""
    for number in range(start, start + ROUNDS):
        desktop = shop.desktops[number % 3]
        if number % 4 == 0:
            shop.buyer_orders(number)
        shop.clerk_acts(desktop, number)
        shop.counter_acts(desktop, number)
        if number % 3:
            shop.push(desktop)
        shop.pull(desktop, number)
        shop.check()


def _ship_late(shop: World) -> None:
    """A parcel of a counter ten years behind leaves after its order came, not before."""
    shop.shop.paid_order("o-late", "p9-s")
    desktop = shop.desktops[1]
    desktop.steps.pull_limit = 2_000
    while desktop.steps.push():
        pass
    while desktop.steps.pull():
        pass
    assert (
        desktop.give(ShipOrder("o-late", "parcel-late", (ShippedLine("o-late-1", 1),), "sf", "SF1688124306257")) == ""
    )
