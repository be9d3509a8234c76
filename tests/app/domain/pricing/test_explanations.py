"""What the screen "why this price" and the order are told."""

import string
from dataclasses import replace
from datetime import timedelta

import pytest
from babel.messages.pofile import read_po

from app.domain.money import Fen
from app.domain.pricing.cart import CustomerFacts, HeldCoupon
from app.domain.pricing.explain import Step, shown
from app.domain.pricing.quote import Quote
from app.domain.pricing.rounding import return_share
from app.domain.pricing.ruleset import CODES, REASONS
from app.kernel import resources
from tests.app.domain.pricing.shop import AT, buyer, cart, category, coupon, freight, line, member, quote, spend, yuan

CART = cart(line("gear/cup", "129"))
TEMPLATES = {reason.key: reason.template for reason in REASONS} | {code.code: code.template for code in CODES}


def step(of: Quote, rule_id: str) -> Step:
    return next(each for each in of.steps if each.rule_id == rule_id)


def words(of: Quote, rule_id: str) -> tuple[str, str]:
    told = step(of, rule_id)
    return told.verdict.value, TEMPLATES[told.reason].format_map(shown(told.params))


def test_each_rule_says_what_it_did_or_what_is_missing() -> None:
    rules = [spend(("100", "10")), spend(("200", "30")), coupon("c", "150", off_fen="5"), freight("8", "199")]
    told = quote(CART, *rules, who=buyer("", "c", "gone"))
    assert words(told, "spend-100") == ("applied", "¥129.00 reach ¥100.00: ¥10.00 off")
    assert words(told, "spend-200") == ("not_applicable", "¥71.00 more to reach ¥200.00")
    assert words(told, "c") == ("not_applicable", "Coupon: ¥31.00 more to reach ¥150.00")
    assert words(told, "gone") == ("refused", "This kind of coupon is not in use")
    assert words(told, "freight") == ("applied", "Freight ¥8.00; free with ¥80.00 more")
    assert [each.subtotal_fen for each in told.steps] == [12900, 11900, 11900, 11900, 11900, 12700]


def test_of_two_offers_the_loser_names_the_winner_and_its_own_saving() -> None:
    told = quote(CART, spend(("100", "10")), spend(("120", "15")))
    assert words(told, "spend-100") == ("not_chosen", "Either this or another offer: this one saves ¥10.00")
    assert step(told, "spend-100").params["other_id"] == "spend-120"


def test_what_is_missing_is_told_without_the_offer_it_would_replace() -> None:
    tea = spend(("200", "30"), id_="tea", scope=category("tea"))
    told = quote(CART, spend(("100", "10"), id_="a"), spend(("200", "30"), id_="b"), tea)
    assert step(told, "b").params == {"amount_fen": 12900, "reach_fen": 20000, "missing_fen": 7100}
    assert step(told, "tea").reason == "pricing.no_goods"


def test_of_equal_offers_the_first_is_used() -> None:
    told = quote(CART, coupon("d", off_fen="5"), coupon("c", off_fen="5"), who=buyer("", "d", "c"))
    assert told.coupon_id == "my-c"


def test_a_higher_priority_takes_the_goods_first() -> None:
    first, later = spend(("100", "10"), priority=2), spend(("120", "15"))
    assert words(quote(CART, first, later), "spend-120")[0] == "not_chosen"
    assert step(quote(CART, first, later), "spend-120").reason == "pricing.outranked"


def test_an_offer_that_makes_the_whole_dearer_is_left() -> None:
    told = quote(CART, spend(("100", "10")), coupon("c", "120", off_fen="30"), who=buyer("", "c"))
    assert words(told, "spend-100") == ("not_chosen", "With this one (¥10.00) the whole would not be cheaper")
    assert told.total_fen == yuan("99")


