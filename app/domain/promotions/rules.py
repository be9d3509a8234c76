"""The rules in force, and what is known of a buyer, as the pricing engine wants them."""

from app.domain.members.model import Buyer
from app.domain.pricing.cart import NOBODY, CustomerFacts, HeldCoupon
from app.domain.pricing.ruleset import PromotionConfig, RuleSet, ruleset_from
from app.domain.promotions.model import Coupon, CouponState, Promotion, PromotionState
from app.domain.settings import ShopSettings
from app.domain.view import View

SHOP_FREIGHT_ID = "shop_freight"


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
    """The published promotions; the shop's one freight price stands in while no freight table is published."""
    found = published(view)
    if not any(each.kind == "freight" for each in found):
        flat = {"prefix": "", "first_fen": shop.freight_fen}
        found.append(PromotionConfig(SHOP_FREIGHT_ID, 0, "freight", {"regions": [flat]}))
    return ruleset_from(found)


def facts_of(view: View, buyer_id: str) -> CustomerFacts:
    """The buyer's level and unused coupons."""
    buyer = view.get(Buyer, buyer_id)
    if buyer is None:
        return NOBODY
    held = [each for each in view.children(Coupon, buyer_id=buyer_id) if each.state is CouponState.HELD]
    coupons = tuple(HeldCoupon(each.id, each.kind_id, each.until_at) for each in held)
    return CustomerFacts(buyer.level_id, coupons)
