"""Browsing: pages, search, order, and answers that are never older than the last change."""

from datetime import timedelta

import pytest

from app.buyer.client import ShopClient
from app.buyer.refusals import Malformed, NotFound
from app.domain.catalog.commands import ChangePrice, CreateCategory, CreateProduct, EditProduct, NewSku
from app.domain.money import Fen
from app.kernel import codec
from tests.support.street import Street


def add(street: Street, product_id: str, title: str, fen: int, category_id: str = "cat") -> None:
    sku = NewSku(f"{product_id}-s", (), f"C-{product_id}", "", Fen(fen))
    street.shop.must(CreateProduct(product_id, category_id, title, (sku,)))
    street.shop.must(EditProduct(product_id, {"state": {"from": "draft", "to": "on_sale"}}))
    street.settle()


def ids(client: ShopClient, **asked: object) -> list[str]:
    return [card.id for card in client.products(**asked).items]  # type: ignore[arg-type]


@pytest.mark.parametrize("sort", ["newest", "price_up", "price_down"])
def test_pages_together_are_the_whole_list_in_order(street: Street, buyer: ShopClient, sort: str) -> None:
    for n in range(7):
        add(street, f"x{n}", f"挂耳咖啡 {n}", 1000 * (n % 3 + 1))
    whole = ids(buyer, sort=sort, limit=50)
    found: list[str] = []
    cursor = None
    while True:
        page = buyer.products(sort=sort, cursor=cursor, limit=3)
        found += [card.id for card in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == whole and len(whole) == 8
    prices = [buyer.product(each).skus[0].list_fen for each in whole]
    if sort != "newest":
        assert prices == sorted(prices, reverse=sort == "price_down")


def test_search_finds_chinese_words_and_takes_signs_as_they_are(street: Street, buyer: ShopClient) -> None:
    add(street, "t1", "龙井茶 100%_纯", 5000)
    add(street, "t2", "Longjing 绿茶", 4000)
    assert ids(buyer, search="龙井") == ["t1"]
    assert ids(buyer, search="茶 longJING") == ["t2"]
    assert ids(buyer, search="0%_") == ["t1"]
    assert ids(buyer, search="%") == ["t1"]
    assert ids(buyer, search="' OR 1=1 --") == []


def test_a_category_shows_what_is_below_it(street: Street, buyer: ShopClient) -> None:
    street.shop.must(CreateCategory("sub", "cat", "云南"))
    street.shop.must(CreateCategory("else", "", "茶"))
    add(street, "s1", "普洱豆", 3000, "sub")
    add(street, "e1", "红茶", 3000, "else")
    assert sorted(ids(buyer, category_id="cat")) == ["p1", "s1"]
    assert ids(buyer, category_id="sub") == ["s1"]
    assert ids(buyer, category_id="nothing") == []


def test_a_change_is_seen_at_once(street: Street, buyer: ShopClient) -> None:
    assert buyer.product("p1").skus[0].list_fen == buyer.products().items[0].from_fen == 6800
    street.shop.must(ChangePrice("p1-s", Fen(6800), Fen(7100)))
    street.settle()
    assert buyer.product("p1").skus[0].list_fen == buyer.products().items[0].from_fen == 7100
    street.shop.must(EditProduct("p1", {"state": {"from": "on_sale", "to": "off_sale"}}))
    street.settle()
    assert ids(buyer) == []
    with pytest.raises(NotFound):
        buyer.product("p1")


def test_a_time_of_sale_begins_and_ends_by_itself(street: Street, buyer: ShopClient) -> None:
    begin, end = street.clock.now() + timedelta(hours=1), street.clock.now() + timedelta(hours=2)
    window = {"sale_from_at": {"from": None, "to": codec.time_text(begin)}}
    window["sale_until_at"] = {"from": None, "to": codec.time_text(end)}
    street.shop.must(EditProduct("p1", window))
    street.settle()
    seen = []
    for _ in range(3):
        try:
            is_open = buyer.product("p1").id == "p1"
        except NotFound:
            is_open = False
        seen.append((is_open, ids(buyer)))
        street.clock.advance(hours=1)
    assert seen == [(False, []), (True, ["p1"]), (False, [])]


@pytest.mark.parametrize(
    "asked",
    [{"limit": 51}, {"sort": "cheap"}, {"cursor": "x"}, {"cursor": "1~'"}, {"category_id": "../x"}, {"search": "\x00"}],
)
def test_what_does_not_fit_is_refused(buyer: ShopClient, asked: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        ids(buyer, **asked)


def test_the_shop_introduces_itself(buyer: ShopClient) -> None:
    facts = buyer.shop()
    assert (facts.name, facts.time_zone, facts.delivery_kinds[0]) == ("山野咖啡", "Asia/Shanghai", "express")
