"""Very many orders, written straight into a replica: for what depends on their number alone."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.catalog.model import Category, Product, ProductState, Sku
from app.domain.delivery.model import Parcel, ParcelState
from app.domain.money import Fen
from app.domain.orders.model import Channel, DeliveryKind, Order, OrderContact, OrderLine, OrderState
from app.domain.row import Row
from app.kernel import codec
from app.replica.database import ReplicaDatabase
from app.tables.mapper import mapper_of
from app.tables.statements import statements_of

END = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
_DAYS = 1_000
_PAGE = 20_000
_FAMILIES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红玲鑫雪欣怡雨晨嘉子轩浩宇诗琪若溪一鸣晓天可佳思远"
_CITIES = (
    "浙江省杭州市西湖区",
    "上海市徐汇区",
    "江苏省苏州市姑苏区",
    "广东省深圳市南山区",
    "四川省成都市锦江区",
    "北京市朝阳区",
)
_ROADS = (
    "文三路",
    "翠苑街道",
    "中山北路",
    "人民东路",
    "解放大道",
    "学院路",
    "滨江大道",
    "建设二路",
    "和平里",
    "长安街",
)
_KINDS = (
    "咖啡豆",
    "燕麦奶",
    "冷萃液",
    "挂耳包",
    "手冲壶",
    "电子秤",
    "马克杯",
    "滤纸",
    "磨豆机",
    "茶叶礼盒",
    "蜂蜜",
    "巧克力",
)
_PLACES = ("云南", "埃塞俄比亚", "哥伦比亚", "武夷", "长白山", "景德镇", "比利时", "西湖", "野生", "有机")
_FORMS = ("深烘", "浅烘", "小粒", "礼盒装", "家庭装", "旅行装")
_ENDED = (OrderState.COMPLETED,) * 9 + (OrderState.CANCELLED,)
_OPEN = (OrderState.PAID, OrderState.SHIPPED, OrderState.UNPAID, OrderState.PARTLY_SHIPPED)


class Pattern:
    """Records of one row type, made from one row by exchanging a few of its values."""

    def __init__(self, row: Row) -> None:
        self.kind = type(row)
        mapper = mapper_of(self.kind)
        self._record = list(mapper.record(row, 1))
        self._places = {name: place for place, name in enumerate(mapper.names)}
        self.insert = statements_of(type(row), "?").insert

    def record(self, **values: Any) -> tuple[Any, ...]:
        made = self._record.copy()
        for name, value in values.items():
            made[self._places[name]] = value
        return tuple(made)


ORDER = Pattern(
    Order(
        *("", "", Channel.MINI_PROGRAM, "", "buyer", DeliveryKind.EXPRESS, OrderState.PAID),
        *(Fen(100), Fen(0), Fen(0), Fen(100), Fen(100), Fen(0), "", END, END.date()),
    )
)
CONTACT = Pattern(OrderContact("", "", "", "330106", ""))
LINE = Pattern(OrderLine("", "", 1, "goods", "", "", "", "", "", "", "", "", 250, 1, *[Fen(100)] * 2, Fen(0), Fen(100)))
PARCEL = Pattern(Parcel("", "", "sf", "", "", ParcelState.SHIPPED, END))


def titles() -> list[str]:
    return [f"{place}{kind} {form}" for place in _PLACES for kind in _KINDS for form in _FORMS][:400]


def fill_goods(database: ReplicaDatabase) -> None:
    """Four hundred products with an article each."""
    rows: list[Row] = [Category("cat", "", "咖啡与茶")]
    for number, title in enumerate(titles()):
        rows.append(Product(f"p{number:03}", "cat", title, state=ProductState.ON_SALE, changed_at=END))
        barcode = f"690{1000000000 + number * 7919}"
        rows.append(Sku(f"s{number:03}", f"p{number:03}", "", f"SY-{number:04}", barcode, Fen(6800)))
    with database.transaction():
        for row in rows:
            database.execute(statements_of(type(row), "?").upsert, mapper_of(type(row)).record(row, 1))


def fill_orders(database: ReplicaDatabase, count: int, seed: int = 1) -> None:
    """``count`` orders of a thousand days, the oldest first; the newest of them still wait."""
    for start in range(0, count, _PAGE):
        with database.transaction():
            for pattern, records in records_of(range(start, min(count, start + _PAGE)), count, seed):
                database.execute_many(pattern.insert, records)


def records_of(numbers: Sequence[int], count: int, seed: int = 1) -> Iterator[tuple[Pattern, list[tuple[Any, ...]]]]:
    """The records of some of ``count`` orders, by row type."""
    chance, goods = random.Random(seed + numbers[0]), titles()
    orders, contacts, lines, parcels = [], [], [], []
    for number in numbers:
        order_id, age = f"0199{number:012x}-order", count - number
        at = END - timedelta(seconds=_DAYS * 86_400 * age // max(count, 1), milliseconds=chance.randrange(900))
        state = chance.choice(_OPEN if age < 400 else _ENDED)
        no = f"WX{at:%Y%m%d%H}{chance.randrange(10_000):04}"
        orders.append(
            ORDER.record(
                id=order_id,
                no=no,
                state=state,
                placed_at=codec.time_text(at),
                business_on=at.date().isoformat(),
                total_fen=100 * chance.randrange(20, 900),
                delivery_kind=DeliveryKind.EXPRESS,
            )
        )
        name = chance.choice(_FAMILIES) + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2, 2))))
        phone = f"1{chance.choice('3578')}{chance.randrange(10**9):09}"
        address = (
            f"{chance.choice(_CITIES)}{chance.choice(_ROADS)} {chance.randrange(1, 999)} 号"
            f" {chance.randrange(1, 40)} 幢 {chance.randrange(1, 5)} 单元 {chance.randrange(101, 2800)} 室"
        )
        contacts.append(CONTACT.record(order_id=order_id, name=name, phone=phone, address=address))
        for line in range(1, chance.choice((1, 1, 2, 2, 3)) + 1):
            article = min(int(chance.expovariate(0.02)), len(goods) - 1)
            lines.append(
                LINE.record(
                    id=f"{order_id}-{line}",
                    order_id=order_id,
                    line_no=line,
                    sku_id=f"s{article:03}",
                    product_id=f"p{article:03}",
                    category_id="cat",
                    title=goods[article],
                    code=f"SY-{article:04}",
                    barcode=f"690{1000000000 + article * 7919}",
                )
            )
        if state not in (OrderState.PAID, OrderState.UNPAID, OrderState.CANCELLED):
            waybill = f"SF{chance.randrange(10**13):013}"
            parcels.append(PARCEL.record(id=f"{order_id}-parcel", order_id=order_id, waybill_no=waybill))
    yield ORDER, orders
    yield CONTACT, contacts
    yield LINE, lines
    yield PARCEL, parcels
