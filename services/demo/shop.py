"""The demo shop: a coffee roaster in Hangzhou with staff, goods and prices, and as long a past as is wanted."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Protocol

from app.domain.command import Actor, Command
from app.domain.delivery.commands import SaveDeliveryArea
from app.domain.money import Fen
from app.domain.permission import Role
from app.domain.pickup.commands import SavePickupPoint
from app.domain.promotions.commands import PublishPromotion, SaveLevel, StopPromotion
from app.domain.registry import Registry
from app.domain.staff.commands import ChangeSetting, CreateStaff, FoundShop
from app.domain.staff.model import Staff
from app.domain.stock.commands import ReceiveStock
from app.kernel import codec
from app.kernel.derived import derived_id
from app.kernel.errors import KnownError
from app.tables.mapper import Record, mapper_of
from app.tables.schema import KINDS
from services.db import bulk
from services.db.engine import OpenDatabase, Store, begin_batch
from services.demo import catalogue, season
from services.demo.catalogue import Goods
from services.demo.history import SERVICE, Cast, ForSale, History
from services.demo.making import LASTING, Making
from services.demo.pictures import Gallery

TELL_EVERY = 100
ROWS_AT_ONCE = 60_000
ORDERS_AT_ONCE = 100_000
"""More orders are committed in parts, or the database would hold all of them twice on its way."""
Progress = Callable[[str, int, int], None]
"""What is being made, how many of them are there, and how many it will be."""


@dataclass(frozen=True, slots=True)
class Wish:
    """``orders`` of the past; a small shop has the roaster's own goods only."""

    orders: int = 0
    seed: int = 1
    is_large: bool = True


_PROMOTIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("满 199 减 20", "threshold", {"tiers": [{"reach_fen": 19_900, "off_fen": 2_000}]}),
    (
        "快递 8 元，满 99 包邮",
        "freight",
        {"delivery_kinds": ["express"], "regions": [{"prefix": "", "first_fen": 800, "free_from_fen": 9_900}]},
    ),
)
_LEVELS = (("银豆会员", 3, 9_700), ("金豆会员", 8, 9_300), ("黑豆会员", 20, 8_800))
"""Member levels: from how many orders on, and what their members pay in hundredths of a percent."""
_COUPON = ("新客券 满 59 减 8", {"reach_fen": 5_900, "off_fen": 800})
_COURIER = "赵小路"
_WEEK = {str(day): ["09:30-21:00"] for day in range(1, 8)}
_POINTS = (
    SavePickupPoint(
        derived_id("demo-point", "1"),
        "文三路店",
        "浙江省杭州市西湖区文三路 398 号 1 层",
        "0571-88066288",
        _WEEK,
        60,
        30,
        3,
    ),
    SavePickupPoint(
        derived_id("demo-point", "2"),
        "滨江取货点",
        "浙江省杭州市滨江区江南大道 96 号",
        "0571-88066289",
        _WEEK,
        60,
        90,
        3,
    ),
)
_AREA = SaveDeliveryArea(
    derived_id("demo-area"), "西湖、拱墅与滨江", ("330106", "330105", "330108"), Fen(600), _WEEK, Fen(6_900), 120, 45, 2
)
_GREAT_DAYS = (((11, 11), "双 11 满 299 减 50", 29_900, 5_000), ((6, 18), "618 满 269 减 40", 26_900, 4_000))


class Hanging(Protocol):
    """Where the goods' pictures come from."""

    def hang(self, wanted: Sequence[tuple[str, str]]) -> dict[str, tuple[str, int, int]]: ...


def make(store: Store, registry: Registry, media: Path, asked: tuple[Wish, datetime], tell: Progress) -> None:
    """Fill an empty database, whole or not at all; raises KnownError when it holds anything."""
    wish, until = asked
    making = Making(registry, f"demo {wish.seed}")

    def counted(done: int) -> None:
        if done % TELL_EVERY == 0 or done == wish.orders:
            tell("orders", done, wish.orders)

    fill(store, making, played(making, wish, until, Gallery(media, tell)), counted)


