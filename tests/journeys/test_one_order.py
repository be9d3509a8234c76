"""One order through the whole house: a buyer, the service in a process of its own, and two counters on cables."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from app.buyer.answers import Contact, Order
from app.buyer.client import ShopClient
from app.buyer.phone import Phone
from app.domain.catalog.commands import AddPicture
from app.domain.catalog.model import MediaRole
from app.domain.orders.commands import ShipOrder, ShippedLine
from app.kernel.ids import uuid7
from app.wire.messages import Verdict
from tests.journeys.counters import Counter, local_rows, two_counters
from tests.support.waiting import until
from ui.tour.cable import Cable

SOON_MS = 1_000
CONTACT = Contact("林晓雨", "13812348888", "浙江省杭州市西湖区文三路 90 号 2 幢 301 室", "330106")
WAYBILL, OTHER_WAYBILL = "SF1688124306257", "SF1688124306999"


class Shop:
    """Two counters with their cables, and the street in front of them."""

    def __init__(self, folder: Path, counters: tuple[Counter, Counter], cables: tuple[Cable, Cable]) -> None:
        self.one, self.two = counters
        self.folder = folder
        self.cables = cables
        self.buyer = ShopClient(self.one.desktop.service_url)
        self.phone = Phone(folder / "service" / "pretended-wechat-door.json", "林晓雨")
        self.buyer.login(self.phone.login_code())

    def sell(self) -> Order:
        """A buyer orders and pays by WeChat Pay."""
        goods = self.buyer.product(self.buyer.products(search="冷萃咖啡液").items[0].id)
        order = self.buyer.place_order(self.buyer.quote([(goods.skus[0].id, 2)]), CONTACT, uuid7())
        self.phone.confirm(self.buyer.pay(order.id).wx_payment)
        return order

    def stands_everywhere(self, order: Order, state: str) -> int:
        return until(
            lambda: self.one.order_state(order.id) == self.two.order_state(order.id) == state, f"the order is {state}"
        )

    def unplug(self, *counters: Counter) -> None:
        for counter in counters:
            self.cables[(self.one, self.two).index(counter)].cut()
        for counter in counters:
            until(counter.is_offline, f"{counter.plan.device_name} notices")

    def plug_in(self, *counters: Counter) -> None:
        for counter in counters:
            self.cables[(self.one, self.two).index(counter)].mend()
            counter.desktop.sync_now()
        for counter in counters:
            until(lambda counter=counter: counter.waiting() == 0, f"{counter.plan.device_name} has sent everything")

    def agrees(self) -> None:
        """Nothing waits, nothing is shown that is not so, and both replicas are the service's tables."""
        for counter in (self.one, self.two):
            assert counter.differing() == ()
            assert local_rows(counter, "SELECT * FROM shadow") == []

    def close(self) -> None:
        self.buyer.close()
        self.phone.close()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    folder = tmp_path / "掌柜 journey"
    with (
        closing(Cable()) as first,
        closing(Cable()) as second,
        two_counters(folder, (first.route, second.route)) as counters,
        closing(Shop(folder, counters, (first, second))) as found,
    ):
        yield found


def shipping(order: Order, waybill_no: str) -> ShipOrder:
    lines = tuple(ShippedLine(line.id, line.qty) for line in order.lines)
    return ShipOrder(order.id, uuid7(), lines, "sf", waybill_no)


def photographed(counter: Counter, folder: Path) -> tuple[str, str]:
    """Somebody gives a product a picture; answers the product's id and the picture's name."""
    Image.new("RGB", (400, 300), (120, 80, 40)).save(folder / "冷萃.png")
    pictures = counter.desktop.pictures
    made = pictures.prepare(folder / "冷萃.png").result(20)
    pictures.keep(made).result(20)
    product_id = counter.product("冷萃").product.id
    size = (made.width, made.height, len(made.content))
    counter.do(AddPicture(product_id, uuid7(), MediaRole.MAIN, made.sha256, made.mime, *size))
    return product_id, made.sha256


def test_an_order_is_shipped_with_the_cable_out_and_the_buyer_sees_it_once_it_is_plugged_in(shop: Shop) -> None:
    order = shop.sell()
    ms = shop.stands_everywhere(order, "paid")
    assert ms <= SOON_MS
    shop.unplug(shop.two)
    command_id = shop.two.do(shipping(order, WAYBILL))
    assert (shop.two.order_state(order.id), shop.two.waiting()) == ("shipped", 1)
    product_id, sha256 = photographed(shop.two, shop.folder)
    assert shop.buyer.order(order.id).state == "paid"
    shop.plug_in(shop.two)
    seen = shop.buyer.order(order.id)
    assert (seen.state, [parcel.waybill_no for parcel in seen.parcels]) == ("shipped", [WAYBILL])
    archived = local_rows(shop.two, "SELECT verdict, code FROM outbox_archive WHERE command_id = ?", command_id)
    assert archived == [(Verdict.APPLIED, "")]
    shop.stands_everywhere(order, "shipped")
    shop.agrees()
    assert shop.one.desktop.pictures.thumbnail(sha256, 96).result(20) is not None, "fetched from the service"
    assert f"/media/{sha256}-" in str(shop.buyer.product(product_id)), "and buyers see it"
    print(f"ORDER paid on both counters after {ms} ms, shipped unplugged, confirmed")


def test_of_two_counters_that_ship_one_order_unplugged_one_is_right_and_the_other_is_told(shop: Shop) -> None:
    order = shop.sell()
    shop.stands_everywhere(order, "paid")
    shop.unplug(shop.one, shop.two)
    shop.one.do(shipping(order, WAYBILL))
    refused_id = shop.two.do(shipping(order, OTHER_WAYBILL))
    assert shop.one.order_state(order.id) == shop.two.order_state(order.id) == "shipped"
    shop.plug_in(shop.one)
    shop.plug_in(shop.two)
    assert shop.one.open_issues() == []
    (issue,) = shop.two.open_issues()
    assert (issue.id, issue.name, issue.code) == (refused_id, "order.ship", "order.not_shippable")
    assert issue.args["waybill_no"] == OTHER_WAYBILL, "what was wanted here"
    assert (issue.params["state"], issue.params["order_id"]) == ("shipped", order.id), "what the service has instead"
    first = shop.one.desktop.desk.on_duty
    assert first is not None
    assert (issue.params["event"], issue.params["changed_by"]) == ("shipped", first.staff_id), "who was first"
    assert "changed_at" in issue.params, "and when"
    for counter in (shop.one, shop.two):
        seen = counter.order(order.id)
        assert seen is not None
        assert [parcel.waybill_no for parcel in seen.parcels] == [WAYBILL]
    assert [parcel.waybill_no for parcel in shop.buyer.order(order.id).parcels] == [WAYBILL]
    shop.agrees()
