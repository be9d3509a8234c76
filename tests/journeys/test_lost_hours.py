"""The machine is lost and its backup is hours old: what buyers ordered since then comes back from the counters."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.domain.adoption.handlers import CAME_BACK
from app.domain.incidents.model import RESTORED
from app.domain.money import Fen
from app.domain.orders.commands import ShipOrder, ShippedLine
from app.domain.payments.commands import ConfirmPayment, StartPayment
from app.domain.pickup.commands import RecordRedeemed
from app.domain.stock.commands import CountStock
from app.kernel import codec
from services.db.address import read_address
from services.db.engine import Store
from services.settings import Place
from services.upkeep.backup import make_backup
from services.upkeep.restore import restore_backup
from tests.support.shop import BUYER, PLACE, SERVICE, Shop
from tests.support.stores import DATABASES, new_url
from tests.support.world import Desktop, World

PASSWORD = "三杯拿铁 2026"
FEN = 6800


@contextmanager
def world(database: str, folder: Path, desktops: int = 2) -> Iterator[World]:
    found = World(new_url(database, folder), folder, desktops)
    try:
        yield found
    finally:
        found.close()


def back_up(world: World) -> Path:
    file = world.folder / "shop.zgb"
    make_backup(Place(world.folder / "service", read_address(world.url)), file, PASSWORD, world.clock.now())
    return file


def lose_the_machine(world: World, database: str, backup: Path) -> None:
    """Another machine, an empty database, and the backup in it."""
    world.remember()
    world.shop.close()
    world.shop.store.close()
    folder = world.folder / "new"
    folder.mkdir()
    world.url = new_url(database, folder)
    restore_backup(Place(folder / "service", read_address(world.url)), backup, PASSWORD, world.clock.now())
    world.shop = Shop(Store(world.url), world.clock)
    for desktop in world.desktops:
        desktop.line.shop = world.shop
    world.log, world.ends = [], set()


def pull(*desktops: Desktop) -> None:
    for desktop in desktops:
        desktop.steps.push()
        while desktop.steps.pull():
            pass


def ship(desktop: Desktop, order_id: str, waybill_no: str) -> None:
    lines = (ShippedLine(f"{order_id}-1", 1),)
    assert desktop.give(ShipOrder(order_id, f"parcel-{order_id}", lines, "sf", waybill_no)) == ""


def come_back(world: World, *desktops: Desktop) -> None:
    """Each greets, fetches everything anew and sends what it has; twice, so that each hears of the other."""
    for _ in range(2):
        for desktop in desktops:
            desktop.greet()
            pull(desktop)
            pull(desktop)


def states(world: World) -> dict[str, str]:
    return {str(order_id): str(state) for order_id, state in world.shop.rows("orders", "id, state")}


def incidents(world: World) -> dict[str, dict[str, object]]:
    return {kind: codec.parse(refs) for kind, refs in world.shop.rows("incidents", "kind, refs")}


@pytest.mark.parametrize("database", DATABASES)
def test_what_was_sold_shipped_and_collected_in_the_lost_hours_comes_back(database: str, tmp_path: Path) -> None:
    with world(database, tmp_path) as shop:
        one, two = shop.desktops
        one.clock.advance(hours=-3)  # a wrong clock must not send a parcel ahead of its order
        shop.shop.paid_order("known", "p2-s")
        shop.shop.order("waiting", "p1-s")
        backup = back_up(shop)
        shop.shop.paid_order_now("waiting", FEN)
        for order_id in ("o1", "o2", "o3"):
            shop.shop.paid_order(order_id, "p1-s")
        shop.shop.order("unpaid", "p2-s")
        assert shop.shop.pickup_order("o4", "p2-s", 2).is_applied
        shop.shop.paid_order_now("o4", 2 * FEN)
        pull(one, two)
        ship(one, "o1", "SF1688124306257")
        ref = str(one.shown()["pickups"]["o4"]["ref"])
        assert two.give(RecordRedeemed("scan", ref, "pp", two.device_id)) == ""
        pull(one, two, one)
        before, stock = states(shop), shop.shop.rows("stock_levels", "sku_id, on_hand_qty, reserved_qty, short_qty")
        ship(one, "o2", "SF1688124306999")  # and these are still waiting to be sent
        ship(one, "known", "SF1688124306888")
        lose_the_machine(shop, database, backup)
        assert list(states(shop)) == ["known", "waiting"]
        come_back(shop, one, two)
        assert states(shop) == before | {"o2": "shipped", "known": "shipped"}
        moved = [(sku, hand - 1, held - 1, short) for sku, hand, held, short in stock]
        assert shop.shop.rows("stock_levels", "sku_id, on_hand_qty, reserved_qty, short_qty") == moved
        assert [name for (name,) in shop.shop.rows("command_log", "name")].count("order.adopt") == 6
        told = incidents(shop)
        assert told.keys() == {CAME_BACK, RESTORED} and told[CAME_BACK]["count"] == 6
        assert one.holder.database.execute("SELECT * FROM sync_issue").fetchall() == []
        shop.check_settled()  # nothing doubled, the books explain it all, and both counters show what the service has
        transfers = shop.shop.rows("transfers", "ref_id")
        lost, doubled = len(before.keys() - states(shop)), len(transfers) - len(set(transfers))
        print(f"RESTORED orders lost {lost} of {len(before)}, doubled {doubled}, came back {told[CAME_BACK]['count']}")
        assert (lost, doubled) == (0, 0)


@pytest.mark.parametrize("database", DATABASES)
def test_of_two_counters_that_remember_differently_the_one_that_knows_more_is_believed(
    database: str, tmp_path: Path
) -> None:
    """The counter that shipped has gone down with the machine; only another one saw it."""
    with world(database, tmp_path, desktops=3) as shop:
        early, late, gone = shop.desktops
        backup = back_up(shop)
        shop.shop.paid_order("o1", "p1-s")
        shop.shop.order("o2", "p2-s")
        pull(early, gone)
        ship(gone, "o1", "SF1688124306257")
        pull(gone)
        shop.shop.paid_order_now("o2", FEN)
        pull(late)
        shop.desktops = [early, late]
        gone.holder.close()
        lose_the_machine(shop, database, backup)
        shop.shop.must(CountStock("p1-s", PLACE, 8, 0))  # nothing is left for what comes back
        come_back(shop, early)
        assert states(shop) == {"o1": "paid", "o2": "unpaid"}
        come_back(shop, late, early)
        assert states(shop) == {"o1": "shipped", "o2": "paid"}
        assert incidents(shop)[CAME_BACK]["count"] == 2
        assert incidents(shop)["stock.short"]["order_id"] == "o1"
        shop.check_settled()


def test_what_the_restored_shop_decided_otherwise_stays_and_a_person_is_told(tmp_path: Path) -> None:
    """The buyer paid once more, under another attempt, before any counter came back."""
    with world("sqlite", tmp_path, desktops=1) as shop:
        (desktop,) = shop.desktops
        shop.shop.order("o1", "p1-s")
        backup = back_up(shop)
        shop.shop.paid_order_now("o1", FEN)
        pull(desktop)
        lose_the_machine(shop, "sqlite", backup)
        shop.shop.must(StartPayment("o1", "again", "Tagain"), BUYER)
        paid = ConfirmPayment("Tagain", "Wagain", Fen(FEN), Fen(FEN), "CNY", shop.clock.now())
        shop.shop.must(paid, SERVICE)
        come_back(shop, desktop)
        assert [row[0] for row in shop.shop.rows("payments", "out_trade_no")] == ["Tagain"]
        refs = incidents(shop)["orders.came_back_otherwise"]
        assert (refs["order_id"], refs["state"], refs["clash"]) == ("o1", "paid", "events")


def test_a_shop_of_another_name_gets_nothing(tmp_path: Path) -> None:
    """A counter that changes over to another shop does not bring its old orders along."""
    with world("sqlite", tmp_path, desktops=1) as shop:
        (desktop,) = shop.desktops
        backup = back_up(shop)
        shop.shop.paid_order("o1", "p1-s")
        pull(desktop)
        lose_the_machine(shop, "sqlite", backup)
        other = "UPDATE settings SET value = '\"elsewhere\"' WHERE key = 'default_location_id'"
        shop.shop.executor.chore(lambda db: db.execute(other)).result(30)
        come_back(shop, desktop)
        assert states(shop) == {}
