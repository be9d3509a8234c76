"""What visitors did is a row for thirteen months: strangers do not fill the shop's disk with it."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from services.db.engine import Store
from services.http.buckets import Rate
from services.http.shop.limits import Rates
from tests.support.street import Street, open_street

_NUMBERS = itertools.count()
FEW = replace(Rates(), events=Rate(8, 60), strange_events=Rate(16, 60), all_events=Rate(40, 60))


@pytest.fixture
def street(store: Store, tmp_path: Path) -> Iterator[Street]:
    with open_street(store, tmp_path, FEW) as street:
        yield street


def tell(street: Street, times: int, address: str, token: str = "", count: int = 4) -> Counter[int]:
    """So many calls with ``count`` events each."""

    async def all_of_them() -> list[int]:
        line = httpx.ASGITransport(street.app, client=(address, 4711))
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        events = [{"id": f"event-{n}", "kind": "view", "page": "home"} for n in range(count)]
        async with httpx.AsyncClient(transport=line, base_url="http://shop.test", headers=headers) as client:
            calls = []
            for _ in range(times):
                body = {"visitor": f"visitor-{next(_NUMBERS)}", "session": "session", "events": events}
                calls.append((await client.post("/shop/v1/events", json=body)).status_code)
            return calls

    return Counter(asyncio.run(all_of_them()))


def kept(street: Street) -> int:
    return len(street.shop.rows("visit_events", "id"))


def test_events_of_an_address_are_counted_one_by_one(street: Street) -> None:
    assert tell(street, 6, "203.0.113.7") == {204: 4, 429: 2}
    assert kept(street) == 16
    assert tell(street, 1, "203.0.113.8") == {204: 1}
    street.clock.advance(seconds=2)
    assert tell(street, 1, "203.0.113.7", count=2) == {204: 1}
    assert tell(street, 1, "203.0.113.7", count=1) == {429: 1}


def test_a_buyer_is_counted_alone_wherever_they_are(street: Street) -> None:
    with street.buyer() as buyer:
        tell(street, 4, "203.0.113.7")
        assert tell(street, 3, "203.0.113.7", buyer.token) == {204: 2, 429: 1}


def test_all_strangers_together_are_counted(street: Street) -> None:
    answers = Counter[int]()
    for number in range(20):
        answers += tell(street, 1, f"203.0.113.{number}")
    assert answers == {204: 10, 429: 10}
    assert kept(street) == 40
