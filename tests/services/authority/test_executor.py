"""The executor: one order of all commands, each with exactly one verdict and one effect."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.domain.orders.commands import ShipOrder, ShippedLine
from app.domain.stock.commands import AdjustStock, CountStock, ReceiveStock
from app.domain.stock.model import MovementReason
from services.authority import commandlog
from services.db.engine import Store
from tests.services.authority.desktop import Desktop
from tests.support.clocks import FixedClock
from tests.support.shop import CLERK, PLACE, Shop, intent


@pytest.fixture
def shop(store: Store) -> Iterator[Shop]:
    shop = Shop(store, FixedClock()).found()
    yield shop
    shop.close()


def test_an_order_goes_from_the_buyer_to_the_carrier(shop: Shop) -> None:
    sku = shop.product(stock=10)
    shop.paid_order("o1", sku, qty=2)
    assert shop.rows("stock_levels", "on_hand_qty, reserved_qty, short_qty") == [(10, 2, 0)]
    ship = ShipOrder("o1", "parcel-1", (ShippedLine("o1-1", 2),), "sf", "SF1234567890123")
    shop.must(ship, CLERK)
    assert shop.rows("orders", "state, total_fen, paid_fen") == [("shipped", 13600, 13600)]
    assert shop.rows("stock_levels", "on_hand_qty, reserved_qty, short_qty") == [(8, 0, 0)]
    assert shop.rows("reservations", "state") == [("consumed",)]
    assert sum(delta for (delta,) in shop.rows("stock_movements", "delta_qty")) == 8


def test_the_same_command_twice_has_one_effect_and_the_same_answer(shop: Shop) -> None:
    sku = shop.product(stock=0)
    receive = ReceiveStock(sku, PLACE, 5)
    first = shop.do(receive)
    again = shop.do(receive)
    assert again.duplicate and again.commit_seq == first.commit_seq
    assert shop.rows("stock_levels", "on_hand_qty") == [(5,)]


def test_promised_goods_cannot_be_taken_by_an_adjustment(shop: Shop) -> None:
    sku = shop.product(stock=3)
    shop.paid_order("o1", sku, qty=2)
    refused = shop.do(AdjustStock(sku, PLACE, -2, MovementReason.DAMAGED))
    assert (refused.code, refused.params) == ("stock.not_enough", {"available_qty": 1})
    assert shop.rows("stock_levels", "on_hand_qty, reserved_qty") == [(3, 2)]


def test_a_count_below_what_is_promised_is_recorded_and_opens_an_incident(shop: Shop) -> None:
    sku = shop.product(stock=3)
    shop.paid_order("o1", sku, qty=2)
    shop.must(CountStock(sku, PLACE, seen_qty=3, counted_qty=1), CLERK)
    assert shop.rows("stock_levels", "on_hand_qty, reserved_qty, short_qty") == [(1, 2, 1)]
    assert shop.rows("incidents", "kind, state") == [("stock.short", "open")]
    shop.must(ReceiveStock(sku, PLACE, 4), CLERK)
    assert shop.rows("stock_levels", "on_hand_qty, reserved_qty, short_qty") == [(5, 2, 0)]


def test_feed_numbers_have_no_gaps_and_the_log_of_commands_is_a_chain(shop: Shop) -> None:
    sku = shop.product(stock=3)
    shop.paid_order("o1", sku)
    numbers = [seq for (seq,) in shop.rows("change_log", "seq")]
    assert numbers == list(range(1, len(numbers) + 1))
    with shop.store.reading() as database:
        assert commandlog.broken_link(database) is None
        assert database.execute("SELECT last_seq FROM feed_head").fetchone()[0] == len(numbers)


def test_what_was_recorded_cannot_be_changed_behind_the_programs_back(shop: Shop) -> None:
    shop.product(stock=3)
    failed = shop.executor.chore(lambda db: db.execute("UPDATE stock_movements SET delta_qty = 99"))
    assert "append-only" in str(failed.exception(30))
    assert shop.rows("stock_movements", "delta_qty") == [(3,)]


def test_a_command_that_a_copied_computer_brings_again_is_acknowledged_to_it_and_has_no_second_effect(
    shop: Shop,
) -> None:
    sku = shop.product(stock=0)
    first, copy = Desktop(shop.executor, "pc-1", 1), Desktop(shop.executor, "pc-2", 2)
    at = shop.clock.now()
    given = first.intent(ReceiveStock(sku, PLACE, 5), 1, at)
    once = shop.executor.submit(given).result(30)
    again = shop.executor.submit(replace(given, device_id=copy.id)).result(30)
    assert again.duplicate and again.commit_seq == once.commit_seq
    assert shop.executor.submit(copy.intent(ReceiveStock(sku, PLACE, 1), 2, at)).result(30).is_applied
    assert shop.rows("stock_levels", "on_hand_qty") == [(6,)]
    told = shop.rows("change_log WHERE table_name = 'verdict'", "audience, pk")
    assert [pk for audience, pk in told if copy.id in audience] == [given.command_id, f"pc-2-{ReceiveStock.NAME}-2"]
    with shop.store.reading() as database:
        assert commandlog.broken_link(database) is None


def test_caches_are_told_before_the_caller_is(shop: Shop) -> None:
    told: list[int] = []
    shop.executor.on_commit(lambda committed: told.append(committed.last_seq))
    answered = threading.Event()
    seen: list[list[int]] = []
    future = shop.executor.submit(intent(ReceiveStock(shop.product(stock=0), PLACE, 1), CLERK, shop.clock.now()))
    future.add_done_callback(lambda _: (seen.append(list(told)), answered.set()))
    answer = future.result(30)
    assert answered.wait(10)
    assert answer.commit_seq in seen[0]
