"""A member level pays a rate of the list price, per piece."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.money import BASIS_POINTS, ZERO, Fen
from app.domain.outcome import RejectCode
from app.domain.pricing import scope
from app.domain.pricing.explain import NO_GOODS, SAVES_NOTHING, Reason, Stage, Verdict
from app.domain.pricing.offer import Kind, Miss, Offer, Rule, Scene
from app.domain.pricing.rounding import total_of, unit_price
from app.domain.pricing.scope import Scope

MEMBER_PRICE = Reason("pricing.member_price", "Members of this level pay {pay_bp}% of the list price")
OTHER_LEVEL = Reason("pricing.other_level", "Is for another member level")
BAD_RATE = RejectCode("pricing.bad_member_rate", "A member pays more than 0% and less than 100% of the list price.")
NO_LEVEL = RejectCode("pricing.no_level", "Choose the member level.")


@dataclass(frozen=True, slots=True)
class MemberPrice:
    """``pay_bp`` is what is paid: 9,500 for 95%."""

    level_id: str
    pay_bp: int
    scope: Scope = scope.EVERYTHING


def validate(config: MemberPrice) -> RejectCode | None:
    if not config.level_id:
        return NO_LEVEL
    if not 0 < config.pay_bp < BASIS_POINTS:
        return BAD_RATE
    return scope.flaw_of(config.scope)


def offer(rule: Rule, scene: Scene, pay: Sequence[Fen], units: int) -> Offer | Miss | None:
    """Articles with a price of their own for this level keep it: the specific price goes before the general rate."""
    config: MemberPrice = rule.config
    if config.level_id != scene.customer.level_id:
        return Miss(Verdict.NOT_APPLICABLE, OTHER_LEVEL)
    cuts = [ZERO] * len(scene.positions)
    taken = 0
    for index, position in enumerate(scene.positions):
        if units >> index & 1 and position.level_fen is None:
            taken |= 1 << index
            cuts[index] = (position.list_fen - unit_price(position.list_fen, config.pay_bp)) * position.qty
    if not taken:
        return Miss(Verdict.NOT_APPLICABLE, NO_GOODS)
    saved = total_of(cuts)
    if not saved:
        return Miss(Verdict.NOT_APPLICABLE, SAVES_NOTHING)
    return Offer(taken, taken, saved, MEMBER_PRICE, {"level_id": config.level_id, "pay_bp": config.pay_bp}, cuts)


KIND = Kind(Stage.MEMBER, MemberPrice, validate, (MEMBER_PRICE, OTHER_LEVEL), offer)
