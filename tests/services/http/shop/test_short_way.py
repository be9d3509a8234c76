"""The short way of a checkout's routes: nobody can tell it from the whole way but by the time it takes."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from app.buyer.client import ShopClient
from app.buyer.refusals import PriceChanged
from app.domain.promotions.commands import PublishPromotion
from services.http.buckets import Rate
from services.http.shop.limits import Rates
from services.http.shop.turnstile import PLACES
from tests.support.street import HOME, Street, storefront_app

LINES: dict[str, Any] = {"lines": [{"sku_id": "p1-s", "qty": 2}]}
CONTACT = {"name": "林晓雨", "phone": "13800138000", "region_code": "330106", "address": "浙江省杭州市文三路 90 号"}
ORDER = LINES | {"delivery_kind": "express", "contact": CONTACT, "expected_total_fen": 13_600}
PATIENT = replace(Rates(), order=Rate(1_000, 1_000))
KEY = {"Idempotency-Key": "key-00000001"}
ASKED: tuple[tuple[str, str, Any, dict[str, str]], ...] = (
    ("POST", "/shop/v1/quotes", LINES, {}),
    ("POST", "/shop/v1/quotes", LINES, {"Accept-Language": "en"}),
    ("POST", "/shop/v1/quotes", LINES, {"Content-Type": "text/plain"}),
    ("POST", "/shop/v1/quotes", LINES, {"Authorization": "Bearer nobody"}),
    ("POST", "/shop/v1/quotes", LINES, {"Zhanggui-Phone": "short"}),
    ("POST", "/shop/v1/quotes?x=1", LINES, {}),
    ("POST", "/shop/v1/quotes", {"lines": [{"sku_id": "p1-s", "qty": "2"}]}, {}),
    ("POST", "/shop/v1/quotes", LINES | {"surplus": 1}, {}),
    ("POST", "/shop/v1/quotes", {"lines": [{"sku_id": "unknown", "qty": 1}]}, {"Accept-Language": "en"}),
    ("POST", "/shop/v1/quotes", None, {}),
    ("POST", "/shop/v1/quotes", LINES | {"region_code": "3" * 70_000}, {}),
    ("POST", "/shop/v1/orders", ORDER, {}),
    ("POST", "/shop/v1/orders", ORDER, {"Idempotency-Key": "short"}),
    ("POST", "/shop/v1/orders", ORDER, KEY),
    ("POST", "/shop/v1/orders", ORDER | {"expected_total_fen": 1}, {"Idempotency-Key": "key-00000002"}),
    ("POST", "/shop/v1/orders", ORDER | {"buyer_remark": "放物业"}, KEY),
    ("GET", "/shop/v1/orders/unknown", None, {}),
    ("GET", "/shop/v1/orders/un.known", None, {}),
    ("POST", "/shop/v1/orders/unknown/pay", None, {}),
    ("PUT", "/shop/v1/orders/unknown/pay", None, {}),
    ("POST", "/wechat/pay/notify", {"id": "forged"}, {}),
    ("POST", "/wechat/pay/notify", {"id": "x" * 400_000}, {}),
)


def whole_way(street: Street) -> Any:
    return storefront_app(street.service).whole_way


def answered(app: Any, token: str, asked: tuple[str, str, Any, dict[str, str]]) -> tuple[Any, ...]:
    method, path, content, headers = asked
    body = b"" if content is None else json.dumps(content).encode()
    is_buyer = path.startswith("/shop")
    sent = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if is_buyer else {}) | headers

    async def ask() -> httpx.Response:
        line = httpx.ASGITransport(app, raise_app_exceptions=False, client=("127.0.0.1", 4711))
        async with httpx.AsyncClient(transport=line, base_url="http://shop.test") as client:
            await client.get("/shop/v1/cart", headers=sent)  # whoever has asked before is known
            return await client.request(method, path, content=body, headers=sent)

    found = asyncio.run(ask())
    told = json.loads(found.content) if found.content else None
    return found.status_code, told, sorted(found.headers.multi_items())


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: f"{asked[0]} {asked[1][:24]}")
def test_both_ways_say_the_same(street: Street, buyer: ShopClient, asked: tuple[str, str, Any, dict[str, str]]) -> None:
    short, whole = answered(street.app, buyer.token, asked), answered(whole_way(street), buyer.token, asked)
    assert short == whole


class Stumbling:
    """A writer with a fault of its own."""

    def on_commit(self, listener: Any) -> None:
        """Nothing is committed here."""

    def submit(self, *asked: Any, **how: Any) -> Any:
        raise ZeroDivisionError("a bug")


@pytest.mark.warns_in_log("a bug is what this test is about")
def test_a_fault_is_told_alike_both_ways(street: Street, buyer: ShopClient) -> None:
    executor: Any = Stumbling()
    app = storefront_app(replace(street.service, executor=executor), PATIENT)
    asked = ("POST", "/shop/v1/orders", ORDER, KEY)
    short, whole = (answered(way, buyer.token, asked) for way in (app, app.whole_way))
    assert short[:2] == whole[:2] and (short[0], short[1]["code"]) == (500, "internal_error")


def test_a_price_that_has_just_changed_is_quoted_and_asked_for(street: Street, buyer: ShopClient) -> None:
    old = buyer.quote([("p1-s", 2)])
    street.shop.must(
        PublishPromotion("full", 0, "满百减十", "threshold", {"tiers": [{"reach_fen": 10_000, "off_fen": 1_000}]})
    )
    assert buyer.quote([("p1-s", 2)]).total_fen == old.total_fen - 1_000
    with pytest.raises(PriceChanged):
        buyer.place_order(old, HOME, "key-00000001")


def test_a_token_that_was_known_ends_with_its_time(street: Street, buyer: ShopClient) -> None:
    asked = ("POST", "/shop/v1/quotes", LINES, dict[str, str]())
    assert answered(street.app, buyer.token, asked)[0] == 200
    street.clock.advance(days=31)
    status, told, _ = answered(street.app, buyer.token, asked)
    assert (status, told["code"]) == (401, "session.unknown")


class SilentGateway:
    """WeChat Pay, but no answer to a prepay comes before ``speaks`` is set."""

    def __init__(self, real: Any) -> None:
        self._real = real
        self.speaks = asyncio.Event()

    async def prepay(self, request: Any) -> Any:
        await asyncio.wait_for(self.speaks.wait(), 30)
        return await self._real.prepay(request)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def test_more_buyers_may_wait_to_pay_than_may_hold_a_thread_at_wechat(street: Street, buyer: ShopClient) -> None:
    street.shop.product("p2", stock=100)
    orders = [street.ordered(buyer, "p2-s", key=f"key-of-order-{n:04}") for n in range(PLACES + 2)]
    wechat = SilentGateway(street.service.pay)
    app = storefront_app(replace(street.service, pay=wechat), PATIENT)
    headers = {"Authorization": f"Bearer {buyer.token}"}

    async def story() -> list[int]:
        line = httpx.ASGITransport(app, client=("127.0.0.1", 4711))
        async with httpx.AsyncClient(transport=line, base_url="http://shop.test", headers=headers) as client:
            await client.get("/shop/v1/cart")
            paying = [asyncio.create_task(client.post(f"/shop/v1/orders/{order.id}/pay")) for order in orders]
            too_early, _ = await asyncio.wait(paying, timeout=0.5, return_when=asyncio.FIRST_COMPLETED)
            wechat.speaks.set()
            answers = await asyncio.gather(*paying)
            return [len(too_early), *(answer.status_code for answer in answers)]

    assert asyncio.run(story()) == [0] + [200] * len(orders)
