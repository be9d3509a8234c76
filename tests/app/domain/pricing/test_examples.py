"""Examples a merchant can check by hand: each row adds up on paper."""

from dataclasses import replace

import pytest

from app.domain.pricing.cart import NOBODY, Cart, CustomerFacts
from app.domain.pricing.ruleset import PromotionConfig
from tests.app.domain.pricing.shop import (
    buyer,
    cart,
    category,
    coupon,
    freight,
    line,
    member,
    products,
    quote,
    spend,
    yuan,
)

BEAN = line("coffee/bean", "68.00", 2)
CUP = line("gear/cup", "129.00")
PAPER = line("gear/paper", "16.90")
BASKET = cart(BEAN, CUP, PAPER, weight_g=1100)  # 136.00 + 129.00 + 16.90 = 281.90
SILVER = member("silver", 9500)
SAVE_5 = spend(("200", "5"))
SAVE_15 = spend(("200", "15"))
STEPS = spend(("100", "10"), ("200", "25"), ("300", "50"))
WEIGHED = freight("8", table={"first_g": 1000, "more_fen": yuan("2"), "more_g": 500})

COFFEE = category("coffee")
AG, HOLDS_C, HOLDS_BOTH = buyer("silver"), buyer("", "c"), buyer("", "c", "d")
C10 = coupon("c", "150", off_fen="10")
FROM_260, FROM_270 = coupon("c", "260", off_fen="10"), coupon("c", "270", off_fen="30")
CAPPED = coupon("c", off_bp=1000, cap_fen="20")
OWN_PRICE = line("coffee/bean", "68", 2, level="60")
EVERYTHING = [SILVER, SAVE_15, C10, freight("8", "199")]

