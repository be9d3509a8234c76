"""The overview's figures against a plain recount of every row, in random shops of several zones."""

import random
import zoneinfo
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from app.desk.figures import TaskKind
from app.domain.catalog.model import Product, ProductState, Sku
from app.domain.delivery.model import DeliveryState, LocalDelivery
from app.domain.incidents.model import Incident
from app.domain.insight import rules
from app.domain.money import Fen
from app.domain.orders.model import DeliveryKind, Order
from app.domain.payments.model import Transfer
from app.domain.pickup.model import Pickup, PickupState
from app.domain.settings import Setting
from app.domain.stock.model import StockLevel
from app.kernel import codec
from tests.support.shelf import MONDAY, Shelf, back, order

ZONES = ("Asia/Shanghai", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York")
IN_SHOP = zoneinfo.ZoneInfo("Asia/Shanghai")


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    found = Shelf(tmp_path / "replica.db")
    yield found
    found.database.close()


@dataclass(frozen=True)
class Books:
    """All that was sold and given back, and the plainest way to count it."""

    orders: Sequence[Order]
    refunds: Sequence[Transfer]
    zone: zoneinfo.ZoneInfo

    def on(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def net(self, on: date, until: datetime | None = None) -> int:
        paid = [o for o in self.orders if o.paid_at and self.on(o.paid_at) == on and (not until or o.paid_at < until)]
        given = [t for t in self.refunds if self.on(t.happened_at) == on and (not until or t.happened_at < until)]
        return sum(o.paid_fen for o in paid) - sum(t.fen for t in given)

    def count(self, on: date) -> int:
        return sum(1 for o in self.orders if o.paid_at and self.on(o.paid_at) == on)


def random_books(seed: int, zone: str) -> tuple[Books, datetime]:
    chance = random.Random(seed)
    now = MONDAY + timedelta(minutes=chance.randrange(7 * 24 * 60), seconds=chance.randrange(60))

    def moment() -> datetime:
        if chance.random() < 0.2:  # much around now, a week ago: there the quarter is cut
            return now - timedelta(days=7) + timedelta(seconds=chance.randrange(-900, 900))
        return now - timedelta(seconds=chance.randrange(70 * 24 * 3600))

    orders = [
        order(n, moment() if chance.random() < 0.9 else None, chance.randrange(1, 9_999), delivery_kind=kind)
        for n in range(400)
        for kind in [chance.choice(list(DeliveryKind))]
    ]
    refunds = [back(n, moment(), chance.randrange(1, 9_999)) for n in range(60)]
    return Books(orders, refunds, zoneinfo.ZoneInfo(zone)), now


@pytest.mark.parametrize(("seed", "zone"), list(enumerate(ZONES * 2)))
def test_every_figure_is_what_counting_all_rows_gives(shelf: Shelf, seed: int, zone: str) -> None:
    books, now = random_books(seed, zone)
    shelf.put(Setting("time_zone", codec.canonical(zone)), *books.orders, *books.refunds)
    shown = shelf.overview(now)
    today = books.on(now)

    assert (shown.today.on, shown.today.sold_fen) == (today, books.net(today))
    assert shown.today.order_count == books.count(today) == sum(shown.today.by_delivery.values())
    assert shown.today.course_fen[-1] == shown.today.sold_fen

    a_week_ago = now.astimezone(books.zone).replace(tzinfo=None) - timedelta(days=7)
    until = a_week_ago.replace(tzinfo=books.zone)
    assert shown.today.before_fen == books.net(until.date(), until)

    days = [today - timedelta(days=n) for n in range(29, -1, -1)]
    told = [(day.on, day.order_count, day.net_fen) for day in shown.month.days]
    assert told == [(on, books.count(on), books.net(on)) for on in days]
    assert (shown.month.total_fen, shown.month.order_count) == (
        sum(map(books.net, days)),
        sum(map(books.count, days)),
    )
    assert shown.month.average_fen is not None
    assert abs(shown.month.average_fen * 29 - sum(map(books.net, days[:-1]))) <= 29

    monday = today - timedelta(days=today.weekday())
    heat: Counter[tuple[int, int]] = Counter()
    for o in books.orders:
        if o.paid_at and monday - timedelta(days=28) <= books.on(o.paid_at) < monday:
            local = o.paid_at.astimezone(books.zone)
            heat[local.weekday(), local.hour] += 1
    assert {(w, h): n for w, row in enumerate(shown.week.cells) for h, n in enumerate(row) if n} == dict(heat)
    assert shown.week.total == sum(heat.values())
    assert shown.week.busiest == min(heat, key=lambda cell: (-heat[cell], cell))
    for cell in heat:
        spans = rules.spans_of(cell, shown.week, shown.calendar)
        paid = [o.paid_at for o in books.orders if o.paid_at]
        assert sum(any(begin <= at < end for begin, end in spans) for at in paid) == heat[cell]


def test_a_shop_without_orders_has_nothing_to_compare(shelf: Shelf) -> None:
    shown = shelf.overview(MONDAY)
    assert (shown.today.sold_fen, shown.today.order_count, shown.today.change_per_mille) == (0, 0, None)
    assert (shown.month.average_fen, shown.week.busiest, shown.newest, shown.tasks) == (None, None, (), ())


def test_the_average_of_a_young_shop_is_over_its_own_days(shelf: Shelf) -> None:
    shelf.put(order(1, MONDAY - timedelta(days=3), 900), order(2, MONDAY - timedelta(days=1), 600), order(3, MONDAY))
    month = shelf.overview(MONDAY).month
    assert (month.whole_days, month.average_fen, month.total_fen) == (3, 500, 1600)


def test_what_has_the_least_time_left_comes_first(shelf: Shelf) -> None:
    here = MONDAY.astimezone(IN_SHOP)
    soon = f"{here.date()} 17:40-18:30"

    def waits(number: int, kind: DeliveryKind) -> Order:
        return order(number, MONDAY - timedelta(hours=number), delivery_kind=kind)

    shelf.put(
        *(waits(1, DeliveryKind.EXPRESS), waits(2, DeliveryKind.EXPRESS)),
        *(waits(3, DeliveryKind.LOCAL), waits(4, DeliveryKind.PICKUP), waits(5, DeliveryKind.PICKUP)),
        order(6, None, expires_at=MONDAY + timedelta(minutes=12)),
        LocalDelivery("o00003", "area", DeliveryState.PREPARING, soon),
        Pickup("o00004", "point", "ref4", "4", PickupState.PREPARING, soon),
        Pickup("o00005", "point", "ref5", "5", PickupState.READY, expires_at=MONDAY + timedelta(hours=5)),
        Incident("i1", "refund.failed", {}, MONDAY),
        Product("p", "c", "燕麦奶 1L", state=ProductState.ON_SALE),
        Sku("k", "p", "", "SY-1", "", Fen(900)),
        StockLevel("k", "place", 6, 2),
    )
    shown = shelf.overview(MONDAY)
    assert [(t.kind, t.count, t.due_at and t.due_at - MONDAY) for t in shown.tasks] == [
        (TaskKind.PREPARE, 1, timedelta(minutes=19, seconds=30)),
        (TaskKind.DISPATCH, 1, timedelta(minutes=69, seconds=30)),
        (TaskKind.EXPIRING, 1, timedelta(hours=5)),
        (TaskKind.ISSUES, 1, None),
        (TaskKind.SHIP, 2, None),
        (TaskKind.UNPAID, 1, None),
        (TaskKind.LOW_STOCK, 1, None),
    ]
    by_kind = {task.kind: task for task in shown.tasks}
    assert by_kind[TaskKind.UNPAID].closes_at == MONDAY + timedelta(minutes=12)
    assert by_kind[TaskKind.SHIP].since_at == MONDAY - timedelta(hours=2)
    assert (by_kind[TaskKind.LOW_STOCK].subject, by_kind[TaskKind.LOW_STOCK].qty) == ("燕麦奶 1L", 4)
    assert shown.to_ship == {"express": 2, "local": 1}
    assert shown.to_collect == {"preparing": 1, "ready": 1}
    assert [new.order_id for new in shown.newest] == ["o00006", "o00001", "o00002", "o00003", "o00004", "o00005"]


def test_a_counter_is_told_of_what_is_collected_at_its_own_point(shelf: Shelf) -> None:
    for number, point in enumerate(("here", "here", "there"), 1):
        shelf.put(
            order(number, MONDAY), Pickup(f"o{number:05}", point, f"ref{number}", str(number), PickupState.PREPARING)
        )
    assert shelf.overview(MONDAY).to_collect == {"preparing": 3}
    here, there = shelf.overview(MONDAY, "here"), shelf.overview(MONDAY, "there")
    assert (here.to_collect, there.to_collect) == ({"preparing": 2}, {"preparing": 1})
    assert [task.count for task in here.tasks if task.kind is TaskKind.PREPARE] == [2]
