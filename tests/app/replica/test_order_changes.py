"""A list that is brought up to date is the list that reading it anew would give, and little is read for it."""

import random
from array import array
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.orders.model import DeliveryKind, Order, OrderState
from app.kernel.splices import Splices
from app.replica.queries.order_changes import order_list_after
from app.replica.queries.order_list import OrderFilter, OrderList, first_orders, order_list
from app.replica.reader import open_reader
from tests.support.shelf import Shelf, order

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
FILTERS = (
    *(OrderFilter(), OrderFilter("paid,partly_shipped"), OrderFilter("to_collect,shipped"), OrderFilter("completed")),
    *(OrderFilter("", "", "pickup"), OrderFilter("paid", "", "express")),
)


def some_order(chance: random.Random, number: int) -> Order:
    at = NOON + timedelta(seconds=chance.randrange(900))  # many of one second
    made = order(number, at, number + 1, delivery_kind=chance.choice(list(DeliveryKind)))
    return replace(made, state=chance.choice(list(OrderState)), placed_at=at)


class Many:
    """Two hundred orders that change and get more."""

    def __init__(self, folder: Path) -> None:
        self.chance = random.Random(folder.name)
        self.shelf = Shelf(folder / "replica.db")
        self.orders = [some_order(self.chance, number) for number in range(200)]
        self.shelf.put(*self.orders)

    def change(self, count: int) -> frozenset[str]:
        """Some orders take another state, others come; answers their ids."""
        changed = set()
        for _ in range(count):
            if self.chance.random() < 0.4:
                self.orders.append(some_order(self.chance, len(self.orders)))
                place = len(self.orders) - 1
            else:
                place = self.chance.randrange(len(self.orders))
                self.orders[place] = replace(self.orders[place], state=self.chance.choice(list(OrderState)))
            changed.add(self.orders[place].id)
        self.shelf.put(*(one for one in self.orders if one.id in changed))
        return frozenset(changed)

    def whole(self, wanted: OrderFilter) -> OrderList:
        with closing(open_reader(self.shelf.database.path)) as reader:
            return order_list(reader, wanted)

    def after(self, wanted: OrderFilter, before: OrderList, changed: frozenset[str]) -> OrderList:
        with closing(open_reader(self.shelf.database.path)) as reader:
            return order_list_after(reader, wanted, before, changed)


@pytest.fixture
def many(tmp_path: Path) -> Iterator[Many]:
    found = Many(tmp_path)
    yield found
    found.shelf.database.close()


def same(one: OrderList, other: OrderList) -> bool:
    return (one.rowids, dict(one.counts), one.total_fen) == (other.rowids, dict(other.counts), other.total_fen)


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_a_list_follows_its_orders(many: Many, wanted: OrderFilter) -> None:
    shown, brought = many.whole(wanted), 0
    for count in (0, 1, 1, 2, 3, 5, 8, 13, 21, 34):
        changed = many.change(count)
        found = many.after(wanted, shown, changed)
        assert same(found, many.whole(wanted))
        if found.splices is not None:
            brought += 1
            assert found.splices.since is shown.rowids
            assert found.splices.applied() == found.rowids
            for position, rowid in enumerate(shown.rowids):
                place = found.splices.moved(position)
                assert (None if place is None else found.rowids[place]) == (rowid if rowid in found.rowids else None)
        shown = found
    assert brought == 10


def test_a_change_that_nobody_told_of_is_noticed_by_the_count(many: Many) -> None:
    wanted = OrderFilter("paid")
    shown = many.whole(wanted)
    many.orders.append(replace(some_order(many.chance, 900), state=OrderState.PAID, delivery_kind=DeliveryKind.EXPRESS))
    many.shelf.put(many.orders[-1])
    assert same(many.after(wanted, shown, frozenset()), many.whole(wanted))


@pytest.mark.parametrize("told", [("older", "newer"), ("older",), ("newer",)], ids="-".join)
def test_rows_that_have_exchanged_their_numbers_are_noticed(many: Many, told: tuple[str, ...]) -> None:
    """As when an order of this counter is taken back, another one comes, and it is shown again."""
    shown = many.whole(OrderFilter())
    newer, older = shown.rowids[3], shown.rowids[150]
    database = many.shelf.database
    ids = dict(database.execute("SELECT rid, id FROM orders").fetchall())
    with database.transaction():
        for rid, other in ((newer, -1), (older, newer), (-1, older)):
            database.execute("UPDATE orders SET rid = ? WHERE rid = ?", (other, rid))
    keys = {"newer": ids[newer], "older": ids[older]}
    found = many.after(OrderFilter(), shown, frozenset(keys[each] for each in told))
    assert same(found, many.whole(OrderFilter()))


def test_an_order_that_is_gone_leaves(many: Many) -> None:
    shown = many.whole(OrderFilter())
    gone = many.orders[7]
    with many.shelf.database.transaction():
        many.shelf.database.execute("DELETE FROM orders WHERE id = ?", (gone.id,))
    found = many.after(OrderFilter(), shown, frozenset({gone.id}))
    assert len(found.rowids) == len(shown.rowids) - 1 and same(found, many.whole(OrderFilter()))


def test_orders_that_come_together_stand_in_order(many: Many) -> None:
    shown = many.whole(OrderFilter())
    placed = (NOON + timedelta(hours=1), NOON + timedelta(hours=3), NOON + timedelta(hours=2))
    new = [replace(some_order(many.chance, 500 + n), placed_at=at) for n, at in enumerate(placed)]
    many.shelf.put(*new)
    found = many.after(OrderFilter(), shown, frozenset(one.id for one in new))
    assert found.splices is not None and [(part.at, len(part.come)) for part in found.splices.parts] == [(0, 3)]
    assert same(found, many.whole(OrderFilter()))


def test_what_is_searched_for_or_only_begun_is_read_anew(many: Many) -> None:
    with closing(open_reader(many.shelf.database.path)) as reader:
        begun = first_orders(reader, OrderFilter())
    assert not begun.is_whole
    changed = many.change(4)
    assert same(many.after(OrderFilter(), begun, changed), many.whole(OrderFilter()))
    words = OrderFilter(words="咖啡")
    assert many.after(words, many.whole(words), changed).splices is None


def test_a_few_changes_among_many_orders_read_few_of_them(many: Many) -> None:
    many.shelf.put(*(some_order(many.chance, number) for number in range(1_000, 9_000)))
    shown = many.whole(OrderFilter())
    changed = many.change(3)
    read = 0

    def count(_: str) -> None:
        nonlocal read
        read += 1

    with closing(open_reader(many.shelf.database.path)) as reader:
        reader.set_trace_callback(count)
        order_list_after(reader, OrderFilter(), shown, changed)
    assert 3 < read < 120


def test_splices_of_an_empty_list() -> None:
    splices = Splices(array("q"), ())
    assert splices.applied() == array("q") and splices.moved(0) == 0
