"""A coupon that the buyer holds: an amount or a percentage off, from a threshold on; one per order."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.money import BASIS_POINTS, ZERO, Fen, percent
from app.domain.outcome import RejectCode
from app.domain.pricing import scope
from app.domain.pricing.cart import HeldCoupon
from app.domain.pricing.explain import SAVES_NOTHING, Reason, Stage, Verdict
from app.domain.pricing.offer import Kind, Miss, Offer, Rule, Scene
from app.domain.pricing.rounding import amount_of
from app.domain.pricing.scope import Scope

AMOUNT_OFF = Reason("pricing.coupon", "Coupon: ¥{off_fen} off ¥{amount_fen}")
PERCENT_OFF = Reason("pricing.coupon_percent", "Coupon: {off_bp}% off ¥{amount_fen}")
CAPPED = Reason("pricing.coupon_capped", "Coupon: {off_bp}% off ¥{amount_fen}, at most ¥{cap_fen}")
BELOW = Reason("pricing.coupon_below", "Coupon: ¥{missing_fen} more to reach ¥{reach_fen}")
NOT_VALID_YET = Reason("pricing.coupon_not_yet", "The coupon is not valid yet")
EXPIRED = Reason("pricing.coupon_expired", "The coupon has expired")
UNKNOWN = Reason("pricing.coupon_unknown", "This kind of coupon is not in use")
BAD_COUPON = RejectCode("pricing.bad_coupon", "A coupon takes either an amount or a percentage off.")
BAD_CAP = RejectCode("pricing.bad_coupon_cap", "A limit above 0 belongs to a percentage only.")
BAD_REACH = RejectCode("pricing.bad_coupon_reach", "The amount to reach must not be negative.")


@dataclass(frozen=True, slots=True)
class Coupon:
    """``off_bp`` is what is taken off: 1,000 for 10%; ``cap_fen`` limits it."""

    reach_fen: Fen = ZERO
    off_fen: Fen | None = None
    off_bp: int | None = None
    cap_fen: Fen | None = None
    scope: Scope = scope.EVERYTHING


def validate(config: Coupon) -> RejectCode | None:
    if config.reach_fen < 0:
        return BAD_REACH
    if (config.off_fen is None) == (config.off_bp is None):
        return BAD_COUPON
    if config.off_fen is not None and config.off_fen <= 0:
        return BAD_COUPON
    if config.off_bp is not None and not 0 < config.off_bp <= BASIS_POINTS:
        return BAD_COUPON
    if config.cap_fen is not None and (config.cap_fen <= 0 or config.off_bp is None):
        return BAD_CAP
    return scope.flaw_of(config.scope)


def offer(rule: Rule, scene: Scene, pay: Sequence[Fen], units: int) -> Offer | Miss | None:
    """A coupon worth more than the goods takes the goods to zero and no further; it never pays freight."""
    held = [coupon for coupon in scene.customer.coupons if coupon.kind_id == rule.id]
    if not held:
        return None
    usable = [coupon for coupon in held if _is_usable(coupon, scene)]
    if not usable:
        is_early = any(coupon.until_at is None or scene.at < coupon.until_at for coupon in held)
        return Miss(Verdict.REFUSED, NOT_VALID_YET if is_early else EXPIRED)
    config: Coupon = rule.config
    amount = amount_of(pay, units)
    if amount < config.reach_fen:
        reach = int(config.reach_fen)
        missing = {"amount_fen": int(amount), "reach_fen": reach, "missing_fen": reach - int(amount)}
        return Miss(Verdict.NOT_APPLICABLE, BELOW, missing)
    off, reason, params = _discount(config, amount)
    if not off:
        return Miss(Verdict.NOT_APPLICABLE, SAVES_NOTHING)
    chosen = min(usable, key=_soonest)
    # It consumes the whole cart: that is what makes it one coupon per order.
    return Offer(units, scene.all_units, off, reason, params, None, chosen.coupon_id)


def _is_usable(coupon: HeldCoupon, scene: Scene) -> bool:
    has_begun = coupon.from_at is None or coupon.from_at <= scene.at
    return has_begun and (coupon.until_at is None or scene.at < coupon.until_at)


def _soonest(coupon: HeldCoupon) -> tuple[bool, str, str]:
    """The coupon that would expire first is used first."""
    return coupon.until_at is None, coupon.until_at.isoformat() if coupon.until_at else "", coupon.coupon_id


def _discount(config: Coupon, amount: Fen) -> tuple[Fen, Reason, dict[str, int]]:
    params = {"amount_fen": int(amount), "reach_fen": int(config.reach_fen)}
    if config.off_bp is None:
        off = min(config.off_fen or ZERO, amount)
        return off, AMOUNT_OFF, params | {"off_fen": int(off)}
    off = percent(amount, config.off_bp)
    params |= {"off_bp": config.off_bp}
    if config.cap_fen is not None and off > config.cap_fen:
        return config.cap_fen, CAPPED, params | {"cap_fen": int(config.cap_fen)}
    return off, PERCENT_OFF, params


REASONS = (AMOUNT_OFF, PERCENT_OFF, CAPPED, BELOW, NOT_VALID_YET, EXPIRED, UNKNOWN)
KIND = Kind(Stage.COUPON, Coupon, validate, REASONS, offer)