# what it is called | cart | buyer | rules | goods | discount | freight | total
EXAMPLES: list[tuple[str, Cart, CustomerFacts, list[PromotionConfig], str, str, str, str]] = [
    ("标价", BASKET, NOBODY, [], "281.90", "0", "0", "281.90"),
    # 64.60 × 2 + 122.55 + 16.06 (16.055 half up) = 267.81
    ("会员价 95 折", BASKET, AG, [SILVER], "281.90", "14.09", "0", "267.81"),
    ("会员价给别的等级", BASKET, buyer("gold"), [SILVER], "281.90", "0", "0", "281.90"),
    ("会员价只限咖啡", BASKET, AG, [member("silver", 9000, COFFEE)], "281.90", "13.60", "0", "268.30"),
    # the article's own member price goes before the rate: 2 × (68 − 60) = 16; the cup 5% of 129.00 = 6.45
    ("单品会员价", cart(OWN_PRICE, CUP), AG, [SILVER], "265", "22.45", "0", "242.55"),
    ("单品会员价高于标价", cart(line("coffee/bean", "68", level="70")), AG, [], "68", "0", "0", "68"),
    ("满 200 减 15", BASKET, NOBODY, [SAVE_15], "281.90", "15", "0", "266.90"),
    ("差 1 分不减", cart(line("a/b", "199.99")), NOBODY, [SAVE_15], "199.99", "0", "0", "199.99"),
    ("刚好满", cart(line("a/b", "200")), NOBODY, [SAVE_15], "200", "15", "0", "185"),
    ("阶梯满减取最高一档", BASKET, NOBODY, [STEPS], "281.90", "25", "0", "256.90"),
    ("阶梯满减到顶", cart(line("a/b", "999")), NOBODY, [STEPS], "999", "50", "0", "949"),
    ("满减只算咖啡", BASKET, NOBODY, [spend(("136", "20"), scope=COFFEE)], "281.90", "20", "0", "261.90"),
    ("满减只算一个商品", BASKET, NOBODY, [spend(("129", "9"), scope=products("cup"))], "281.90", "9", "0", "272.90"),
    # 95% of 205 = 194.75 misses the 200; the list price less 15 is cheaper
    ("会员价不如满减", cart(line("a/b", "205")), AG, [SILVER, SAVE_15], "205", "15", "0", "190"),
    ("券 满 150 减 10", BASKET, HOLDS_C, [C10], "281.90", "10", "0", "271.90"),
    ("没领的券不能用", BASKET, NOBODY, [C10], "281.90", "0", "0", "281.90"),
    # 281.90 × 10% = 28.19
    ("9 折券", BASKET, HOLDS_C, [coupon("c", off_bp=1000)], "281.90", "28.19", "0", "253.71"),
    ("9 折券最多减 20", BASKET, HOLDS_C, [CAPPED], "281.90", "20", "0", "261.90"),
    ("券比货贵", cart(line("a/b", "8")), HOLDS_C, [coupon("c", off_fen="20"), freight("6")], "8", "8", "6", "6"),
    ("两张券用省得多的", BASKET, HOLDS_BOTH, [C10, coupon("d", off_fen="12")], "281.90", "12", "0", "269.90"),
    # 281.90 − 15 = 266.90 reaches 260 still
    ("满减和券一起用", BASKET, HOLDS_C, [SAVE_15, FROM_260], "281.90", "25", "0", "256.90"),
    # after the 15 only 266.90: the coupon from 270 on is worth more, so it goes alone
    ("满减挡住了更大的券", BASKET, HOLDS_C, [SAVE_15, FROM_270], "281.90", "30", "0", "251.90"),
    ("运费", BASKET, NOBODY, [freight("8")], "281.90", "0", "8", "289.90"),
    ("满 199 包邮", BASKET, NOBODY, [freight("8", "199")], "281.90", "0", "0", "281.90"),
    ("包邮看优惠后", cart(line("a/b", "200")), NOBODY, [SAVE_15, freight("8", "199")], "200", "15", "8", "193"),
    # 200 − 5 = 195 would cost 8 freight: 203
    ("满减会丢掉包邮就不用", cart(line("a/b", "200")), NOBODY, [SAVE_5, freight("8", "199")], "200", "0", "0", "200"),
    # 1,100 g: 8 for the first 1,000 g, 2 for the next 500 g begun
    ("续重", BASKET, NOBODY, [WEIGHED], "281.90", "0", "10", "291.90"),
    ("自提没有运费", cart(CUP, delivery="pickup"), NOBODY, [freight("8")], "129", "0", "0", "129"),
    # 281.90 − 14.09 − 15.00 − 10.00 = 242.81, free from 199
    ("全部一起", BASKET, buyer("silver", "c"), EVERYTHING, "281.90", "39.09", "0", "242.81"),
]  # fmt: skip


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0])
def test_a_merchant_would_agree(
    example: tuple[str, Cart, CustomerFacts, list[PromotionConfig], str, str, str, str],
) -> None:
    _, of, who, rules, *expected = example
    quoted = quote(of, *rules, who=who)
    assert [quoted.goods_fen, quoted.discount_fen, quoted.freight_fen, quoted.total_fen] == [*map(yuan, expected)]


def test_each_line_bears_its_share_and_the_spare_fen_goes_to_the_largest_remainder() -> None:
    rules = [SILVER, SAVE_15, coupon("c", "150", off_fen="10")]
    quoted = quote(BASKET, *rules, who=buyer("silver", "c"))
    shares = {(each.line_id, each.rule_id): each.fen for each in quoted.discounts}
    # 15.00 by 129.20 : 122.55 : 16.06 of 267.81 = 7.2364, 6.8640, 0.8995, the spare fen to the paper and the cup
    assert [shares[name, "spend-200"] for name in ("bean", "cup", "paper")] == [724, 686, 90]
    assert [each.pay_fen for each in quoted.lines] == [11714, 11111, 1456]
    assert [each.unit_fen for each in quoted.lines] == [6460, 12255, 1606]


