"""Decisions about prices: what is ambiguous is refused here, before any buyer meets it."""

from dataclasses import replace

from app.domain.catalog.model import Sku
from app.domain.command import Context
from app.domain.members.model import Buyer
from app.domain.outcome import Accepted, Decision, Put, RejectCode, Rejected, Remove
from app.domain.pricing import ruleset
from app.domain.pricing.ruleset import flaws_of
from app.domain.promotions import commands
from app.domain.promotions.model import (
    Coupon,
    CouponState,
    MemberLevel,
    Promotion,
    PromotionState,
    PromotionVersion,
    SkuLevelPrice,
)
from app.domain.promotions.rules import LOCAL_FREIGHT_ID, SHOP_FREIGHT_ID, config_of, published
from app.domain.view import View

MAX_PUBLISHED = 100
MAX_RIVALS = 12
"""Every combination of offers that compete for the same goods is tried for every price, and each one doubles them."""
NOT_FOUND = RejectCode("promotion.not_found", "This promotion does not exist.")
CHANGED = RejectCode("promotion.changed", "Somebody else has published version {version} meanwhile.")
NAME_UNFIT = RejectCode("promotion.name_unfit", "A name has between 1 and 60 signs.")
TOO_MANY = RejectCode("promotion.too_many", "At most {most} promotions can be in force at once.")
TOO_MANY_RIVALS = RejectCode(
    "promotion.too_many_rivals",
    "At most {most} discounts of one group and priority can compete; give this one another priority.",
)
NO_COUPON_KIND = RejectCode("coupon.no_kind", "This kind of coupon is not in force.")
COUPON_EXISTS = RejectCode("coupon.exists", "This coupon was given already.")
NO_CODE = RejectCode("coupon.no_code", "No free coupon code was offered; please try again.")
COUPON_OVER = RejectCode("coupon.over", "A coupon must end in the future.")
BUYER_NOT_FOUND = RejectCode("buyer.not_found", "This customer does not exist.")
LEVEL_NOT_FOUND = RejectCode("level.not_found", "This member level does not exist.")
SKU_NOT_FOUND = RejectCode("level.sku_not_found", "This article does not exist.")
BAD_PRICE = RejectCode("level.bad_price", "A price lies above 0 and not above the list price.")
CODES = (
    *(NOT_FOUND, CHANGED, NAME_UNFIT, TOO_MANY, TOO_MANY_RIVALS, NO_COUPON_KIND, COUPON_EXISTS, NO_CODE, COUPON_OVER),
    *(BUYER_NOT_FOUND, LEVEL_NOT_FOUND, SKU_NOT_FOUND, BAD_PRICE),
    *ruleset.CODES,
)


def publish_promotion(command: commands.PublishPromotion, view: View, context: Context) -> Decision:
    known = view.get(Promotion, command.promotion_id)
    version = known.version if known is not None else 0
    if version != command.seen_version:
        return Rejected(CHANGED, {"version": version})
    if not 1 <= len(command.name.strip()) <= 60 or command.promotion_id in ("", SHOP_FREIGHT_ID, LOCAL_FREIGHT_ID):
        return Rejected(NAME_UNFIT)
    promotion = Promotion(
        id=command.promotion_id,
        version=version + 1,
        name=command.name.strip(),
        kind=command.kind,
        config=command.config,
        state=PromotionState.PUBLISHED,
        priority=command.priority,
        exclusive_group=command.exclusive_group,
        from_at=command.from_at,
        until_at=command.until_at,
    )
    others = [each for each in published(view) if each.id != promotion.id]
    if len(others) >= MAX_PUBLISHED:
        return Rejected(TOO_MANY, {"most": MAX_PUBLISHED})
    if _rivals(promotion, view, context) >= MAX_RIVALS:
        return Rejected(TOO_MANY_RIVALS, {"most": MAX_RIVALS})
    flaws = flaws_of([*others, config_of(promotion)])
    if flaws:
        return Rejected(flaws[0].code, flaws[0].params)
    return Accepted((Put(promotion), Put(_version_of(promotion, context))))