def test_rules_out_of_place_say_why() -> None:
    early = replace(spend(("100", "10")), from_at=AT + timedelta(seconds=1))
    over = replace(spend(("110", "20")), until_at=AT)
    tea = spend(("120", "30"), scope=category("tea"))
    told = quote(CART, early, over, tea, member("gold", 9000), freight("9"), freight("8", id_="old", priority=-1))
    reasons = {each.rule_id: each.reason for each in told.steps}
    assert reasons["spend-100"] == "pricing.not_yet"
    assert reasons["spend-110"] == "pricing.over"
    assert reasons["spend-120"] == "pricing.no_goods"
    assert reasons["member-gold"] == "pricing.other_level"
    assert reasons["old"] == "pricing.other_tariff"
    assert step(quote(replace(CART, delivery_kind="pickup"), freight("8")), "freight").reason == "pricing.no_charge"


def test_the_coupon_that_ends_first_is_used_up() -> None:
    days = [HeldCoupon(f"in-{day}", "c", AT + timedelta(days=day)) for day in (3, 0, 1)]
    who = CustomerFacts("", (HeldCoupon("endless", "c"), *days))
    told = quote(CART, coupon("c", off_fen="5"), who=who)
    assert told.coupon_id == "in-1"
    assert step(told, "c").params["coupon_id"] == "in-1"


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        (HeldCoupon("mine", "c", until_at=AT), "pricing.coupon_expired"),
        (HeldCoupon("mine", "c", from_at=AT + timedelta(seconds=1)), "pricing.coupon_not_yet"),
        (HeldCoupon("mine", "c", AT + timedelta(seconds=1), AT), "pricing.coupon"),
    ],
)
def test_a_coupon_is_good_from_its_beginning_until_before_its_end(held: HeldCoupon, reason: str) -> None:
    assert step(quote(CART, coupon("c", off_fen="5"), who=CustomerFacts("", (held,))), "c").reason == reason


def test_coupons_of_others_are_not_mentioned() -> None:
    told = quote(CART, coupon("c", off_fen="5"), replace(coupon("d", off_fen="5"), until_at=AT))
    assert [each.rule_id for each in told.steps] == [""]


def test_an_articles_own_member_price_is_explained_too() -> None:
    told = quote(cart(line("gear/cup", "129", 2, level="120")), who=buyer("silver"))
    assert [(each.rule_id, each.fen) for each in told.discounts] == [("level_price", 1800)]
    assert (told.lines[0].unit_fen, told.total_fen) == (12000, 24000)


def test_returned_pieces_add_up_to_the_line() -> None:
    assert [return_share(Fen(8661), 2, 0, 1), return_share(Fen(8661), 2, 1, 1)] == [4330, 4331]
    assert return_share(Fen(8661), 2, 0, 2) == 8661
    with pytest.raises(ValueError, match="more pieces"):
        return_share(Fen(8661), 2, 1, 2)


def test_a_cart_that_no_caller_may_build_is_a_bug() -> None:
    with pytest.raises(ValueError, match="share an id"):
        quote(cart(line("a/b", "1"), line("a/b", "1")))
    with pytest.raises(ValueError, match="no quantity"):
        quote(cart(line("a/b", "1", 0)))


def test_money_and_rates_are_shown_as_people_write_them() -> None:
    params = {"off_fen": 123456, "back_fen": -5, "pay_bp": 9500, "off_bp": 3333, "rule_id": "r"}
    assert [*shown(params).values()] == ["1,234.56", "-0.05", "95", "33.33", "r"]


def test_every_reason_and_code_speaks_chinese_with_the_same_places() -> None:
    with resources.path("i18n/zh_CN/pricing.po").open("rb") as stream:
        catalogue = read_po(stream, locale="zh_CN")
    assert len(TEMPLATES) == len(REASONS) + len(CODES)
    for template in TEMPLATES.values():
        message = catalogue.get(template)
        assert message is not None and message.string, template
        assert places(str(message.string)) == places(template)


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}
