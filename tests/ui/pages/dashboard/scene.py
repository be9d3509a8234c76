"""A shop with six weeks behind it, and one that begins."""

import random
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import TypeVar

from app.desk.hub import ChangeHub
from app.desk.runner import ChangeSet
from app.desk.threads import Query
from app.domain.catalog.model import Product, ProductState, Sku
from app.domain.delivery.model import DeliveryState, LocalDelivery
from app.domain.incidents.model import Incident
from app.domain.money import Fen
from app.domain.orders.model import DeliveryKind, Order, OrderContact, OrderLine, OrderState
from app.domain.pickup.model import Pickup, PickupState
from app.domain.row import Row
from app.domain.stock.model import StockLevel
from app.replica.changes import Origin, by_table
from app.replica.reader import open_reader
from tests.support.shelf import MONDAY, Shelf, back, order

T = TypeVar("T")
GOODS = ("冷萃咖啡液 10 条装", "燕麦奶 1L 咖啡大师", "云南小粒咖啡豆 深烘 454g 单一产地 家庭装")
TO_SHIP, TO_DISPATCH, TO_PREPARE, READY, UNPAID = 5, 2, 3, 4, 2


class Runner:
    """Asks the shelf at once; counts the questions, and holds the answers back while it is told to."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.hub = ChangeHub()
        self.asked = 0
        self.is_holding = False
        self.is_blind = False
        self._held: list[Callable[[], None]] = []

    def query(
        self, query: "Query[T]", on_result: Callable[[T], None], on_lost: Callable[[], bool] | None = None
    ) -> None:
        self.asked += 1
        if self.is_blind:
            if on_lost is not None and on_lost():
                self._held.append(lambda: self.query(query, on_result, on_lost))
            return
        with closing(open_reader(self._shelf.database.path)) as reader:
            answer = query(reader)
        if self.is_holding:
            self._held.append(lambda: on_result(answer))
        else:
            on_result(answer)

    def let_go(self) -> None:
        """Deliver what was held back, and hold nothing any more."""
        self.is_holding = self.is_blind = False
        held, self._held = self._held, []
        for deliver in held:
            deliver()

    def listen(self, on_change: Callable[[ChangeSet], None]) -> Callable[[], None]:
        return self.hub.listen(on_change)

    def when(self, *_args: object) -> None:
        raise AssertionError("the overview waits for nothing but answers")

    def perform(self, *_args: object, **_more: object) -> None:
        raise AssertionError("the overview changes nothing")

    def tell(self, table: str, key: str = "x") -> None:
        """Something has changed."""
        self.hub.publish(ChangeSet(Origin.FEED, by_table([(table, key)])))


def fill(shelf: Shelf) -> None:
    """Orders of six weeks, and of every kind of work a little."""
    chance = random.Random(11)
    rows: list[Row] = [
        order(
            number,
            MONDAY - timedelta(minutes=chance.randrange(42 * 24 * 60)),
            chance.randrange(900, 40_000),
            delivery_kind=chance.choice(list(DeliveryKind)),
            state=OrderState.COMPLETED,
        )
        for number in range(100, 700)
    ]
    rows += [back(number, MONDAY - timedelta(hours=31 * number), 1_500) for number in range(9)]
    rows += _waiting(DeliveryKind.EXPRESS, 10, TO_SHIP)
    local = _waiting(DeliveryKind.LOCAL, 20, TO_DISPATCH)
    pickups = _waiting(DeliveryKind.PICKUP, 30, TO_PREPARE + READY)
    rows += [*local, *pickups]
    rows += [LocalDelivery(one.id, "area", DeliveryState.PREPARING, "2026-11-23 17:00-17:40") for one in local]
    for number, one in enumerate(pickups):
        state = PickupState.PREPARING if number < TO_PREPARE else PickupState.READY
        until = MONDAY + timedelta(hours=5) if number == TO_PREPARE else MONDAY + timedelta(days=6)
        rows.append(Pickup(one.id, "point", f"ref{number}", str(number), state, "2026-11-23 18:30-19:00", "", until))
    rows += [order(number, None, expires_at=MONDAY + timedelta(minutes=12)) for number in range(40, 40 + UNPAID)]
    rows.append(Incident("i1", "refund.failed", {}, MONDAY))
    rows += [Product("p", "c", GOODS[2], state=ProductState.ON_SALE), Sku("k", "p", "", "SY", "", Fen(900))]
    rows.append(StockLevel("k", "place", 6, 2))
    shelf.put(*rows)
    newest = [f"o{number:05}" for number in (*range(10, 15), *range(20, 22), *range(30, 37), *range(40, 42))]
    shelf.put(*(line for number, order_id in enumerate(newest) for line in _content(number, order_id)))


def _waiting(kind: DeliveryKind, first: int, count: int) -> list[Order]:
    span = range(count)
    return [order(first + n, MONDAY - timedelta(hours=1, minutes=n + first), 7_200, delivery_kind=kind) for n in span]


def _content(number: int, order_id: str) -> tuple[Row, ...]:
    fen = Fen(3_600)
    line = OrderLine(
        *(f"{order_id}-1", order_id, 1, "goods", "k", "p", "c", GOODS[number % 3], "", "SY", "", "", 100, 2),
        *(fen, fen, Fen(0), fen),
    )
    return line, OrderContact(order_id, "林晓雨", "13800138000", "330106", "文三路 90 号")
