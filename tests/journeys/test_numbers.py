"""A waybill number from the carrier through the whole house: the pretended SF, the service, two counters, the buyer."""

from app.buyer.answers import Order
from app.desk.runner import NeedsNetwork
from app.domain.orders.commands import ShippedLine
from app.domain.waybills.commands import RequestWaybill
from app.kernel.ids import uuid7
from tests.journeys.test_one_order import SOON_MS, Shop, shop
from tests.support.waiting import until

__all__ = ["shop"]


def asking(order: Order) -> RequestWaybill:
    lines = tuple(ShippedLine(line.id, line.qty) for line in order.lines)
    return RequestWaybill(uuid7(), order.id, uuid7(), lines, "sf")


def test_a_number_is_there_within_a_second_and_unplugged_the_counter_says_what_it_needs(shop: Shop) -> None:  # noqa: F811
    order = shop.sell()
    shop.stands_everywhere(order, "paid")
    shop.one.do(asking(order))
    ms = shop.stands_everywhere(order, "shipped")
    print(f"NUMBER on every screen after {ms} ms")
    detail = shop.two.order(order.id)
    assert detail is not None and detail.last_waybill is not None
    number = detail.last_waybill.waybill_no
    assert [parcel.waybill_no for parcel in shop.buyer.order(order.id).parcels] == [number]
    assert detail.last_waybill.sorting_code and number in detail.last_waybill.qr_text
    assert ms <= SOON_MS
    second = shop.sell()
    shop.stands_everywhere(second, "paid")
    shop.unplug(shop.two)
    outcome = shop.two.desktop.desk.perform(asking(second)).result(20)
    assert isinstance(outcome, NeedsNetwork)
    assert shop.two.waiting() == 0, "nothing waits to be asked behind the clerk's back"
    shop.plug_in(shop.two)
    until(lambda: not shop.two.is_offline(), "the counter notices")
    shop.two.do(asking(second))
    shop.stands_everywhere(second, "shipped")
    shop.agrees()
