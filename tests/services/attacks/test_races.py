"""Attacks by doing many things at once: whatever comes first, money, pieces and coupons are counted once."""

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from app.buyer.refusals import Refusal
from app.domain.promotions.commands import GiveCoupon, PublishPromotion
from services.db.engine import Store
from services.http.buckets import Rate
from services.http.shop.limits import Rates
from services.standins.wechat.mail import NoticePlan
from services.upkeep import books
from tests.support.street import HOME, Street, open_street

MANY = Rate(10_000, 10_000)
ROUNDS = 6


@pytest.fixture
def street(store: Store, tmp_path: Path) -> Iterator[Street]:
    with open_street(store, tmp_path, replace(Rates(), order=MANY, buyer=MANY)) as street:
        street.shop.product(stock=20)
        yield street


def at_once(acts: list[Callable[[], object]], seed: int) -> Counter[str]:
    """Lets all loose in an order of the seed; answers how each ended."""
    random.Random(seed).shuffle(acts)

    def outcome(act: Callable[[], object]) -> str:
        try:
            act()
        except Refusal as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(len(acts)) as crowd:
        return Counter(crowd.map(outcome, acts))


def unexplained(street: Street) -> list[books.Finding]:
    with street.shop.store.reading() as database:
        return books.findings(database)


def test_paying_cancelling_and_the_notice_at_once_leave_the_books_right(street: Street) -> None:
    """V20, W13: one order, everything that can happen to it at the same moment, again and again."""
    keys = (f"key-{n:08d}" for n in itertools.count(1))
    with street.buyer() as buyer:
        for seed in range(ROUNDS):
            order = street.ordered(buyer, "p1-s", 1, next(keys))
            street.wechat.pay_sheet(buyer.pay(order.id).wx_payment, NoticePlan.HELD)
            acts: list[Callable[[], object]] = [lambda o=order: buyer.pay(o.id)] * 2
            acts += [lambda o=order, k=key: buyer.cancel(o.id, k) for key in itertools.islice(keys, 3)]
            acts += [lambda o=order, k=key: buyer.confirm_receipt(o.id, k) for key in itertools.islice(keys, 2)]
            acts += [lambda o=order: street.wechat.mail.deliver(f"{o.no}-1")] * 2
            at_once(acts, seed)
            after = buyer.order(order.id)
            assert (after.paid_fen, after.state in ("paid", "cancelled")) == (6800, True)
            assert unexplained(street) == []
    assert len(street.shop.rows("transfers")) == ROUNDS


def test_one_coupon_is_in_one_order_however_often_it_is_given_back(street: Street) -> None:
    """V19, V20: cancelling gives the coupon back while new orders want it: it is never in two that live."""
    with street.buyer() as buyer:
        street.shop.must(PublishPromotion("five", 0, "五元券", "coupon", {"off_fen": 500}))
        buyer_id = street.shop.rows("buyers", "id")[0][0]
        street.shop.must(GiveCoupon("coupon", "five", buyer_id, ("FIVE-0001",)))
        quote = buyer.quote([("p1-s", 1)])
        assert quote.total_fen == 6300
        keys = (f"key-{n:08d}" for n in itertools.count(1))
        held = buyer.place_order(quote, HOME, next(keys))
        for seed in range(ROUNDS):
            acts: list[Callable[[], object]] = [
                lambda k=key, h=held: buyer.cancel(h.id, k) for key in itertools.islice(keys, 2)
            ]
            acts += [lambda k=key: buyer.place_order(quote, HOME, k) for key in itertools.islice(keys, 6)]
            at_once(acts, seed)
            users = [o for o in buyer.orders().items if o.discount_fen == 500 and o.state == "unpaid"]
            assert len(users) <= 1
            assert unexplained(street) == []
            held = users[0] if users else buyer.place_order(buyer.quote([("p1-s", 1)]), HOME, next(keys))


def test_one_key_for_different_wishes_at_once_is_one_wish(street: Street) -> None:
    """Whichever of them comes first has the key; the others are refused, and nothing is ordered twice."""
    with street.buyer() as buyer:
        one, two = buyer.quote([("p1-s", 1)]), buyer.quote([("p1-s", 2)])
        acts: list[Callable[[], object]] = [
            lambda q=q: buyer.place_order(q, HOME, "one-key-0001") for q in (one, two) * 6
        ]
        assert at_once(acts, 1) == {"done": 6, "idempotency_mismatch": 6}
        assert len(buyer.orders().items) == 1
