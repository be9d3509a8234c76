"""Known attacks on shops, replayed: each is refused and leaves everything as it was."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.buyer.client import ShopClient
from services.http.problem import MEDIA_TYPE
from tests.support.street import Street

ORDERS = "/shop/v1/orders"


@pytest.fixture
def line(street: Street, buyer: ShopClient) -> Iterator[httpx.Client]:
    """A logged-in buyer with a free hand."""
    headers = {"Authorization": f"Bearer {buyer.token}", "Idempotency-Key": "key-00000001"}
    with httpx.Client(base_url=street.url, headers=headers, trust_env=False, timeout=30) as client:
        yield client


def order_body(**changes: Any) -> dict[str, Any]:
    contact = {"name": "林晓雨", "phone": "13800138000", "address": "浙江省杭州市文三路 90 号"}
    lines = [{"sku_id": "p1-s", "qty": 1}]
    body = {"lines": lines, "delivery_kind": "express", "contact": contact, "expected_total_fen": 6800}
    return copy.deepcopy(body) | changes


def state(street: Street) -> dict[str, object]:
    tables = ("orders", "order_lines", "stock_levels", "payments", "transfers", "reservations")
    return {table: street.shop.rows(table) for table in tables}


def qty(value: Any) -> dict[str, Any]:
    return order_body(lines=[{"sku_id": "p1-s", "qty": value}])


SOMEWHERE = {"name": "林晓雨", "phone": "13800138000", "address": "浙江省杭州市文三路 90 号"}
MALFORMED = {
    "an amount to pay of the client's own": order_body(total_fen=1),
    "a discount of the client's own": order_body(coupon_fen=6700),
    "paid from the beginning": order_body(paid=True, state="paid"),
    "another buyer's id": order_body(buyer_id="somebody"),
    "a price in the line": order_body(lines=[{"sku_id": "p1-s", "qty": 1, "list_fen": 1}]),
    "no pieces": qty(0),
    "minus one piece": qty(-1),
    "more pieces than an int holds": qty(2**31),
    "more pieces than a long holds": qty(2**63),
    "more pieces than a double holds": qty(10**400),
    "half a piece": qty(0.5),
    "a piece as text": qty("1"),
    "a piece as truth": qty(True),
    "no line": order_body(lines=[]),
    "too many lines": order_body(lines=[{"sku_id": "p1-s", "qty": 1}] * 51),
    "a negative total": order_body(expected_total_fen=-1),
    "a total with a point": order_body(expected_total_fen=6800.0),
    "an unknown delivery": order_body(delivery_kind="drone"),
    "an id with SQL": order_body(lines=[{"sku_id": "' OR 1=1 --", "qty": 1}]),
    "a zero byte": order_body(buyer_remark="\x00"),
    "half a sign": order_body(buyer_remark="\ud800"),
    "a very long remark": order_body(buyer_remark="长" * 201),
    "a phone in letters": order_body(contact={"name": "a", "phone": "call me", "address": "somewhere 12"}),
    "a name of blanks": order_body(contact={"name": "  ", "phone": "13800138000", "address": "somewhere 12"}),
    "a name that nobody sees": order_body(contact={**SOMEWHERE, "name": "\u200b\ufeff\u00ad\u3164"}),
    "a name that turns what follows": order_body(contact={**SOMEWHERE, "name": "林\u202e雨晓"}),
    "a remark in two lines": order_body(buyer_remark="请轻放\u2028已付款"),
    "a sign that controls a printer": order_body(contact={**SOMEWHERE, "address": "somewhere\x9b12"}),
}


def test_an_order_that_claims_too_much_is_refused(street: Street, line: httpx.Client) -> None:
    before = state(street)
    for case, body in MALFORMED.items():
        answer = line.post(ORDERS, content=json.dumps(body), headers={"Content-Type": "application/json"})
        kind = answer.headers["content-type"]
        assert (answer.status_code, kind, answer.json()["code"]) == (400, MEDIA_TYPE, "malformed"), case
        assert state(street) == before, case


CONFLICTS = {
    "a total that is too low": (order_body(expected_total_fen=1), "order.price_changed"),
    "nothing to pay": (order_body(expected_total_fen=0), "order.price_changed"),
    "more than there is, in two lines": (
        order_body(lines=[{"sku_id": "p1-s", "qty": 6}, {"sku_id": "p1-s", "qty": 5}], expected_total_fen=74800),
        "order.out_of_stock",
    ),
    "an article that is no article": (order_body(lines=[{"sku_id": "p1", "qty": 1}]), "order.not_for_sale"),
}


def test_an_order_that_the_shop_does_not_sell_is_refused(street: Street, line: httpx.Client) -> None:
    before = state(street)
    for number, (case, (body, code)) in enumerate(CONFLICTS.items()):
        answer = line.post(ORDERS, json=body, headers={"Idempotency-Key": f"key-1000000{number}"})
        assert (answer.status_code, answer.json()["code"]) == (409, code), case
        assert state(street) == before, case


RAW = {
    "no JSON": (b"{", 400),
    "no object": (b"[]", 400),
    "not a number": (b'{"lines": NaN}', 400),
    "a deep nest": (b"[" * 60_000, 400),
    "no text": (b"\xff\xfe{}", 400),
    "too much": (b" " * 70_000, 413),
}


def test_a_body_that_is_none_is_refused(street: Street, line: httpx.Client) -> None:
    before = state(street)
    for case, (body, status) in RAW.items():
        answer = line.post(ORDERS, content=body, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE), case
        assert state(street) == before, case


def test_an_order_needs_a_key(street: Street, line: httpx.Client) -> None:
    for key in ("", "short", "k" * 129, "key with blanks"):
        answer = line.post(ORDERS, json=order_body(), headers={"Idempotency-Key": key})
        assert answer.status_code == 400, key
    del line.headers["Idempotency-Key"]
    assert line.post(ORDERS, json=order_body()).status_code == 400
    assert street.shop.rows("orders") == []


def test_nobody_pays_or_reads_a_foreign_order(street: Street, line: httpx.Client) -> None:
    order_id = line.post(ORDERS, json=order_body()).json()["id"]
    before = state(street)
    with street.buyer("mallory") as mallory:
        token = {"Authorization": f"Bearer {mallory.token}"}
        for method, path in (("GET", f"{ORDERS}/{order_id}"), ("POST", f"{ORDERS}/{order_id}/pay")):
            answer = line.request(method, path, headers=token)
            assert (answer.status_code, answer.json()["code"]) == (404, "order.not_found")
        unknown = line.get(f"{ORDERS}/00000000-0000-5000-8000-000000000000", headers=token).json()
        foreign = line.get(f"{ORDERS}/{order_id}", headers=token).json()
        assert unknown == foreign
        listed = line.get(ORDERS, headers=token, params={"buyer_id": "anybody"})
        assert listed.status_code == 400
        assert line.get(ORDERS, headers=token).json()["items"] == []
    assert state(street) == before
