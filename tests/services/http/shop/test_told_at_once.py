"""What a checkout is told without reading it again, and without waiting for those who read much."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from app.buyer.client import ShopClient
from app.domain.delivery.commands import SaveDeliveryArea
from app.domain.money import Fen
from app.domain.pickup.commands import SavePickupPoint
from app.domain.promotions.commands import PublishPromotion
from services.db.engine import MOST_GLANCERS, Store
from services.http.shop.routes import storefront_of
from tests.support.street import Street

CONTACT = {"name": "林晓雨", "phone": "13800138000", "region_code": "330106", "address": "浙江省杭州市文三路 90 号"}
LINES = [{"sku_id": "p1-s", "qty": 2}, {"sku_id": "p1-s", "qty": 1}]
DAYS = {str(day): ["09:00-21:30"] for day in range(1, 8)}


@pytest.mark.parametrize("way", [{"delivery_kind": "express"}, {"delivery_kind": "local"}, "pickup"], ids=str)
def test_an_order_is_told_as_it_will_be_read(street: Street, buyer: ShopClient, way: dict[str, str] | str) -> None:
    street.shop.must(SavePickupPoint("there", "滨江星光店", "江南大道 228 号", "", DAYS))
    street.shop.must(SaveDeliveryArea("west", "城西", ("330106",), Fen(500), DAYS, Fen(9_900)))
    tiers = {"tiers": [{"reach_fen": 10_000, "off_fen": 1_001}]}
    street.shop.must(PublishPromotion("full", 0, "满百减十", "threshold", tiers))
    street.settle()
    chosen = {"delivery_kind": "pickup", "pickup_point_id": "there"} if isinstance(way, str) else way
    wanted = {"lines": LINES, "contact": CONTACT, "expected_total_fen": 19_399, "buyer_remark": "放物业"} | chosen
    headers = {"Authorization": f"Bearer {buyer.token}", "Idempotency-Key": "key-00000001"}
    with httpx.Client(base_url=f"{street.url}/shop/v1", headers=headers, trust_env=False) as phone:
        placed = phone.post("/orders", json=wanted)
        again = phone.post("/orders", json=wanted)
        read = phone.get(f"/orders/{placed.json()['id']}")
    assert placed.status_code == 201, placed.text
    assert placed.json()["discount_fen"] == 1_001
    assert placed.content == again.content == read.content


def test_who_asks_little_is_not_kept_waiting_by_those_who_read_much(store: Store) -> None:
    def glance() -> int:
        with store.glancing() as database:
            return int(database.execute("SELECT count(*) FROM orders").fetchone()[0])

    with ThreadPoolExecutor(1) as asking, ExitStack() as readers:
        for _ in range(store.most_readers):
            readers.enter_context(store.reading())
        assert asking.submit(glance).result(20) == 0


def test_as_many_as_may_glance_do_so_at_once_and_end_with_the_store(store: Store) -> None:
    together = threading.Barrier(MOST_GLANCERS, timeout=20)

    def glance() -> threading.Thread:
        with store.glancing() as database:
            database.execute("SELECT count(*) FROM orders")
            together.wait()
        return threading.current_thread()

    glances = [store.glance(glance) for _ in range(MOST_GLANCERS)]
    threads = {glance.result(20) for glance in glances}
    assert len(threads) == MOST_GLANCERS
    store.close()
    assert not any(thread.is_alive() for thread in threads)


def test_a_checkout_waits_for_nobody_who_looks_up_hosts(street: Street) -> None:
    """The threads that a loop has for that are few, and a silent name server keeps each of them for long."""
    front, answers = storefront_of(street.service), threading.Event()

    async def look() -> int:
        lookups = [asyncio.get_running_loop().run_in_executor(None, answers.wait, 60) for _ in range(64)]
        try:
            found = front.looked(lambda view: int(view.database.execute("SELECT count(*) FROM orders").fetchone()[0]))
            return await asyncio.wait_for(found, 20)
        finally:
            answers.set()
            await asyncio.gather(*lookups)

    assert asyncio.run(look()) == 0