def _rivals(promotion: Promotion, view: View, context: Context) -> int:
    """How many others could take the same goods without anything saying who goes first."""
    if promotion.kind != "threshold":
        return 0
    turn = _turn_of(promotion)
    others = view.children(Promotion, state=PromotionState.PUBLISHED)
    return sum(
        each.id != promotion.id and _turn_of(each) == turn and (each.until_at is None or each.until_at > context.now)
        for each in others
    )


def _turn_of(promotion: Promotion) -> tuple[str, str, int]:
    return promotion.kind, promotion.exclusive_group or promotion.kind, promotion.priority


def _version_of(promotion: Promotion, context: Context) -> PromotionVersion:
    return PromotionVersion(
        id=context.new_id("version"),
        promotion_id=promotion.id,
        version=promotion.version,
        name=promotion.name,
        kind=promotion.kind,
        config=promotion.config,
        priority=promotion.priority,
        exclusive_group=promotion.exclusive_group,
        from_at=promotion.from_at,
        until_at=promotion.until_at,
        actor=context.actor.id,
        published_at=context.at,
    )


def stop_promotion(command: commands.StopPromotion, view: View, context: Context) -> Decision:
    promotion = view.get(Promotion, command.promotion_id)
    if promotion is None:
        return Rejected(NOT_FOUND)
    if promotion.state is PromotionState.STOPPED:
        return Accepted()
    return Accepted((Put(replace(promotion, state=PromotionState.STOPPED)),))


def give_coupon(command: commands.GiveCoupon, view: View, context: Context) -> Decision:
    kind = view.get(Promotion, command.kind_id)
    if kind is None or kind.kind != "coupon" or kind.state is not PromotionState.PUBLISHED:
        return Rejected(NO_COUPON_KIND)
    if view.get(Buyer, command.buyer_id) is None:
        return Rejected(BUYER_NOT_FOUND)
    if view.get(Coupon, command.coupon_id) is not None:
        return Rejected(COUPON_EXISTS)
    if command.until_at is not None and command.until_at <= context.now:
        return Rejected(COUPON_OVER)
    free = (code for code in command.code_candidates if 4 <= len(code) <= 32 and not view.children(Coupon, code=code))
    code = next(free, None)
    if code is None:
        return Rejected(NO_CODE)
    coupon = Coupon(
        id=command.coupon_id,
        kind_id=kind.id,
        buyer_id=command.buyer_id,
        code=code,
        state=CouponState.HELD,
        given_at=context.at,
        until_at=command.until_at,
    )
    return Accepted((Put(coupon),))


def save_level(command: commands.SaveLevel, view: View, context: Context) -> Decision:
    if not 1 <= len(command.name.strip()) <= 60 or not command.level_id:
        return Rejected(NAME_UNFIT)
    return Accepted((Put(MemberLevel(command.level_id, command.name.strip(), command.sort)),))


def set_buyer_level(command: commands.SetBuyerLevel, view: View, context: Context) -> Decision:
    buyer = view.get(Buyer, command.buyer_id)
    if buyer is None:
        return Rejected(BUYER_NOT_FOUND)
    if command.level_id and view.get(MemberLevel, command.level_id) is None:
        return Rejected(LEVEL_NOT_FOUND)
    return Accepted((Put(replace(buyer, level_id=command.level_id)),))


def set_level_price(command: commands.SetLevelPrice, view: View, context: Context) -> Decision:
    sku = view.get(Sku, command.sku_id)
    if sku is None:
        return Rejected(SKU_NOT_FOUND)
    if view.get(MemberLevel, command.level_id) is None:
        return Rejected(LEVEL_NOT_FOUND)
    if command.price_fen is None:
        known = view.get(SkuLevelPrice, command.sku_id, command.level_id)
        return Accepted() if known is None else Accepted((Remove(SkuLevelPrice, (command.sku_id, command.level_id)),))
    if not 0 < command.price_fen <= sku.list_fen:
        return Rejected(BAD_PRICE)
    return Accepted((Put(SkuLevelPrice(command.sku_id, command.level_id, command.price_fen)),))


HANDLERS = (
    (commands.PublishPromotion, publish_promotion),
    (commands.StopPromotion, stop_promotion),
    (commands.GiveCoupon, give_coupon),
    (commands.SaveLevel, save_level),
    (commands.SetBuyerLevel, set_buyer_level),
    (commands.SetLevelPrice, set_level_price),
)
