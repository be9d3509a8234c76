"""Prices over the API: explained fen by fen, and a coupon that sixty-four phones want at once is used once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from app.buyer import answers
from app.buyer.client import ShopClient
from app.buyer.refusals import PriceChanged, Refusal
from app.domain.promotions.commands import GiveCoupon, PublishPromotion
from services.db.engine import Store
from services.http.shop.limits import Rate, Rates
from tests.support.street import HOME, Street, open_street

CLIENTS = 64


def coupon_of(street: Street, buyer_id: str) -> None:
    street.shop.must(
        PublishPromotion("full", 0, "满百减十", "threshold", {"tiers": [{"reach_fen": 10_000, "off_fen": 1_000}]})
    )
    street.shop.must(PublishPromotion("five", 0, "五元券", "coupon", {"off_fen": 500}))
    street.shop.must(GiveCoupon("k1", "five", buyer_id, ("FIVE-0001",)))


def buyer_id(street: Street) -> str:
    found: str = street.shop.rows("buyers", "id")[0][0]
    return found


def test_the_explanation_adds_up_to_the_total(street: Street, buyer: ShopClient) -> None:
    coupon_of(street, buyer_id(street))
    quote = buyer.quote([("p1-s", 2)])
    told = [(step.code, step.fen) for step in quote.explanation]
    assert told == [
        ("pricing.list_price", 13_600),
        ("pricing.threshold", -1_000),
        ("pricing.coupon", -500),
    ]
    assert sum(step.fen for step in quote.explanation) == quote.total_fen == 12_100
    assert all(step.text for step in quote.explanation)
    hint = buyer.quote([("p1-s", 1)]).hints[0]
    assert (hint.code, hint.params["missing_fen"]) == ("pricing.threshold_below", 3_200)
    assert "32.00" in hint.text
    order = buyer.place_order(quote, HOME, "key-00000001")
    assert (order.discount_fen, order.total_fen) == (1_500, 12_100)
    assert sorted(street.shop.rows("order_discounts", "rule_id, fen")) == [("five", 500), ("full", 1_000)]


@pytest.fixture
def patient_street(store: Store, tmp_path: Path) -> Iterator[Street]:
    """A street that lets one buyer ask as often as this test does."""
    with open_street(store, tmp_path, replace(Rates(), order=Rate(1_000, 1_000), buyer=Rate(1_000, 1_000))) as street:
        street.shop.product(stock=100)
        yield street


def test_one_coupon_wanted_by_many_phones_at_once_is_used_once(patient_street: Street) -> None:
    street = patient_street
    buyer = street.buyer()
    coupon_of(street, buyer_id(street))
    quote = buyer.quote([("p1-s", 1)])
    assert quote.total_fen == 6_300
    phones = [street.buyer() for _ in range(8)]

    def order(number: int) -> answers.Order | Refusal:
        try:
            return phones[number % len(phones)].place_order(quote, HOME, f"key-{number:08d}")
        except Refusal as refused:
            return refused

    with ThreadPoolExecutor(CLIENTS) as pool:
        told = list(pool.map(order, range(CLIENTS)))
    for phone in (*phones, buyer):
        phone.close()
    placed = [one for one in told if isinstance(one, answers.Order)]
    refused = [one for one in told if isinstance(one, PriceChanged)]
    print(f"one coupon, {CLIENTS} clients at once: {len(placed)} order, {len(refused)} told the new price")
    assert len(placed) == 1
    assert street.shop.rows("coupons", "state, order_id") == [("used", placed[0].id)]
    assert street.shop.rows("orders", "id") == [(placed[0].id,)]
