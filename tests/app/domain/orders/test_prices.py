"""What an order costs: the engine's price, kept with its explanation, and a coupon that ends with it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.domain.catalog.model import Category
from app.domain.members.model import Buyer
from app.domain.money import Fen
from app.domain.orders.model import Order, OrderDiscount, OrderLine, OrderPrice, OrderState
from app.domain.payments.commands import StartPayment
from app.domain.promotions.model import Coupon, CouponState, Promotion, PromotionState, SkuLevelPrice
from tests.app.domain.deciding import BUYER, NOW, Decided, given
from tests.app.domain.rows import CATEGORY, PLACE_ORDER, PRODUCT, setting, shop

MEMBER = Buyer("buyer", "gold")
COUPON = Coupon("k1", "ten", "buyer", "AAAA", CouponState.HELD, NOW)


def promotion(rule_id: str, kind: str, **config: Any) -> Promotion:
    return Promotion(rule_id, 1, rule_id, kind, config, PromotionState.PUBLISHED)


FULL = promotion("full", "threshold", tiers=[{"reach_fen": 12_000, "off_fen": 1_000}])
TEN = promotion("ten", "coupon", off_fen=1_000)


def bought(total: int, *rows: Any, **how: Any) -> Decided:
    return given(shop(*rows, **how)).when(replace(PLACE_ORDER, expected_total_fen=Fen(total)), BUYER)


def test_members_pay_their_price_then_the_threshold_and_the_coupon_come_off() -> None:
    own = SkuLevelPrice("s1", "gold", Fen(6000))
    decided = bought(10_000, MEMBER, own, FULL, TEN, COUPON)
    order, line = decided.put(Order), decided.put(OrderLine)
    assert (order.goods_fen, order.discount_fen, order.total_fen) == (13_600, 3_600, 10_000)
    assert (line.list_fen, line.unit_fen, line.discount_fen, line.paid_fen) == (6800, 6000, 3600, 10_000)
    taken = {(d.rule_id, d.line_id): int(d.fen) for d in decided.after.rows(OrderDiscount)}
    assert taken == {("level_price", "line-1"): 1_600, ("full", "line-1"): 1_000, ("ten", "line-1"): 1_000}
    assert decided.put(OrderPrice).coupon_id == "k1"
    assert len(order.ruleset_hash) == 64
    steps = decided.put(OrderPrice).steps["steps"]
    assert [s["reason"] for s in steps][:2] == ["pricing.list_price", "pricing.level_price"]


def test_a_used_coupon_belongs_to_its_order_and_is_not_used_again() -> None:
    used = bought(12_600, Buyer("buyer"), TEN, COUPON).put(Coupon)
    assert (used.state, used.order_id) == (CouponState.USED, "o1")
    bought(12_600, Buyer("buyer"), TEN, used).refused("order.price_changed", total_fen=13_600)


def test_somebody_elses_coupon_and_an_ended_one_are_worth_nothing() -> None:
    bought(12_600, Buyer("buyer"), TEN, replace(COUPON, buyer_id="other")).refused("order.price_changed")
    bought(12_600, Buyer("buyer"), TEN, replace(COUPON, until_at=NOW)).refused("order.price_changed")
    bought(12_600, Buyer("buyer"), replace(TEN, state=PromotionState.STOPPED), COUPON).refused("order.price_changed")


def test_the_authoritys_clock_says_what_holds() -> None:
    soon = replace(FULL, from_at=NOW + timedelta(seconds=1))
    bought(12_600, soon).refused("order.price_changed", total_fen=13_600)
    assert bought(12_600, replace(FULL, from_at=NOW)).put(Order).total_fen == 12_600


def test_a_category_counts_with_all_below_it() -> None:
    beans = promotion(
        "full", "threshold", tiers=[{"reach_fen": 1, "off_fen": 1}], scope={"kind": "categories", "ids": ["top"]}
    )
    inner = replace(CATEGORY, parent_id="mid")
    above = [Category("mid", "top", "咖啡"), Category("top", "", "饮品")]
    assert bought(13_599, inner, *above, beans).put(Order).discount_fen == 1
    ring = [Category("mid", "top", "咖啡"), Category("top", "mid", "饮品")]
    assert bought(13_599, inner, *ring, beans).put(Order).discount_fen == 1


def test_a_published_freight_table_stands_before_the_shops_one_price() -> None:
    near = {"prefix": "33", "first_fen": 600, "first_g": 400, "more_fen": 200, "more_g": 100}
    table = promotion("table", "freight", regions=[{"prefix": "", "first_fen": 1_500}, near])
    assert bought(13_600 + 600 + 200, setting("freight_fen", 900), table).put(Order).freight_fen == 800
    assert bought(14_500, setting("freight_fen", 900)).put(Order).freight_fen == 900


def test_what_costs_nothing_is_paid_as_it_is_ordered() -> None:
    all_of_it = promotion("ten", "coupon", off_fen=99_900)
    decided = bought(0, Buyer("buyer"), all_of_it, COUPON)
    order = decided.put(Order)
    assert (order.state, order.total_fen, order.paid_fen, order.expires_at) == (OrderState.PAID, 0, 0, None)
    again = given(decided.after.rows(Order), shop(product=PRODUCT))
    again.when(StartPayment("o1", "pay", "T1"), BUYER).refused("payment.not_payable", state="paid")
