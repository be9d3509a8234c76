"""Attacks on what is somebody else's: orders, carts, addresses, coupons, and the staff's side of the shop."""

from typing import Any

import pytest

from app.domain.aftersales.commands import RequestRefund
from app.domain.catalog.commands import EditProduct
from app.domain.permission import Role
from app.domain.staff.commands import ChangeRole, CreateStaff, FoundShop
from tests.services.attacks.target import Target, order_body

ORDERS = "/shop/v1/orders"
NOT_FOUND = (404, "order.not_found")
STATES = ("unpaid", "paid", "shipped")
SYNC = (
    *(("GET", f"/sync/v1/snapshot/{table}") for table in ("order_contacts", "orders", "sku_costs", "staff", "buyers")),
    *(("GET", f"/sync/v1/{what}") for what in ("pull", "verdicts", "sums", "poke", "devices")),
    *(("POST", f"/sync/v1/{what}") for what in ("hello", "push", "lease", "ask", "codes")),
)


@pytest.mark.parametrize("state", STATES)
def test_another_buyers_order_cannot_be_cancelled_refunded_or_received(target: Target, state: str) -> None:
    """V26, V34: it does not exist for a stranger, under its id and under its number."""
    with target.untouched():
        order = target.orders[state]
        for name in (order.id, order.no):
            for act in ("cancel", "confirm-receipt"):
                target.refused(NOT_FOUND, "POST", f"{ORDERS}/{name}/{act}")
                target.refused((401, "session.unknown"), "POST", f"{ORDERS}/{name}/{act}", "nobody")
        for act in ("refund", "refunds", "return"):
            target.refused((404, "not_found"), "POST", f"{ORDERS}/{order.id}/{act}", json={"amount_fen": 1})


def test_a_refund_is_asked_for_by_who_may_and_nobody_else(target: Target) -> None:
    """V34: neither a clerk nor a buyer's name at a desktop gives money back."""
    for person in ("clerk", "alice", "service", "nobody"):
        target.push_refused("not_allowed", RequestRefund(target.orders["paid"].id, "r", ""), person)


@pytest.mark.parametrize("state", STATES)
def test_another_buyers_order_looks_like_none(target: Target, state: str) -> None:
    """V27, V29: not even that it exists is told, and its parcels and refunds have no page of their own."""
    with target.untouched():
        order = target.orders[state]
        nothing = target.ask("GET", f"{ORDERS}/nothing").json()
        for name in (order.id, order.no, order.lines[0].id):
            target.refused(NOT_FOUND, "GET", f"{ORDERS}/{name}")
            assert target.ask("GET", f"{ORDERS}/{name}").json() == nothing
            for page in ("parcels", "express", "refunds", "events", "pickup-code"):
                answer = target.ask("GET", f"{ORDERS}/{name}/{page}")
                assert answer.status_code == 404 and order.no not in answer.text
        target.refused((404, "not_found"), "GET", "/shop/v1/parcels/SF1234567890123")


def test_a_list_of_orders_is_the_askers_own(target: Target) -> None:
    """V28, V36: who asks is who the token says, whatever else names a buyer."""
    with target.untouched():
        buyer_id = target.street.shop.rows("orders", "buyer_id")[0][0]
        assert target.ask("GET", ORDERS).json() == {"items": [], "next_cursor": None}
        for name in ("buyer_id", "user_id", "userId", "openid", "uid"):
            target.refused((400, "malformed"), "GET", ORDERS, params={name: buyer_id})
            target.refused((400, "malformed"), "POST", ORDERS, json=order_body(**{name: buyer_id}))
            for headers in ({name: buyer_id}, {"X-User-Id": buyer_id}, {"Cookie": f"{name}={buyer_id}"}):
                assert target.ask("GET", ORDERS, headers=headers).json()["items"] == []
        for cursor in ("9999999999999999~zzzz", f"9999999999999999~{target.orders['paid'].id}"):
            assert target.ask("GET", ORDERS, params={"cursor": cursor}).json()["items"] == []


def test_an_address_is_found_neither_by_counting_nor_by_rank(target: Target) -> None:
    """V31, V32: contacts are read with their order, by its buyer, and by enrolled computers."""
    with target.untouched():
        for path in (*(f"/shop/v1/addresses/{n}" for n in range(1, 4)), "/shop/v1/contacts", "/shop/v1/buyers/1"):
            target.refused((404, "not_found"), "GET", path)
        for number in (0, 1, 2, 10, 10**9):
            target.refused(NOT_FOUND, "GET", f"{ORDERS}/{number}")


@pytest.mark.parametrize("who", ["nobody", "mallory", "supervisor"])
def test_the_desktops_side_is_closed_to_everybody_else(target: Target, who: str) -> None:
    """V31, V35, V50: a buyer's token opens nothing of the staff's, however it is asked for."""
    with target.untouched():
        for method, path in SYNC:
            body: dict[str, Any] = {"json": {}} if method == "POST" else {}
            target.refused((401, "unauthorised"), method, path, who, **body)


