"""One counter of a small shop with a dozen orders in its replica; its cable can be pulled."""

from dataclasses import dataclass
from pathlib import Path

from app.desk.runner import ChangeSet
from app.desk.session import OnDuty
from app.domain.catalog.commands import CreateProduct, EditProduct, NewAxis, NewSku
from app.domain.members.commands import RegisterBuyer
from app.domain.money import Fen
from app.domain.orders.commands import Contact, PlaceOrder, ShipOrder, ShippedLine, WantedLine
from app.domain.orders.model import DeliveryKind
from app.domain.permission import Role
from app.domain.registry import shop_registry
from app.domain.staff.commands import ChangeSetting
from app.domain.stock.commands import ReceiveStock
from app.kernel import codec
from app.kernel.ids import IdSource
from app.sync.steps import Steps
from tests.support.fake_runner import DirectRunner
from tests.support.line import DirectWriter
from tests.support.shop import BUYER, OWNER, PLACE, SERVICE
from tests.support.stores import new_url
from tests.support.world import World

ADDRESS = "浙江省杭州市西湖区翠苑街道文三路 398 号 12 幢 3 单元 1201 室"
GOODS = (
    ("bean", "云南小粒咖啡豆 深烘", ("深烘/250g",), 6800),
    ("milk", "燕麦奶 1L 咖啡大师", ("整箱 6 瓶",), 11400),
    ("cold", "冷萃咖啡液 10 条装", ("原味",), 9900),
    ("scale", "咖啡电子秤", ("黑色",), 15900),
)
PEOPLE = (
    ("周若溪", "13812342046"),
    ("徐嘉怡", "13912347715"),
    ("赵一鸣", "13712349593"),
    ("林晓雨", "13612348888"),
    ("朱可欣", "13512346128"),
    ("马天宇", "13412340457"),
)


class CountedIds(IdSource):
    """Ids that a test can foresee."""

    def __init__(self) -> None:
        self.count = 0

    def new(self) -> str:
        self.count += 1
        return f"id-{self.count}"


@dataclass(frozen=True)
class Bought:
    """What a told order is made of: (goods, pieces) pairs and how far it came."""

    goods: tuple[tuple[str, int], ...]
    state: str = "paid"
    remark: str = ""


STORY = (
    Bought((("cold", 2),), "shipped"),
    Bought((("milk", 1),), "shipped"),
    Bought((("scale", 1),)),
    Bought((("bean", 3), ("milk", 2), ("cold", 1)), "partly_shipped"),
    Bought((("milk", 1),), "unpaid"),
    Bought((("cold", 1),)),
    Bought((("bean", 1), ("scale", 1)), remark="放物业前台就好，谢谢"),
    Bought((("bean", 3),), "shipped"),
    Bought((("milk", 2),)),
    Bought((("milk", 1),), "unpaid"),
    Bought((("bean", 3), ("cold", 2))),
    Bought((("cold", 2),), remark="请放门口"),
)


class Counter:
    """``runner`` is the presenters' way to the replica, ``world`` the authority behind it."""

    def __init__(self, folder: Path, story: tuple[Bought, ...] = STORY) -> None:
        self.folder = folder
        self.world = World(new_url("sqlite", folder), folder, desktops=1)
        self.shop = self.world.shop
        self._stock()
        for number, bought in enumerate(story, 1):
            self.buy(number, bought)
        self.desktop = self.world.desktops[0]
        self.ids = CountedIds()
        self.runner = DirectRunner(
            self.desktop.holder, shop_registry(), self.world.clock, self.ids, OnDuty("owner", "李敏", Role.OWNER)
        )
        self.desktop.steps = Steps(
            DirectWriter(self.desktop.holder), self.desktop.line, self.world.clock, self.runner.publish
        )
        self.runner.line = self.desktop.line
        self.desktop.greet()
        self.pull()

    def _stock(self) -> None:
        for key, value in (("shop_phone", "0571-88066288"), ("shop_address", "浙江省杭州市西湖区文三路 398 号 1 层")):
            self.shop.must(ChangeSetting(key, codec.canonical(value)))
        for code, title, values, fen in GOODS:
            sku = NewSku(f"{code}-s", values, f"SY-{code}", "", Fen(fen), weight_g=454, shelf=f"A-0{len(code)}-1")
            self.shop.must(CreateProduct(code, "cat", title, (sku,), (NewAxis(f"{code}-x", "规格", values),)))
            self.shop.must(EditProduct(code, {"state": {"from": "draft", "to": "on_sale"}}))
            self.shop.must(ReceiveStock(sku.sku_id, PLACE, 500))
        self.shop.must(RegisterBuyer("buyer", "openid-1"), SERVICE)

    def buy(self, number: int, bought: Bought) -> str:
        """A buyer orders; with ``pull`` it arrives at the counter."""
        prices = {code: fen for code, _, _, fen in GOODS}
        order_id, total = f"o{number}", sum(prices[code] * qty for code, qty in bought.goods)
        name, phone = PEOPLE[number % len(PEOPLE)]
        lines = tuple(WantedLine(f"{order_id}-{n}", f"{c}-s", qty) for n, (c, qty) in enumerate(bought.goods, 1))
        contact = Contact(name, phone, "330106", ADDRESS)
        self.shop.must(
            PlaceOrder(
                order_id, (f"WX2026112304{number:04}",), lines, DeliveryKind.EXPRESS, contact, Fen(total), bought.remark
            ),
            BUYER,
        )
        self.world.clock.advance(minutes=1)
        if bought.state != "unpaid":
            self.shop.paid_order_now(order_id, total)
        if bought.state in ("shipped", "partly_shipped"):
            sent = lines if bought.state == "shipped" else lines[:1]
            shipped = tuple(ShippedLine(line.line_id, line.qty) for line in sent)
            number_text = f"SF{1688124306000 + number}"
            self.shop.must(ShipOrder(order_id, f"{order_id}-parcel", shipped, "sf", number_text), OWNER)
        self.world.clock.advance(minutes=6)
        return order_id

    def pull(self) -> None:
        """Fetch what the service has, and tell the windows."""
        while self.desktop.steps.pull():
            pass

    def push(self) -> None:
        """Send up what waits, and fetch the answers."""
        while self.desktop.steps.push():
            pass
        self.pull()

    def unplug(self) -> None:
        self.desktop.line.is_cut = True

    def plug_in(self) -> None:
        self.desktop.line.is_cut = False

    def heard(self) -> list[ChangeSet]:
        """From now on, what the windows are told."""
        told: list[ChangeSet] = []
        self.runner.listen(told.append)
        return told

    def close(self) -> None:
        self.world.close()
