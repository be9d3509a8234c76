"""The rules in force, and what is known of a buyer, as the pricing engine wants them."""

from typing import Any

from app.domain.delivery.model import DeliveryArea
from app.domain.delivery.rules import open_areas
from app.domain.members.model import Buyer
from app.domain.pricing.cart import NOBODY, CustomerFacts, HeldCoupon
from app.domain.pricing.ruleset import PromotionConfig, RuleSet, ruleset_from
from app.domain.promotions.model import Coupon, CouponState, Promotion, PromotionState
from app.domain.settings import ShopSettings
from app.domain.view import View

SHOP_FREIGHT_ID = "shop_freight"
LOCAL_FREIGHT_ID = "local_freight"
_EXPRESS = "express"
_LOCAL = "local"


def config_of(promotion: Promotion) -> PromotionConfig:
    return PromotionConfig(
        id=promotion.id,
        version=promotion.version,
        kind=promotion.kind,
        config=promotion.config,
        priority=promotion.priority,
        exclusive_group=promotion.exclusive_group,
        from_at=promotion.from_at,
        until_at=promotion.until_at,
    )


def published(view: View) -> list[PromotionConfig]:
    return [config_of(each) for each in view.children(Promotion, state=PromotionState.PUBLISHED)]


def rules_in_force(view: View, shop: ShopSettings) -> RuleSet:
    """The published promotions; the shop's own prices stand in where no freight table is published.

    That is one price for carriers, and the areas' fees for the shop's couriers. Who collects pays none.
    """
    found = published(view)
    priced = {
        kind for each in found if each.kind == "freight" for kind in each.config.get("delivery_kinds", (_EXPRESS,))
    }
    if _EXPRESS not in priced:
        flat = {"prefix": "", "first_fen": int(shop.freight_fen)}
        found.append(PromotionConfig(SHOP_FREIGHT_ID, 0, "freight", {"regions": [flat]}))
    areas = open_areas(view)
    if areas and _LOCAL not in priced:
        found.append(PromotionConfig(LOCAL_FREIGHT_ID, 0, "freight", _fees(areas)))
    return ruleset_from(found)


def _fees(areas: list[DeliveryArea]) -> dict[str, Any]:
    """As a freight table; while nobody knows where to, it is the dearest fee."""
    dearest = max(areas, key=lambda area: area.fee_fen)
    regions = [_fee("", dearest), *(_fee(prefix, area) for area in areas for prefix in area.regions)]
    return {"delivery_kinds": [_LOCAL], "regions": regions}


def _fee(prefix: str, area: DeliveryArea) -> dict[str, Any]:
    free_from = None if area.free_from_fen is None else int(area.free_from_fen)
    return {"prefix": prefix, "first_fen": int(area.fee_fen), "free_from_fen": free_from}


def facts_of(view: View, buyer_id: str) -> CustomerFacts:
    """The buyer's level and unused coupons."""
    buyer = view.get(Buyer, buyer_id)
    if buyer is None:
        return NOBODY
    held = [each for each in view.children(Coupon, buyer_id=buyer_id) if each.state is CouponState.HELD]
    coupons = tuple(HeldCoupon(each.id, each.kind_id, each.until_at) for each in held)
    return CustomerFacts(buyer.level_id, coupons)
