"""Whoever asks too often is told when to come again."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.buyer.client import ShopClient
from app.buyer.refusals import Malformed, TooOften
from services.adapters.wechat_mini import LoginRefusal, LoginRefused
from services.db.engine import Store
from services.http.buckets import MAX_BUCKETS, Buckets, Rate
from services.http.shop.limits import Rates
from services.http.shop.turnstile import PLACES
from tests.support.clocks import FixedClock
from tests.support.street import Street, open_street, storefront_app

FEW = Rates(Rate(5, 60), Rate(2, 2), Rate(4, 60), Rate(2, 6), Rate(6, 60), Rate(2, 6))
PHONE, OTHER_PHONE = "phone-000000000001", "phone-000000000002"


@pytest.fixture
def street(store: Store, tmp_path: Path) -> Iterator[Street]:
    with open_street(store, tmp_path, FEW) as street:
        street.shop.product(stock=10)
        yield street


def test_a_buyer_who_orders_too_often_waits(street: Street) -> None:
    with street.buyer() as buyer, street.buyer("other") as other:
        for n in range(2):
            street.ordered(buyer, "p1-s", key=f"key-0000000{n}")
        street.clock.advance(seconds=5)
        seen = buyer.quote([("p1-s", 1)])
        assert seen.total_fen == 6800
        street.ordered(other, "p1-s")
        with pytest.raises(TooOften) as refused:
            for n in range(3):
                street.ordered(buyer, "p1-s", key=f"key-1000000{n}")
        assert refused.value.retry_after_s > 0
        street.clock.advance(seconds=refused.value.retry_after_s)
        assert street.ordered(buyer, "p1-s", key="key-20000000").state == "unpaid"


def test_an_address_that_asks_too_often_waits_and_others_do_not(street: Street) -> None:
    def ask(address: str) -> httpx.Response:
        return asyncio.run(_ask(street, address))

    answers = [ask("203.0.113.7") for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    assert (answers[-1].headers["retry-after"], answers[-1].json()["code"]) == ("1", "too_often")
    assert ask("203.0.113.8").status_code == 200
    assert [ask("127.0.0.1").status_code for _ in range(9)] == [200] * 9


async def _ask(street: Street, address: str) -> httpx.Response:
    line = httpx.ASGITransport(street.app, client=(address, 4711))
    async with httpx.AsyncClient(transport=line, base_url="http://shop.test") as client:
        return await client.get("/shop/v1/categories")


def test_one_line_of_ipv6_is_one_address(street: Street) -> None:
    """Whoever has an IPv6 line has more addresses than there are stars, and could use each of them once."""
    answers = [asyncio.run(_ask(street, f"2001:db8:7:1::{n:x}")).status_code for n in range(1, 8)]
    assert answers == [200] * 5 + [429] * 2
    assert asyncio.run(_ask(street, "2001:db8:7:2::1")).status_code == 200


def test_a_phone_that_asks_too_often_waits_whoever_is_logged_in(street: Street) -> None:
    with ShopClient(street.url, phone=PHONE) as first, ShopClient(street.url, phone=PHONE) as second:
        for buyer, user in ((first, "xiaoyu"), (second, "other")):
            buyer.login(street.wechat.login_code(user)[0])
            for _ in range(2):
                buyer.cart()
        for refused_one in (first.cart, second.cart, first.categories):
            with pytest.raises(TooOften) as refused:
                refused_one()
            assert refused.value.retry_after_s == 1
    with street.buyer() as nameless, ShopClient(street.url, phone=OTHER_PHONE) as other:
        assert (nameless.cart().items, len(other.categories())) == ((), 1)
    with ShopClient(street.url, phone=PHONE) as same:
        street.clock.advance(seconds=1)
        assert len(same.categories()) == 1


def test_a_phone_logs_in_now_and_then(street: Street) -> None:
    """One phone has one user at a time: many logins in a row are somebody who tries accounts."""
    with ShopClient(street.url, phone=PHONE) as phone:
        for user in ("a", "b"):
            phone.login(street.wechat.login_code(user)[0])
        with pytest.raises(TooOften) as refused:
            phone.login(street.wechat.login_code("c")[0])
        assert refused.value.retry_after_s == 10
    assert len(street.shop.rows("buyers")) == 2


def test_a_name_that_is_no_phones_is_refused(street: Street) -> None:
    for name in ("short", "x" * 65, "phone 000000000001", "phone-00000000000;"):
        with ShopClient(street.url, phone=name) as phone, pytest.raises(Malformed) as refused:
            phone.categories()
        assert refused.value.params["where"] == "Zhanggui-Phone"


def test_buckets_fill_up_and_their_number_is_bounded() -> None:
    clock = FixedClock()
    buckets = Buckets(clock)
    rate = Rate(1, 30)
    assert buckets.take("x", "a", rate) == 0
    assert buckets.take("x", "a", rate) == 2
    clock.at -= timedelta(hours=1)  # a clock that is set back must not lock anybody out for an hour
    assert buckets.take("x", "a", rate) == 2
    clock.advance(seconds=2)
    assert buckets.take("x", "a", rate) == 0
    for n in range(MAX_BUCKETS + 10):
        buckets.take("y", str(n), rate)
    assert buckets.size == MAX_BUCKETS


class SilentWechat:
    """A WeChat that answers nobody before ``speaks``."""

    def __init__(self) -> None:
        self.waiting = 0
        self.speaks = threading.Event()
        self._lock = threading.Lock()

    def login(self, code: str) -> LoginRefused:
        with self._lock:
            self.waiting += 1
        self.speaks.wait(30)
        return LoginRefused(LoginRefusal.CODE_INVALID, 40029, "")


def test_a_wechat_that_is_silent_holds_up_nobody_who_does_not_need_it(street: Street) -> None:
    wechat = SilentWechat()
    app = storefront_app(replace(street.service, mini=wechat))

    async def ask(method: str, path: str, **how: Any) -> httpx.Response:
        line = httpx.ASGITransport(app, client=("127.0.0.1", 4711))
        async with httpx.AsyncClient(transport=line, base_url="http://shop.test") as client:
            return await client.request(method, path, **how)

    async def story() -> tuple[list[httpx.Response], int]:
        logins = [asyncio.create_task(ask("POST", "/shop/v1/login", json={"code": f"c{n}"})) for n in range(60)]
        while sum(login.done() for login in logins) < 60 - PLACES:
            await asyncio.sleep(0)
        browsing = await asyncio.wait_for(ask("GET", "/shop/v1/categories"), 10)
        wechat.speaks.set()
        return await asyncio.gather(*logins), browsing.status_code

    answers, browsing = asyncio.run(story())
    assert (browsing, wechat.waiting) == (200, PLACES)
    refused = [answer for answer in answers if answer.status_code == 503]
    assert len(refused) == 60 - PLACES and {a.headers["retry-after"] for a in refused} == {"2"}
    assert {a.json()["code"] for a in answers} == {"login.unavailable", "login.refused"}