def test_a_desktops_token_opens_nothing_of_a_buyers(target: Target) -> None:
    """V36: a token is good for what it was made for."""
    for who in ("managers_desktop", "supervisor"):
        for method, path in (
            ("GET", ORDERS),
            ("GET", "/shop/v1/cart"),
            ("GET", f"{ORDERS}/{target.orders['paid'].id}"),
        ):
            target.refused((401, "session.unknown"), method, path, who)


def test_a_clerks_desktop_never_hears_what_is_for_managers(target: Target) -> None:
    """V31, V35: costs are in no snapshot, page or sum that it may ask for, whoever sits at it."""
    target.refused((404, "not_found"), "GET", "/sync/v1/snapshot/sku_costs", "clerks_desktop")
    assert "sku_costs" not in target.ask("GET", "/sync/v1/sums", "clerks_desktop").json()["tables"]
    assert "sku_costs" in target.ask("GET", "/sync/v1/sums", "managers_desktop").json()["tables"]


def test_a_cart_is_nobody_elses(target: Target) -> None:
    """V33: filling, emptying and reading one's own leaves the others' as they are."""
    alices = target.ask("GET", "/shop/v1/cart", "alice").json()
    assert [item["qty"] for item in alices["items"]] == [2]
    for items in ([{"sku_id": "p1-s", "qty": 5}], []):
        target.ask("PUT", "/shop/v1/cart/items", json={"items": items})
        assert target.ask("GET", "/shop/v1/cart", "alice").json() == alices
    target.refused((401, "session.unknown"), "PUT", "/shop/v1/cart/items", "nobody", json={"items": []})
    target.refused((405, "method_not_allowed"), "DELETE", "/shop/v1/cart/items")
    target.refused((404, "not_found"), "DELETE", "/shop/v1/cart/items/p1-s")


def test_nobody_gives_themselves_another_role(target: Target) -> None:
    """V35: people are made and promoted by the owner, and a name at a desktop is looked up."""
    with target.untouched():
        for person in ("clerk", "alice", "service", "nobody", ""):
            for command in (ChangeRole("clerk", Role.OWNER), CreateStaff("evil", "坏人", Role.OWNER)):
                target.push_refused("not_allowed", command, person, desktop="managers_desktop")
        for path in ("/shop/v1/roles", "/shop/v1/staff", "/shop/v1/users/import", "/shop/v1/role/switch"):
            target.refused((404, "not_found"), "POST", path, json={"role": "owner"})


def test_a_founded_shop_is_not_founded_again(target: Target) -> None:
    """V45: there is no door to install it anew, and the command for it is the service's alone."""
    with target.untouched():
        founding = FoundShop("坏店", "evil", "坏人", "place", "坏店")
        for person in ("owner", "service", "nobody"):
            target.push_refused("not_allowed", founding, person, desktop="managers_desktop")
        for path in ("/install", "/install.php", "/setup", "/shop/v1/install", "/supervisor/found"):
            target.refused((404, "not_found"), "POST", path, "nobody", json={})


def test_a_coupon_is_used_by_its_owner_alone(target: Target) -> None:
    """V22: it cannot be named in an order, and somebody else's makes nothing cheaper."""
    for field in ("coupon_id", "coupon_code", "coupons"):
        target.refused((400, "malformed"), "POST", ORDERS, json=order_body(**{field: "alices"}))
        quote = {"lines": [{"sku_id": "p1-s", "qty": 1}], field: "FIVE-0001"}
        target.refused((400, "malformed"), "POST", "/shop/v1/quotes", json=quote)
    question = {"lines": [{"sku_id": "p1-s", "qty": 1}]}
    assert target.ask("POST", "/shop/v1/quotes", json=question).json()["total_fen"] == 6800
    assert target.ask("POST", "/shop/v1/quotes", "alice", json=question).json()["total_fen"] == 6300
    target.refused((409, "order.price_changed"), "POST", ORDERS, json=order_body(expected_total_fen=6300))


def test_what_the_shop_does_not_offer_cannot_be_had_by_asking(target: Target) -> None:
    """V23, V24: an article off sale is not sold, and an order that has left is not cancelled."""
    target.refused((409, "cancel.not_cancellable"), "POST", f"{ORDERS}/{target.orders['shipped'].id}/cancel", "alice")
    target.street.shop.product("hidden", stock=5)
    hide = EditProduct("hidden", {"state": {"from": "on_sale", "to": "off_sale"}})
    assert target.push(hide, "owner", "managers_desktop")[0] == "applied"
    lines = [{"sku_id": "hidden-s", "qty": 1}]
    target.refused((409, "order.not_for_sale"), "POST", "/shop/v1/quotes", json={"lines": lines})
    target.refused((409, "order.not_for_sale"), "POST", ORDERS, json=order_body(lines=lines))
    target.refused((404, "product.not_found"), "GET", "/shop/v1/products/hidden")
    assert "hidden" not in target.ask("GET", "/shop/v1/products", params={"search": "hidden"}).text
