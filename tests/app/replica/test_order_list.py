"""What a list shows and counts, against a plain look at every order."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.desk.figures import shop_overview
from app.desk.queries import OrderFilter, OrderList, first_orders, order_counts, order_list, order_rows, order_window
from app.domain.orders.model import DeliveryKind, Order, OrderContact, OrderState
from app.replica.queries.order_list import FIRST_FOUND, FIRST_ROWS
from app.replica.queries.order_rows import all_rows
from app.replica.reader import open_reader
from tests.support.shelf import Shelf, order

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SHIPPABLE = ("paid", "partly_shipped")


def standing(one: Order) -> str:
    waits = one.delivery_kind is DeliveryKind.PICKUP and one.state in SHIPPABLE
    return "to_collect" if waits else str(one.state)


def orders() -> list[Order]:
    chance = random.Random(7)
    found = []
    for number in range(300):
        state = chance.choice(list(OrderState))
        at = NOON - timedelta(minutes=chance.randrange(9_000))
        paid_at = None if state in (OrderState.UNPAID, OrderState.CLOSED) else at
        one = order(number, paid_at, number + 1, delivery_kind=chance.choice(list(DeliveryKind)))
        found.append(replace(one, state=state, placed_at=at))
    return found


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    found = Shelf(Path(tmp_path_factory.mktemp("replica")) / "replica.db")
    people = [OrderContact(one.id, "林晓雨" if n % 3 else "周若溪", "", "", "") for n, one in enumerate(orders())]
    found.put(*orders(), *people)
    yield found
    found.database.close()


HOURS = tuple((NOON - timedelta(hours=7 * n + 1), NOON - timedelta(hours=7 * n)) for n in range(20))


@pytest.mark.parametrize("words", ["", "周若溪"])
@pytest.mark.parametrize("paid", [(), HOURS], ids=["ever", "hours"])
@pytest.mark.parametrize("kind", ["", "local", "pickup"])
@pytest.mark.parametrize("state", ["", "to_collect", "paid,partly_shipped", "to_collect,shipped", "unpaid"])
def test_a_filter_finds_what_it_says(
    shelf: Shelf, state: str, kind: str, paid: tuple[tuple[datetime, datetime], ...], words: str
) -> None:
    named = [
        one
        for n, one in enumerate(orders())
        if kind in ("", one.delivery_kind)
        and (not paid or any(one.paid_at and begin <= one.paid_at < end for begin, end in paid))
        and (not words or n % 3 == 0)
    ]
    fitting = [one for one in named if not state or standing(one) in state.split(",")]
    newest = sorted(fitting, key=lambda one: (one.placed_at, one.id), reverse=True)
    wanted = OrderFilter(state, words, kind, paid)
    reader = open_reader(shelf.database.path)
    found, first = order_list(wanted)(reader), first_orders(wanted)(reader)
    rows = order_window(found.rowids)(reader)
    reader.close()
    assert [rows[rid].order_id for rid in found.rowids] == [one.id for one in newest]
    assert all(rows[rid].state == standing(one) for rid, one in zip(found.rowids, newest, strict=True))
    assert dict(found.counts) == {**Counter(map(standing, named)), "": len(named)}
    assert found.total_fen == sum(one.total_fen for one in newest)
    shown = [rid for rid in first.rowids if rid > 0]
    at_once = FIRST_FOUND if words else FIRST_ROWS
    assert shown == list(found.rowids[: len(shown)]) and len(shown) >= min(len(found.rowids), at_once)


def test_side_bar_tabs_and_overview_say_the_same(shelf: Shelf) -> None:
    reader = open_reader(shelf.database.path)
    counts, whole = order_counts()(reader), order_list(OrderFilter())(reader)
    overview = shop_overview(NOON)(reader)
    reader.close()
    assert isinstance(whole, OrderList) and whole.counts == counts
    assert sum(overview.to_ship.values()) == counts["paid"] + counts["partly_shipped"]


@pytest.mark.parametrize("kind", ["", "pickup", "express"])
@pytest.mark.parametrize("state", ["", "to_collect", "paid,partly_shipped", "completed,cancelled,closed"])
def test_rows_at_any_place_are_those_of_the_whole_list(shelf: Shelf, state: str, kind: str) -> None:
    wanted = OrderFilter(state, "", kind)
    reader = open_reader(shelf.database.path)
    rowids = order_list(wanted)(reader).rowids
    for first in range(0, len(rowids), 7):
        found = order_rows(wanted, first, 10, len(rowids))(reader)
        assert found == rowids[first : first + 10]
    assert all_rows(reader, wanted, piece=7) == rowids
    assert not order_rows(wanted, 0, 10, len(rowids) + 1)(reader)
    reader.close()


def test_an_order_in_a_state_of_a_newer_service_stays_in_its_list(tmp_path: Path) -> None:
    """It was counted and not listed, and every place behind it was another order's."""
    shelf = Shelf(tmp_path / "replica.db")
    shelf.put(*(order(number, None, number + 1, delivery_kind=DeliveryKind.EXPRESS) for number in range(6)))
    with shelf.database.transaction():
        shelf.database.execute("UPDATE orders SET state = 'lost_by_carrier' WHERE rid IN (2, 3)")
    wanted, reader = OrderFilter(delivery_kind="express"), open_reader(shelf.database.path)
    whole = order_list(wanted)(reader)
    assert sorted(whole.rowids) == [1, 2, 3, 4, 5, 6] and whole.counts[""] == 6
    assert first_orders(wanted)(reader).rowids == whole.rowids
    assert order_rows(wanted, 4, 2, 6)(reader) == whole.rowids[4:]
    reader.close()
    shelf.database.close()