def test_an_order_uses_one_coupon_even_for_different_goods() -> None:
    coupons = [coupon("c", off_fen="9", scope=COFFEE), coupon("d", off_fen="7", scope=products("cup"))]
    assert quote(BASKET, *coupons, who=HOLDS_BOTH).discount_fen == yuan("9")


def test_a_split_line_does_not_move_the_spare_fen() -> None:
    """One fen off 10 and 8: it goes to the 10, also when that is 5 and 5, so the coupon on the 8 counts."""
    rules = [spend(("0.18", "0.01")), coupon("c", "0.08", off_fen="0.05", scope=products("nut"))]
    tea, nut = line("a/tea", "0.05"), line("a/nut", "0.08")
    whole = quote(cart(replace(tea, qty=2), nut), *rules, who=HOLDS_C)
    split = quote(cart(tea, replace(tea, line_id="more"), nut), *rules, who=HOLDS_C)
    assert (whole.total_fen, split.total_fen) == (12, 12)


def test_the_names_of_lines_do_not_move_the_spare_fen() -> None:
    rules = [spend(("0.10", "0.01")), coupon("c", "0.05", off_fen="0.04", scope=products("tea"))]
    nut, tea = line("a/nut", "0.05"), line("a/tea", "0.05")
    names = [("1", "2"), ("2", "1")]
    quotes = [quote(cart(replace(nut, line_id=a), replace(tea, line_id=b)), *rules, who=HOLDS_C) for a, b in names]
    assert [each.total_fen for each in quotes] == [5, 5]


def test_offers_of_different_groups_add_up_and_may_beat_the_member_price() -> None:
    """190 as a member, less 10, is 180; the list price less 15 and less 10 is 175."""
    first = spend(("200", "15"), exclusive_group="a", priority=2)
    second = spend(("185", "10"), exclusive_group="b", priority=1)
    assert quote(cart(line("a/b", "200")), SILVER, first, second, who=AG).total_fen == yuan("175")


def test_only_goods_of_the_offer_share_it() -> None:
    rules = [spend(("100", "20"), scope=COFFEE), coupon("c", off_fen="9", scope=products("cup"))]
    quoted = quote(BASKET, *rules, who=HOLDS_C)
    assert [each.discount_fen for each in quoted.lines] == [2000, 900, 0]


def test_spare_fen_of_several_offers_never_exceed_a_line() -> None:
    """Two lines of one fen each: the threshold takes one of them, so the coupon can only take the other."""
    lines = [replace(line("a/sweet", "0.01"), line_id=name) for name in ("one", "two")]
    quoted = quote(cart(*lines), spend(("0.02", "0.01")), coupon("c", off_fen="0.01"), who=HOLDS_C)
    assert [each.pay_fen for each in quoted.lines] == [0, 0]


def test_the_order_uses_up_the_coupon_only_if_it_helps() -> None:
    assert quote(BASKET, C10, who=HOLDS_C).coupon_id == "my-c"
    assert quote(BASKET, coupon("c", "999", off_fen="1"), who=HOLDS_C).coupon_id == ""


@pytest.mark.parametrize(("region", "expected"), [("330106", "5"), ("331000", "8"), ("650100", "25"), ("", "12")])
def test_the_longest_region_decides_the_freight(region: str, expected: str) -> None:
    table = [("", "12"), ("33", "8"), ("3301", "5"), ("65", "25")]
    regions = [{"prefix": prefix, "first_fen": yuan(first)} for prefix, first in table]
    promotion = PromotionConfig("f", 1, "freight", {"regions": regions})
    assert quote(cart(CUP, region=region), promotion).freight_fen == yuan(expected)


@pytest.mark.parametrize(("weight_g", "expected"), [(0, "8"), (1000, "8"), (1001, "10"), (1500, "10"), (1501, "12")])
def test_each_begun_weight_step_costs(weight_g: int, expected: str) -> None:
    assert quote(cart(CUP, weight_g=weight_g), WEIGHED).freight_fen == yuan(expected)
