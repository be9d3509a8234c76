"""The demo's carrier gives each parcel one number for ever, and knows it after a new start."""

from pathlib import Path

import pytest

from app.domain.delivery.carriers import looks_like
from app.domain.orders.commands import ShippedLine
from app.domain.staff.commands import ChangeSetting
from app.domain.waybills.commands import RequestWaybill
from app.kernel import codec
from app.kernel.clock import SystemClock
from services.adapters.carrier import Cargo, Granted, Party, WaybillOrder
from services.db.engine import Store
from services.demo.carrier import number_of, pretended_sf
from services.jobs.number_work import number_workers, tell_carriers
from services.jobs.outside import Outside
from tests.support.shop import Shop
from tests.support.stores import new_url
from tests.support.waiting import until


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    found = Shop(Store(new_url("sqlite", tmp_path)), SystemClock()).found()
    for key, text in (("shop_phone", "0571-88066288"), ("shop_address", "浙江省杭州市西湖区文三路 398 号")):
        found.must(ChangeSetting(key, codec.canonical(text)))
    return found


def parcel(key: str) -> WaybillOrder:
    shop = Party("山野咖啡", "0571-88066288", "浙江省杭州市西湖区文三路 398 号")
    return WaybillOrder(key, shop, Party("林晓雨", "13800138000", "北京市朝阳区 3 幢"), (Cargo("咖啡豆", 1),))


def test_numbers_look_like_the_carriers_own_and_no_two_are_the_same() -> None:
    numbers = {number_of(f"WX2026112304{place:04}-1") for place in range(2_000)}
    assert len(numbers) == 2_000
    assert all(looks_like("sf", number) for number in numbers)


def test_a_clerk_who_waits_has_the_number_while_the_workers_run(shop: Shop) -> None:
    shop.paid_order("o1", shop.product())
    outside = Outside(shop.store, shop.executor, shop.clock, None)
    with pretended_sf(shop.store, shop.clock) as sf:
        tell_carriers(outside, {"sf": sf})
        workers = number_workers(outside, {"sf": sf})
        for worker in workers:
            worker.start()
        try:
            shop.must(RequestWaybill("w1", "o1", "pa", (ShippedLine("o1-1", 1),), "sf"))
            took = until(lambda: bool(shop.rows("parcels", "id")), "the parcel")
            print(f"NUMBER after {took} ms")
        finally:
            for worker in workers:
                worker.close()
    assert shop.rows("parcels", "waybill_no") == [(number_of("WXo1-1"),)]
    (sorting_code,) = shop.rows("waybill_requests", "sorting_code")[0]
    assert sorting_code.startswith("571")
    with pretended_sf(shop.store, shop.clock) as sf:
        known = sf.find("WXo1-1")
        assert isinstance(known, Granted) and known.waybill_no == number_of("WXo1-1")
        assert sf.cancel("WXo1-1") is True
        other = sf.order(parcel("WXo2-1"))
        assert isinstance(other, Granted) and other.waybill_no != known.waybill_no and other.sorting_code[:3] == "010"
    shop.close()
    shop.store.close()
