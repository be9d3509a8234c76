"""News about a row that many waiting commands have changed: it comes out as if all of them were carried out again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.orders.commands import ShipOrder, ShippedLine
from app.domain.pickup.commands import RecordRedeemed, UndoRedemption
from app.domain.staff.commands import ArchiveStaff, ChangeSetting
from app.domain.stock.commands import CountStock, ReceiveStock
from app.replica import apply, shadow
from app.tables.schema import KINDS
from tests.support.counter import Bought, Counter
from tests.support.shop import OWNER, PLACE

ONE = Bought((("milk", 1),))
STOCK = f"milk-s/{PLACE}"


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    found = Counter(tmp_path, (ONE, ONE, ONE, ONE))
    yield found
    found.close()


def ship(counter: Counter, *numbers: int) -> None:
    for n in numbers:
        line = ShippedLine(f"o{n}-1", 1)
        counter.desktop.give(ShipOrder(f"o{n}", f"parcel-{n}", (line,), "sf", f"SF168812430625{n}"))


def shown(counter: Counter) -> dict[str, set[Any]]:
    database = counter.desktop.holder.database
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    rows = {table: database.execute(f"SELECT * FROM {table}").fetchall() for table in tables if table in KINDS}
    found = {table: {row[1:] for row in held} for table, held in rows.items()}
    return found | {"outbox": set(database.execute("SELECT * FROM outbox"))}


def carried_out_again(counter: Counter) -> dict[str, set[Any]]:
    database = counter.desktop.holder.database
    with database.transaction():
        shadow.rewind(database)
        apply.replay(database, counter.desktop.registry)
    return shown(counter)


def forecasts(counter: Counter) -> list[tuple[str, str]]:
    sql = "SELECT forecast, forecast_code FROM outbox ORDER BY device_seq"
    return [(forecast, code) for forecast, code in counter.desktop.holder.database.execute(sql)]


def level(counter: Counter) -> tuple[int, int, int]:
    sql = "SELECT on_hand_qty, reserved_qty, short_qty FROM stock_levels WHERE sku_id = 'milk-s'"
    found: tuple[int, int, int] = counter.desktop.holder.database.execute(sql).fetchone()
    return found


def test_news_of_the_stock_that_all_of_them_take_from_moves_no_other_row(counter: Counter) -> None:
    ship(counter, 1, 2, 3)
    assert level(counter) == (497, 1, 0)
    heard = counter.heard()
    counter.shop.must(ReceiveStock("milk-s", PLACE, 10), OWNER)
    counter.pull()
    assert level(counter) == (507, 1, 0)
    assert set(heard[-1].tables) == {"stock_levels", "stock_movements"}
    assert heard[-1].tables["stock_levels"] == frozenset({STOCK})
    assert shown(counter) == carried_out_again(counter)
    counter.push()
    assert level(counter) == (507, 1, 0)


def test_those_that_were_decided_leave_and_the_others_stay_on_top(counter: Counter) -> None:
    ship(counter, 1, 2)
    while counter.desktop.steps.push():
        pass
    ship(counter, 3)
    counter.shop.must(ReceiveStock("milk-s", PLACE, 10), OWNER)
    counter.pull()
    assert level(counter) == (507, 1, 0)
    assert shown(counter) == carried_out_again(counter)


def test_what_is_decided_otherwise_now_is_carried_out_otherwise(counter: Counter) -> None:
    ship(counter, 1, 2)
    counter.shop.must(ShipOrder("o1", "parcel-9", (ShippedLine("o1-1", 1),), "sf", "SF1688124306259"), OWNER)
    counter.pull()
    assert level(counter) == (498, 2, 0)
    assert shown(counter) == carried_out_again(counter)


def test_what_was_refused_goes_with_all_its_rows(counter: Counter) -> None:
    ship(counter, 1, 2)
    counter.shop.must(ShipOrder("o1", "parcel-9", (ShippedLine("o1-1", 1),), "sf", "SF1688124306259"), OWNER)
    while counter.desktop.steps.push():
        pass
    ship(counter, 3)
    counter.pull()
    assert level(counter) == (497, 1, 0)
    parcels = counter.desktop.holder.database.execute("SELECT id FROM parcels ORDER BY id").fetchall()
    assert parcels == [("parcel-2",), ("parcel-3",), ("parcel-9",)]
    assert shown(counter) == carried_out_again(counter)


def test_each_of_them_sees_what_the_one_before_has_left(counter: Counter) -> None:
    """With too little on the shelf, the pieces that are missing are told step by step."""
    ship(counter, 1, 2, 3)
    counter.shop.must(CountStock("milk-s", PLACE, seen_qty=500, counted_qty=1), OWNER)
    counter.pull()
    first = level(counter)
    assert shown(counter) == carried_out_again(counter) and level(counter) == first
    counter.shop.must(ReceiveStock("milk-s", PLACE, 7), OWNER)
    counter.pull()
    assert shown(counter) == carried_out_again(counter)


def test_who_has_left_the_shop_meanwhile_has_shipped_nothing(counter: Counter) -> None:
    ship(counter, 1)
    line = ShippedLine("o2-1", 1)
    counter.desktop.give(ShipOrder("o2", "parcel-2", (line,), "sf", "SF1688124306252"), actor="clerk")
    counter.shop.must(ReceiveStock("milk-s", PLACE, 10), OWNER)
    counter.shop.must(ArchiveStaff("clerk"), OWNER)
    counter.pull()
    assert forecasts(counter) == [("ok", ""), ("doubtful", "not_allowed")]
    assert level(counter) == (509, 3, 0)
    assert shown(counter) == carried_out_again(counter)


def test_a_setting_that_comes_with_the_news_counts_for_what_waits(counter: Counter) -> None:
    counter.shop.pickup_order("o9", "milk-s", qty=1, fen=11400)
    counter.shop.paid_order_now("o9", 11400)
    counter.pull()
    (ref,) = counter.desktop.holder.database.execute("SELECT ref FROM pickups").fetchone()
    device = counter.desktop.device_id
    assert counter.desktop.give(RecordRedeemed("scan-1", ref, "pp", device)) == ""
    counter.desktop.clock.advance(seconds=75)
    assert counter.desktop.give(UndoRedemption("scan-2", "scan-1", "pp", device)) == ""
    counter.shop.must(ReceiveStock("milk-s", PLACE, 10), OWNER)
    counter.shop.must(ChangeSetting("pickup_undo_seconds", "0"), OWNER)
    counter.pull()
    assert forecasts(counter) == [("ok", ""), ("doubtful", "pickup.undo_too_late")]
    assert shown(counter) == carried_out_again(counter)
