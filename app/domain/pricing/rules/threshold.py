"""Threshold discount: who spends so much on these goods saves so much, in steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.domain.money import Fen
from app.domain.outcome import RejectCode
from app.domain.pricing import scope
from app.domain.pricing.explain import Reason, Stage, Verdict
from app.domain.pricing.offer import Kind, Miss, Offer, Rule, Scene
from app.domain.pricing.rounding import amount_of
from app.domain.pricing.scope import Scope

REACHED = Reason("pricing.threshold", "¥{amount_fen} reach ¥{reach_fen}: ¥{off_fen} off")
BELOW = Reason("pricing.threshold_below", "¥{missing_fen} more to reach ¥{reach_fen}")
BAD_TIERS = RejectCode(
    "pricing.bad_tiers", "Each step must ask for more and give more, and never give more than it asks for."
)


@dataclass(frozen=True, slots=True)
class Tier:
    reach_fen: Fen
    off_fen: Fen


@dataclass(frozen=True, slots=True)
class Threshold:
    """Steps from the lowest to the highest; the highest that is reached counts."""

    tiers: tuple[Tier, ...]
    scope: Scope = scope.EVERYTHING


def validate(config: Threshold) -> RejectCode | None:
    tiers = config.tiers
    fits = bool(tiers) and all(0 < tier.off_fen <= tier.reach_fen for tier in tiers)
    grows = all(a.reach_fen < b.reach_fen and a.off_fen < b.off_fen for a, b in pairwise(tiers))
    return scope.flaw_of(config.scope) if fits and grows else BAD_TIERS


def offer(rule: Rule, scene: Scene, pay: Sequence[Fen], units: int) -> Offer | Miss | None:
    config: Threshold = rule.config
    amount = int(amount_of(pay, units))
    reached = None
    for tier in config.tiers:
        if amount < tier.reach_fen:
            break
        reached = tier
    if reached is None:
        lowest = int(config.tiers[0].reach_fen)
        missing = {"amount_fen": amount, "reach_fen": lowest, "missing_fen": lowest - amount}
        return Miss(Verdict.NOT_APPLICABLE, BELOW, missing)
    params = {"amount_fen": amount, "reach_fen": int(reached.reach_fen), "off_fen": int(reached.off_fen)}
    return Offer(units, units, reached.off_fen, REACHED, params)


KIND = Kind(Stage.THRESHOLD, Threshold, validate, (REACHED, BELOW), offer)
