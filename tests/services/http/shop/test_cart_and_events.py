"""The cart follows the buyer; what visitors do is written down once."""

import pytest

from app.buyer.client import ShopClient
from app.buyer.refusals import Conflict, Malformed, NotLoggedIn
from app.domain.catalog.commands import EditProduct
from services.http.shop import events
from tests.support.street import Street


def test_a_cart_is_the_same_on_another_phone_and_nobody_elses(street: Street, buyer: ShopClient) -> None:
    street.shop.product("p2", fen=4200, stock=0)
    buyer.put_cart([("p2-s", 3), ("p1-s", 1), ("p2-s", 1)])
    with street.buyer() as phone, street.buyer("other") as other:
        items = phone.cart().items
        assert [(i.sku_id, i.qty, i.unit_fen, i.available_qty) for i in items] == [
            ("p2-s", 4, 4200, 0),
            ("p1-s", 1, 6800, 10),
        ]
        assert other.cart().items == ()
    assert [item.sku_id for item in buyer.put_cart([("p1-s", 2)]).items] == ["p1-s"]
    street.shop.must(EditProduct("p1", {"state": {"from": "on_sale", "to": "off_sale"}}))
    assert [item.is_for_sale for item in buyer.cart().items] == [False]
    assert buyer.put_cart([]).items == ()


def test_a_cart_takes_articles_only(street: Street, buyer: ShopClient) -> None:
    buyer.put_cart([("p1-s", 2)])
    with pytest.raises(Conflict):
        buyer.put_cart([("p1-s", 1), ("nothing", 1)])
    for qty in (0, -1, 10_000):
        with pytest.raises(Malformed):
            buyer.put_cart([("p1-s", qty)])
    assert street.shop.rows("cart_items", "sku_id, qty") == [("p1-s", 2)]
    with ShopClient(street.url) as nobody, pytest.raises(NotLoggedIn):
        nobody.cart()


def test_events_are_kept_once_by_the_shops_own_time(street: Street, buyer: ShopClient) -> None:
    seen = [
        {"id": "e1", "kind": "view", "page": "home", "ago_ms": 61_000},
        {"id": "e2", "kind": "click", "page": "home", "element": "banner", "x_bp": 5_000, "y_bp": 120},
    ]
    with ShopClient(street.url) as visitor:
        visitor.record("v1", "s1", seen)
        visitor.record("v1", "s1", seen)
        with pytest.raises(Malformed):
            visitor.record("v1", "s1", [{"id": f"e{n}", "kind": "view", "page": "home"} for n in range(65)])
    buyer.record("v2", "s2", seen[:1])
    kept = street.shop.rows("visit_events", "id, happened_at, buyer_id, kind, x_bp")
    (buyer_id,) = street.shop.rows("buyers", "id")[0]
    assert kept == [
        ("v1/e1", "2026-11-23T09:18:59.000000Z", "", "view", None),
        ("v1/e2", "2026-11-23T09:20:00.000000Z", "", "click", 5_000),
        ("v2/e1", "2026-11-23T09:18:59.000000Z", buyer_id, "view", None),
    ]
    street.clock.advance(days=397)
    street.shop.executor.chore(lambda database: events.forget_old(database, street.clock.now())).result(30)
    assert street.shop.rows("visit_events") == []


def test_a_false_token_does_not_become_an_unknown_visitor(street: Street) -> None:
    with ShopClient(street.url, "wrong") as visitor, pytest.raises(NotLoggedIn):
        visitor.record("v1", "s1", [{"id": "e1", "kind": "view", "page": "home"}])
