"""A small shop in rows: one article of 68 yuan on sale, ten pieces on the shelf."""

from dataclasses import replace
from typing import Any

from app.domain.catalog.model import Category, Product, ProductState, Sku
from app.domain.money import Fen
from app.domain.orders.commands import Contact, PlaceOrder, WantedLine
from app.domain.orders.model import Channel, DeliveryKind, Order, OrderLine, OrderState
from app.domain.payments.model import Payment, PaymentState, Tender
from app.domain.permission import Role
from app.domain.row import Row
from app.domain.settings import Setting
from app.domain.staff.model import Staff
from app.domain.stock.model import Location, Reservation, ReservationState, StockLevel
from app.kernel import codec
from tests.app.domain.deciding import NOW

CATEGORY = Category("cat", "", "咖啡豆")
PRODUCT = Product("p1", "cat", "云南小粒咖啡豆", state=ProductState.ON_SALE)
SKU = Sku("s1", "p1", "深烘/250g", "SY-1", "6901028075015", Fen(6800), weight_g=250, shelf="A-01")
PLACE = Location("place", "文三路店")
LEVEL = StockLevel("s1", "place", on_hand_qty=10)
STAFF = (Staff("owner", "李敏", Role.OWNER), Staff("clerk", "陈子墨", Role.CLERK))
CONTACT = Contact("林晓雨", "13800138000", "330106", "杭州市西湖区文三路 90 号 2 幢 301 室")
LINE = WantedLine("line-1", "s1", 2)
PLACE_ORDER = PlaceOrder("o1", ("WX1", "WX2"), (LINE,), DeliveryKind.EXPRESS, CONTACT, Fen(13600))


def setting(key: str, value: Any) -> Setting:
    return Setting(key, codec.canonical(value))


HOME = setting("default_location_id", "place")


def shop(*more: Row, level: StockLevel = LEVEL, product: Product = PRODUCT, sku: Sku = SKU) -> list[Row]:
    """The shop's rows, some of them different, and ``more``."""
    return [*STAFF, CATEGORY, product, sku, PLACE, level, HOME, *more]


ORDER = Order(
    id="o1",
    no="WX1",
    channel=Channel.MINI_PROGRAM,
    source="",
    buyer_id="buyer",
    delivery_kind=DeliveryKind.EXPRESS,
    state=OrderState.UNPAID,
    goods_fen=Fen(13600),
    discount_fen=Fen(0),
    freight_fen=Fen(0),
    total_fen=Fen(13600),
    paid_fen=Fen(0),
    refunded_fen=Fen(0),
    ruleset_hash="",
    placed_at=NOW,
    business_on=NOW.date(),
    expires_at=NOW.replace(hour=NOW.hour + 1),
)
PAID = replace(ORDER, state=OrderState.PAID, paid_fen=Fen(13600), paid_at=NOW)
ORDER_LINE = OrderLine(
    id="line-1",
    order_id="o1",
    line_no=1,
    kind="goods",
    sku_id="s1",
    product_id="p1",
    category_id="cat",
    title="云南小粒咖啡豆",
    spec_text="深烘/250g",
    code="SY-1",
    barcode="6901028075015",
    sha256="",
    weight_g=250,
    qty=2,
    list_fen=Fen(6800),
    unit_fen=Fen(6800),
    discount_fen=Fen(0),
    paid_fen=Fen(13600),
)
HELD = Reservation("line-1", "s1", "place", 2, ReservationState.HELD)
HOLDING = replace(LEVEL, reserved_qty=2)
ATTEMPT = Payment("pay", "o1", Tender.WECHAT, Fen(13600), PaymentState.OPEN, "T1", expires_at=ORDER.expires_at)


def ordered(order: Order = ORDER, *more: Row) -> list[Row]:
    """The shop with one order of two pieces, which it holds."""
    return shop(order, ORDER_LINE, HELD, *more, level=HOLDING)
