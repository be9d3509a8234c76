"""Promotions: what is published is unambiguous, versions are kept, and coupons go to buyers who exist."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.command import Command
from app.domain.members.model import Buyer
from app.domain.money import Fen
from app.domain.promotions.commands import (
    GiveCoupon,
    PublishPromotion,
    SaveLevel,
    SetBuyerLevel,
    SetLevelPrice,
    StopPromotion,
)
from app.domain.promotions.model import (
    Coupon,
    CouponState,
    MemberLevel,
    Promotion,
    PromotionState,
    PromotionVersion,
    SkuLevelPrice,
)
from tests.app.domain.deciding import CLERK, MANAGER, NOW, given
from tests.app.domain.rows import shop

TIERS = {"tiers": [{"reach_fen": 10_000, "off_fen": 1_000}]}
PUBLISH = PublishPromotion("full", 0, "满百减十", "threshold", TIERS)
FULL = Promotion("full", 1, "满百减十", "threshold", TIERS, PromotionState.PUBLISHED)
KIND = Promotion("ten", 1, "十元券", "coupon", {"off_fen": 1_000}, PromotionState.PUBLISHED)
GIVE = GiveCoupon("k1", "ten", "buyer", ("AAAA", "BBBB"))
BUYER_ROW = Buyer("buyer")
GOLD = MemberLevel("gold", "金卡")
HELD = Coupon("k1", "ten", "buyer", "AAAA", CouponState.HELD, NOW)


def test_a_published_promotion_is_in_force_and_its_version_is_kept() -> None:
    decided = given(shop()).when(PUBLISH, MANAGER)
    assert decided.put(Promotion) == FULL
    kept = decided.put(PromotionVersion)
    assert (kept.promotion_id, kept.version, kept.config, kept.actor) == ("full", 1, TIERS, "manager")


def test_a_change_is_the_next_version_of_what_the_editor_saw() -> None:
    again = replace(PUBLISH, seen_version=1, name="满百减十二")
    assert given(shop(FULL)).when(again).put(Promotion).version == 2
    given(shop(FULL)).when(PUBLISH).refused("promotion.changed", version=1)


def test_a_stopped_promotion_can_be_published_again() -> None:
    stopped = given(shop(FULL)).when(StopPromotion("full")).put(Promotion)
    assert stopped.state is PromotionState.STOPPED
    assert given(shop(stopped)).when(StopPromotion("full")).changes == ()
    again = given(shop(stopped)).when(replace(PUBLISH, seen_version=1)).put(Promotion)
    assert (again.version, again.state) == (2, PromotionState.PUBLISHED)
    given(shop()).when(StopPromotion("full")).refused("promotion.not_found")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "magic"}, "pricing.unknown_kind"),
        ({"config": {}}, "pricing.malformed"),
        ({"config": {"tiers": []}}, "pricing.bad_tiers"),
        ({"from_at": NOW, "until_at": NOW}, "pricing.empty_window"),
        ({"promotion_id": "other", "exclusive_group": "own"}, "pricing.ambiguous_order"),
        ({"promotion_id": "other", "name": " "}, "promotion.name_unfit"),
        ({"promotion_id": "shop_freight"}, "promotion.name_unfit"),
    ],
)
def test_what_could_not_be_decided_at_the_till_is_refused(changes: dict[str, Any], code: str) -> None:
    seen = 0 if "promotion_id" in changes else 1
    given(shop(FULL)).when(replace(PUBLISH, seen_version=seen, **changes)).refused(code)


def test_there_is_an_end_to_how_many_promotions_hold_at_once() -> None:
    many = [replace(FULL, id=f"p{n}", priority=n) for n in range(100)]
    given(shop(*many)).when(replace(PUBLISH, priority=200)).refused("promotion.too_many", most=100)


def test_only_so_many_discounts_compete_for_the_same_goods() -> None:
    many = [replace(FULL, id=f"p{n}") for n in range(12)]
    given(shop(*many)).when(PUBLISH).refused("promotion.too_many_rivals", most=12)
    given(shop(*many)).when(replace(PUBLISH, exclusive_group="threshold")).refused("promotion.too_many_rivals")
    assert given(shop(*many)).when(replace(PUBLISH, priority=1)).put(Promotion).priority == 1
    over = [replace(each, until_at=NOW) for each in many]
    assert given(shop(*over)).when(PUBLISH).put(Promotion).version == 1
    again = replace(PUBLISH, promotion_id="p0", seen_version=1)
    assert given(shop(*many)).when(again).put(Promotion).version == 2


def test_a_coupon_goes_to_a_buyer_under_the_first_free_code() -> None:
    assert given(shop(KIND, BUYER_ROW)).when(GIVE).put(Coupon) == HELD
    taken = replace(HELD, id="k0")
    assert given(shop(KIND, BUYER_ROW, taken)).when(GIVE).put(Coupon).code == "BBBB"


@pytest.mark.parametrize(
    ("rows", "changes", "code"),
    [
        ([BUYER_ROW], {}, "coupon.no_kind"),
        ([BUYER_ROW, FULL], {"kind_id": "full"}, "coupon.no_kind"),
        ([BUYER_ROW, replace(KIND, state=PromotionState.STOPPED)], {}, "coupon.no_kind"),
        ([KIND], {}, "buyer.not_found"),
        ([KIND, BUYER_ROW, HELD], {}, "coupon.exists"),
        ([KIND, BUYER_ROW], {"until_at": NOW}, "coupon.over"),
        ([KIND, BUYER_ROW], {"code_candidates": ("x",)}, "coupon.no_code"),
    ],
)
def test_a_coupon_that_nobody_could_use_is_not_given(rows: list[Any], changes: dict[str, Any], code: str) -> None:
    given(shop(*rows)).when(replace(GIVE, **changes)).refused(code)


def test_members_have_a_level_and_a_level_has_prices() -> None:
    assert given().when(SaveLevel("gold", "金卡")).put(MemberLevel) == GOLD
    given().when(SaveLevel("gold", "")).refused("promotion.name_unfit")
    member = given(shop(GOLD, BUYER_ROW)).when(SetBuyerLevel("buyer", "gold")).put(Buyer)
    assert member.level_id == "gold"
    assert given(shop(GOLD, member)).when(SetBuyerLevel("buyer", "")).put(Buyer).level_id == ""
    given(shop(GOLD)).when(SetBuyerLevel("buyer", "gold")).refused("buyer.not_found")
    given(shop(BUYER_ROW)).when(SetBuyerLevel("buyer", "gold")).refused("level.not_found")


def test_a_levels_price_is_set_and_taken_away() -> None:
    own = SkuLevelPrice("s1", "gold", Fen(6000))
    assert given(shop(GOLD)).when(SetLevelPrice("s1", "gold", Fen(6000))).put(SkuLevelPrice) == own
    gone = SetLevelPrice("s1", "gold", None)
    assert given(shop(GOLD, own)).when(gone).after.rows(SkuLevelPrice) == ()
    assert given(shop(GOLD)).when(gone).changes == ()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (SetLevelPrice("gone", "gold", Fen(1)), "level.sku_not_found"),
        (SetLevelPrice("s1", "gone", Fen(1)), "level.not_found"),
        (SetLevelPrice("s1", "gold", Fen(0)), "level.bad_price"),
        (SetLevelPrice("s1", "gold", Fen(6801)), "level.bad_price"),
    ],
)
def test_a_levels_price_lies_below_the_list(command: Command, code: str) -> None:
    given(shop(GOLD)).when(command).refused(code)


@pytest.mark.parametrize("command", [PUBLISH, StopPromotion("full"), GIVE])
def test_prices_are_made_by_managers(command: Command) -> None:
    given(shop()).when(command, CLERK).refused("not_allowed", permission="price.edit")


def test_a_coupon_may_end_later() -> None:
    until = NOW + timedelta(days=1)
    assert given(shop(KIND, BUYER_ROW)).when(replace(GIVE, until_at=until)).put(Coupon).until_at == until