@contextmanager
def _uncollected() -> Iterator[None]:
    """No row belongs to a ring, and the collector would look through all of them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def fill(store: Store, making: Making, steps: Iterator[int], tell: Callable[[int], None]) -> None:
    """Write what the steps make. A large shop is committed in parts, and is none before its last one."""
    with _writing(store) as writing, _uncollected():
        writing.require_empty()
        for done in steps:
            tell(done)
            if making.ready_count() > ROWS_AT_ONCE:
                writing.write(making.take())
            if done and done % ORDERS_AT_ONCE == 0:
                writing.commit()
        writing.write(making.take())
        writing.finish()


def played(making: Making, wish: Wish, until: datetime, gallery: Hanging) -> Iterator[int]:
    """Make the shop step by step; yields the number of orders made so far."""
    moments = season.moments(wish.orders, until, Random(f"season {wish.seed}"))
    begun = moments[0] - timedelta(days=4) if moments else until
    stage = _Stage(making, wish, begun)
    stage.found()
    stage.fill(gallery)
    yield 0
    if not moments:
        return
    history = History(making, stage.cast(), until, wish.seed)
    calendar = _Calendar(making, stage.owner, moments[0])
    for count, at in enumerate(moments, 1):
        calendar.turn(at)
        history.order(at)
        yield count


class _Stage:
    """People, goods and prices, before the first buyer comes."""

    def __init__(self, making: Making, wish: Wish, at: datetime) -> None:
        self._making = making
        self._wish = wish
        self._at = at
        self._shop = catalogue.shop()
        self._people = [(derived_id("demo-staff", name), name, Role(role)) for name, role in self._shop["staff"]]
        self.owner = Actor(self._people[0][0], Role.OWNER)
        self._place = derived_id("demo-place")
        self._goods: list[Goods] = []

    def found(self) -> None:
        (owner_id, owner_name, _), *others = self._people
        shop = self._shop
        founding = FoundShop(shop["shop"], owner_id, owner_name, self._place, shop["location"], is_demo=True)
        self._making.do(founding, SERVICE, self._at)
        for staff_id, name, role in others:
            self._do(CreateStaff(staff_id, name, role))
        for key in ("phone", "address"):
            self._do(ChangeSetting(f"shop_{key}", codec.canonical(shop[key])))
        for command in catalogue.categories(self._wish.is_large):
            self._do(command)
        for name, kind, config in _PROMOTIONS:
            self._do(PublishPromotion(derived_id("demo-promotion", name), 0, name, kind, config))
        if self._wish.orders:
            self._found_levels()
            self._open_ways()
        self._making.conclude()

    def fill(self, gallery: Hanging) -> None:
        """Put the goods on sale, each with its picture, and the first pieces on the shelves."""
        self._goods = list(catalogue.goods(self._wish.is_large))
        shown = gallery.hang([(each.product_id, each.picture) for each in self._goods])
        for each in self._goods:
            for command in each.commands():
                self._do(command)
            self._do(catalogue.picture_command(each.product_id, *shown[each.product_id]))
            for article in each.articles:
                if article.stock:
                    self._do(ReceiveStock(article.sku.sku_id, self._place, article.stock))
            self._making.conclude()

    def cast(self) -> Cast:
        articles = [
            ForSale(article.sku.sku_id, article.liked, 20 + article.liked * 2)
            for each in self._goods
            for article in each.articles
        ]
        by_role = {role: Actor(staff_id, role) for staff_id, _, role in self._people}
        clerks = [Actor(staff_id, role) for staff_id, _, role in self._people if role is Role.CLERK]
        levels = [(derived_id("demo-level", name), orders) for name, orders, _ in _LEVELS]
        coupon = derived_id("demo-promotion", _COUPON[0])
        courier = Actor(derived_id("demo-staff", _COURIER), Role.COURIER)
        return Cast(by_role[Role.MANAGER], clerks, courier, self._place, levels, coupon, articles)

    def _found_levels(self) -> None:
        for sort, (name, _, pay_bp) in enumerate(_LEVELS):
            level_id = derived_id("demo-level", name)
            self._do(SaveLevel(level_id, name, sort))
            config = {"level_id": level_id, "pay_bp": pay_bp}
            self._do(PublishPromotion(derived_id("demo-promotion", name), 0, f"{name}价", "member_price", config))
        name, terms = _COUPON
        self._do(PublishPromotion(derived_id("demo-promotion", name), 0, name, "coupon", terms))

    def _open_ways(self) -> None:
        """Beside the carriers: two places to collect, and a courier for the districts around."""
        self._do(CreateStaff(derived_id("demo-staff", _COURIER), _COURIER, Role.COURIER))
        for point in _POINTS:
            self._do(point)
        self._do(_AREA)

    def _do(self, command: Command) -> None:
        self._making.do(command, self.owner, self._at)


class _Calendar:
    """The offers of the great shopping days, in force from a week before until the day after."""

    def __init__(self, making: Making, owner: Actor, begun: datetime) -> None:
        self._making = making
        self._owner = owner
        self._in_force: dict[str, bool] = {}
        self._day = begun.astimezone(season.CHINA).date()

    def turn(self, at: datetime) -> None:
        day = at.astimezone(season.CHINA).date()
        if day == self._day:
            return
        self._day = day
        for (month, number), name, reach, off in _GREAT_DAYS:
            ahead = (day.replace(month=month, day=number) - day).days
            promotion_id = derived_id("demo-promotion", name, str(day.year))
            is_on = self._in_force.get(promotion_id, False)
            if 0 <= ahead <= 7 and not is_on:
                tiers = {"tiers": [{"reach_fen": reach, "off_fen": off}]}
                publish = PublishPromotion(promotion_id, 0, f"{day.year} {name}", "threshold", tiers, priority=10)
                self._making.do(publish, self._owner, at)
            elif ahead < 0 and is_on:
                self._making.do(StopPromotion(promotion_id), self._owner, at)
            self._in_force[promotion_id] = 0 <= ahead <= 7


class _Writing:
    """The rows on their way into the database. The staff come last: before them nobody takes it for a shop."""

    def __init__(self, database: OpenDatabase) -> None:
        self._database = database
        self._staff: list[Record] = []

    def require_empty(self) -> None:
        for table in ("staff", "orders", "products"):
            if self._database.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None:
                raise KnownError(
                    "demo.not_empty",
                    "This database holds a shop already, or a part of one. A demo shop needs an empty one.",
                )

    def write(self, taken: dict[Any, list[Record]]) -> None:
        self._staff += taken.pop(Staff, [])
        for kind in KINDS.values():
            records = taken.get(kind)
            if records:
                key = mapper_of(kind).key
                (bulk.put if kind in LASTING else bulk.insert)(self._database, kind, sorted(records, key=key))

    def commit(self) -> None:
        self._database.execute("COMMIT")
        begin_batch(self._database)

    def finish(self) -> None:
        bulk.put(self._database, Staff, self._staff)
        self._database.execute("COMMIT")


@contextmanager
def _writing(store: Store) -> Iterator[_Writing]:
    """The one writing connection, before the authority's own is opened."""
    with store.connect() as database:
        begin_batch(database)
        try:
            yield _Writing(database)
        finally:
            if database.is_open():
                database.execute("ROLLBACK")
