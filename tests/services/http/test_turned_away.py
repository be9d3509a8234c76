"""A stranger who sends what is refused is told to wait before anything of it is read, and nobody else is."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.db.engine import Store
from services.http.buckets import Rate
from services.http.shop.limits import Rates
from tests.support.clocks import FixedClock
from tests.support.service import Server
from tests.support.street import Street, open_street

STRANGER, NEIGHBOUR, HERE = "203.0.113.7", "203.0.113.8", "127.0.0.1"
FEW = replace(Rates(), refused=Rate(5, 60), refused_token=Rate(3, 60))
JSON = {"Content-Type": "application/json"}
BAD = {"content": b'{"code": ', "headers": JSON}


@dataclass(frozen=True)
class Offence:
    status: int
    method: str
    path: str
    how: dict[str, Any] = field(default_factory=dict)


NOBODYS = {"headers": {"Authorization": "Bearer nobodys"}}
OFFENCES = {
    "malformed JSON": Offence(400, "POST", "/shop/v1/login", BAD),
    "an unknown route": Offence(404, "GET", "/shop/v2/everything"),
    "another use": Offence(405, "DELETE", "/shop/v1/shop"),
    "a bad token": Offence(401, "GET", "/shop/v1/orders", NOBODYS),
    "a bad token on the short way": Offence(401, "POST", "/shop/v1/quotes", NOBODYS | {"json": {"lines": []}}),
    "too much": Offence(413, "POST", "/shop/v1/events", {"content": b" " * 70_000}),
    "far too much": Offence(413, "POST", "/shop/v1/events", {"content": b" " * 4_000_001}),
    "a forged notice": Offence(401, "POST", "/wechat/pay/notify", {"content": b"{}"}),
}
SHOWN = Offence(200, "GET", "/shop/v1/shop")


@pytest.fixture
def street(store: Store, tmp_path: Path) -> Iterator[Street]:
    with open_street(store, tmp_path, FEW) as street:
        street.shop.product(stock=10)
        yield street


async def ask(app: Any, sent: Offence, address: str = STRANGER, **more: Any) -> httpx.Response:
    line = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 4711))
    async with httpx.AsyncClient(transport=line, base_url="http://shop.test") as client:
        return await client.request(sent.method, sent.path, **sent.how | more)


def answered(app: Any, count: int, sent: Offence, address: str = STRANGER) -> Counter[int]:
    async def all_of_them() -> list[int]:
        return [(await ask(app, sent, address)).status_code for _ in range(count)]

    return Counter(asyncio.run(all_of_them()))


@pytest.mark.parametrize("name", OFFENCES)
def test_what_is_refused_over_and_over_is_turned_away(name: str, street: Street) -> None:
    offence = OFFENCES[name]
    assert answered(street.app, 10, offence) == {offence.status: 6, 429: 4}
    waiting = asyncio.run(ask(street.app, SHOWN))
    assert (waiting.status_code, waiting.json()["code"], waiting.headers["retry-after"]) == (429, "too_often", "1")
    assert waiting.headers["content-type"] == "application/problem+json"
    assert answered(street.app, 1, SHOWN, NEIGHBOUR) == {200: 1}
    street.clock.advance(seconds=1)
    assert answered(street.app, 3, SHOWN) == {200: 3}


def test_what_is_answered_is_not_counted(street: Street) -> None:
    assert answered(street.app, 20, SHOWN) == {200: 20}
    assert answered(street.app, 20, Offence(404, "GET", f"/media/{'0' * 64}-750.jpg")) == {404: 20}
    assert answered(street.app, 20, OFFENCES["an unknown route"], HERE) == {404: 20}


def test_nothing_of_a_body_is_read_of_whoever_is_turned_away(street: Street) -> None:
    answered(street.app, 6, OFFENCES["an unknown route"])
    read = []

    async def body() -> Any:
        read.append(1)
        yield b" " * 1_000

    answer = asyncio.run(ask(street.app, Offence(0, "POST", "/shop/v1/login"), content=body()))
    assert (answer.status_code, read) == (429, [])


def test_buyers_behind_the_strangers_address_go_on(street: Street) -> None:
    with street.buyer() as buyer:
        buyer.cart()
        token = {"Authorization": f"Bearer {buyer.token}"}
    answered(street.app, 6, OFFENCES["malformed JSON"])
    order = {
        "lines": [{"sku_id": "p1-s", "qty": 1}],
        "delivery_kind": "express",
        "contact": {"name": "林晓雨", "phone": "13800138000", "region_code": "330106", "address": "文三路 90 号"},
        "expected_total_fen": 6800,
    }
    asked = [
        Offence(
            201, "POST", "/shop/v1/orders", {"json": order, "headers": token | {"Idempotency-Key": "key-00000001"}}
        ),
        Offence(200, "GET", "/shop/v1/orders", {"headers": token}),
        Offence(429, "GET", "/shop/v1/orders", NOBODYS),
        Offence(429, "GET", "/shop/v1/shop"),
    ]
    for each in asked:
        assert answered(street.app, 1, each) == {each.status: 1}


def test_a_buyer_who_is_refused_over_and_over_waits_alone(street: Street) -> None:
    with street.buyer() as first, street.buyer("other") as second:
        tokens = [{"Authorization": f"Bearer {buyer.token}"} for buyer in (first, second) if buyer.cart() is not None]
    own = [Offence(200, "GET", "/shop/v1/cart", {"headers": token}) for token in tokens]
    bad = Offence(400, "POST", "/shop/v1/orders", {"content": b"{", "headers": tokens[0] | JSON})
    assert answered(street.app, 6, bad) == {400: 4, 429: 2}
    assert [answered(street.app, 1, each) for each in (*own, SHOWN)] == [{429: 1}, {200: 1}, {200: 1}]
    street.clock.advance(seconds=1)
    assert answered(street.app, 1, own[0]) == {200: 1}


def test_a_desktop_goes_on_behind_a_strangers_address_until_it_is_locked_out(server: Server, clock: FixedClock) -> None:
    desktop = server.enrol()
    sums = Offence(200, "GET", "/sync/v1/sums", {"headers": {"Authorization": f"Bearer {desktop.token}"}})
    assert answered(server.app, 1, sums) == {200: 1}
    most = Rates().refused.burst
    offence = Offence(401, "POST", "/sync/v1/push", NOBODYS)
    assert answered(server.app, most + 5, offence) == {401: most + 1, 429: 4}
    assert answered(server.app, 3, sums) == {200: 3}
    server.service.executor.chore(
        lambda db: db.execute(f"UPDATE device SET revoked_at = {db.mark}", ("2026-01-01T00:00:00.000000Z",))
    ).result(30)
    assert answered(server.app, 3, sums) == {401: 1, 429: 2}


def test_a_desktop_that_misses_many_pictures_goes_on(server: Server) -> None:
    """They may wait at the counter that has them; those who show the goods meanwhile must not stop syncing."""
    desktop = server.enrol()
    token = {"headers": {"Authorization": f"Bearer {desktop.token}"}}
    most = Rates().refused_token.burst
    missing = Offence(404, "GET", f"/sync/v1/media/{'0' * 64}", token)
    assert answered(server.app, most + 5, missing) == {404: most + 5}
    assert answered(server.app, 1, Offence(200, "GET", "/sync/v1/sums", token)) == {200: 1}
