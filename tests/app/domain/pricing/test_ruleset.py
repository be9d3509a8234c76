"""What may be saved together, and what is refused before it reaches a till."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.pricing.ruleset import PromotionConfig, RulesRefused, flaws_of, ruleset_from
from tests.app.domain.pricing.shop import AT, coupon, freight, member, products, rule, spend

NEXT_DAY, DAY_AFTER = AT + timedelta(days=1), AT + timedelta(days=2)
FAR = {"prefix": "65", "first_fen": 2500}


def codes(*promotions: PromotionConfig) -> list[str]:
    return [flaw.code.code for flaw in flaws_of(promotions)]


@pytest.mark.parametrize(
    ("kind", "config", "code"),
    [
        ("lottery", {}, "pricing.unknown_kind"),
        ("threshold", {}, "pricing.malformed"),
        ("threshold", {"tiers": [{"reach_fen": "100", "off_fen": 1}]}, "pricing.malformed"),
        ("threshold", {"tiers": []}, "pricing.bad_tiers"),
        ("threshold", {"tiers": [{"reach_fen": 100, "off_fen": 101}]}, "pricing.bad_tiers"),
        ("threshold", {"tiers": [{"reach_fen": 9, "off_fen": 2}, {"reach_fen": 8, "off_fen": 3}]}, "pricing.bad_tiers"),
        ("threshold", {"tiers": [{"reach_fen": 8, "off_fen": 3}, {"reach_fen": 9, "off_fen": 3}]}, "pricing.bad_tiers"),
        ("threshold", {"tiers": [{"reach_fen": 9, "off_fen": 0}]}, "pricing.bad_tiers"),
        ("member_price", {"level_id": "", "pay_bp": 9500}, "pricing.no_level"),
        ("member_price", {"level_id": "gold", "pay_bp": 10000}, "pricing.bad_member_rate"),
        ("member_price", {"level_id": "gold", "pay_bp": 0}, "pricing.bad_member_rate"),
        ("coupon", {}, "pricing.bad_coupon"),
        ("coupon", {"off_fen": 1, "off_bp": 1}, "pricing.bad_coupon"),
        ("coupon", {"off_fen": 0}, "pricing.bad_coupon"),
        ("coupon", {"off_bp": 10001}, "pricing.bad_coupon"),
        ("coupon", {"off_fen": 5, "cap_fen": 5}, "pricing.bad_coupon_cap"),
        ("coupon", {"off_fen": 5, "reach_fen": -1}, "pricing.bad_coupon_reach"),
        ("coupon", {"off_fen": 5, "scope": {"kind": "products"}}, "pricing.bad_scope"),
        ("coupon", {"off_fen": 5, "scope": {"kind": "all", "ids": ["a"]}}, "pricing.bad_scope"),
        ("coupon", {"off_fen": 5, "scope": {"kind": "brands", "ids": ["a"]}}, "pricing.bad_scope"),
        ("freight", {"regions": []}, "pricing.bad_regions"),
        ("freight", {"regions": [FAR]}, "pricing.bad_regions"),
        ("freight", {"regions": [FAR, FAR, FAR | {"prefix": ""}]}, "pricing.bad_regions"),
        ("freight", {"regions": [{"prefix": "", "first_fen": -1}]}, "pricing.bad_freight"),
        ("freight", {"regions": [{"prefix": "", "first_fen": 1, "more_fen": 1}]}, "pricing.bad_freight"),
        ("freight", {"regions": [{"prefix": "", "first_fen": 1}], "delivery_kinds": []}, "pricing.no_delivery_kind"),
    ],
)
def test_a_promotion_that_makes_no_sense_is_refused(kind: str, config: dict[str, Any], code: str) -> None:
    assert codes(rule("r", kind, config)) == [code]
    with pytest.raises(RulesRefused, match=code):
        ruleset_from([rule("r", kind, config)])


def test_an_id_stands_once_and_ends_after_it_begins() -> None:
    assert codes(coupon("c", off_fen="1"), coupon("c", off_fen="2")) == ["pricing.duplicate_rule"]
    assert codes(spend(("9", "1"), from_at=AT, until_at=AT)) == ["pricing.empty_window"]


def test_two_offers_that_could_meet_need_an_order_or_a_group() -> None:
    one, other = spend(("100", "10"), exclusive_group="a"), spend(("200", "30"), exclusive_group="b")
    assert codes(one, other) == ["pricing.ambiguous_order"]
    assert codes(one, replace(other, priority=1)) == []
    assert codes(one, replace(other, exclusive_group="a")) == []
    assert codes(replace(one, exclusive_group=""), replace(other, exclusive_group="")) == []


def test_offers_that_can_never_meet_need_no_order() -> None:
    today = spend(("100", "10"), exclusive_group="a", until_at=NEXT_DAY)
    tomorrow = spend(("200", "30"), exclusive_group="b", from_at=NEXT_DAY, until_at=DAY_AFTER)
    assert codes(today, tomorrow) == []
    assert codes(today, replace(tomorrow, from_at=AT)) == ["pricing.ambiguous_order"]
    tea = spend(("100", "10"), exclusive_group="a", scope=products("tea"))
    nuts = spend(("200", "30"), exclusive_group="b", scope=products("nuts"))
    assert codes(tea, nuts) == []
    assert codes(member("gold", 9000, exclusive_group="a"), member("silver", 9500, exclusive_group="b")) == []


def test_there_is_one_freight_table_for_a_way_of_delivery() -> None:
    assert codes(freight("8"), freight("6", id_="other")) == ["pricing.ambiguous_order"]
    assert codes(freight("8"), freight("6", id_="other", priority=1)) == []


def test_within_a_group_what_comes_first_cannot_rank_last() -> None:
    first, later = spend(("100", "10"), exclusive_group="a"), replace(coupon("c", off_fen="5"), exclusive_group="a")
    assert codes(first, later) == []
    assert codes(first, replace(later, priority=1)) == ["pricing.priority_against_stage"]


def test_the_hash_tells_any_difference_and_nothing_else() -> None:
    promotions = [spend(("100", "10")), coupon("c", off_fen="5")]
    same = ruleset_from(promotions).hash
    assert ruleset_from(promotions[::-1]).hash == same
    assert len(same) == 64
    changed = [replace(promotions[0], version=2), replace(promotions[0], priority=3), spend(("100", "11"))]
    hashes = {ruleset_from([each, promotions[1]]).hash for each in changed}
    assert len(hashes | {same, ruleset_from([]).hash}) == 5
