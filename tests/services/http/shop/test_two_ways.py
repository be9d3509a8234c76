"""Every header of a checkout's answers, by the short way and past it, through all that the service does to answers."""

import asyncio
from typing import Any

import httpx
import pytest

from app.buyer.client import ShopClient
from services.http.app import create_app
from tests.support.street import Street

ONE = {"lines": [{"sku_id": "p1-s", "qty": 1}]}
MANY = {"lines": [{"sku_id": "p1-s", "qty": 1}] * 9}


def answered(app: Any, token: str, content: Any, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    sent = {"Authorization": f"Bearer {token}"} | headers

    async def ask() -> httpx.Response:
        line = httpx.ASGITransport(app, client=("127.0.0.1", 4711))
        async with httpx.AsyncClient(transport=line, base_url="http://shop.test") as client:
            await client.get("/shop/v1/cart", headers=sent)  # whoever has asked before is known
            return await client.post("/shop/v1/quotes", json=content, headers=sent)

    found = asyncio.run(ask())
    return found.status_code, dict(found.headers), found.content


@pytest.mark.parametrize("content", [ONE, MANY], ids=["short", "long"])
@pytest.mark.parametrize("encoding", ["gzip", "identity", "gzip;q=0", "br, gzip"])
def test_both_ways_pack_and_name_an_answer_alike(
    street: Street, buyer: ShopClient, content: Any, encoding: str
) -> None:
    headers = {"Accept-Encoding": encoding}
    short, whole = create_app(street.service), create_app(street.service).whole_way
    found = answered(short, buyer.token, content, headers)
    assert found[0] == 200 and found == answered(whole, buyer.token, content, headers)
