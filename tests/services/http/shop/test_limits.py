"""Whoever asks too often is told when to come again."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from app.buyer.refusals import TooOften
from services.db.engine import Store
from services.http.problem import Problem
from services.http.shop.limits import MAX_BUCKETS, Limits, Rate, Rates
from tests.support.clocks import FixedClock
from tests.support.street import Street, open_street

FEW = Rates(address=Rate(5, 60), login=Rate(2, 2), buyer=Rate(4, 60), order=Rate(2, 6))


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


def test_buckets_fill_up_and_their_number_is_bounded() -> None:
    clock = FixedClock()
    limits = Limits(clock, Rates())
    rate = Rate(1, 30)
    limits.check("x", "a", rate)
    with pytest.raises(Problem) as refused:
        limits.check("x", "a", rate)
    assert refused.value.headers == {"Retry-After": "2"}
    clock.at -= timedelta(hours=1)  # a clock that is set back must not lock anybody out for an hour
    with pytest.raises(Problem):
        limits.check("x", "a", rate)
    clock.advance(seconds=2)
    limits.check("x", "a", rate)
    for n in range(MAX_BUCKETS + 10):
        limits.check("y", str(n), rate)
    assert limits.size == MAX_BUCKETS
