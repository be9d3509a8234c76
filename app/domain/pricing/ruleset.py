"""The shop's promotions as one frozen value; what is ambiguous is refused here, before it is saved."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import combinations
from typing import Any

from app.domain.outcome import RejectCode
from app.domain.pricing import explain
from app.domain.pricing.explain import STAGES, Reason, Stage
from app.domain.pricing.offer import Flaw, Kind, Rule
from app.domain.pricing.rules import coupon, freight, member_price, threshold
from app.domain.pricing.scope import BAD_SCOPE, EVERYTHING, may_overlap
from app.kernel import codec, typed

KINDS: Mapping[str, Kind] = {
    "member_price": member_price.KIND,
    "threshold": threshold.KIND,
    "coupon": coupon.KIND,
    "freight": freight.KIND,
}
# However its groups are named, a piece has one member price and an order one coupon.
ALWAYS_EXCLUSIVE = frozenset({"member_price", "coupon"})

UNKNOWN_KIND = RejectCode("pricing.unknown_kind", "{rule_id}: this program does not know this kind of promotion.")
MALFORMED = RejectCode("pricing.malformed", "{rule_id}: {where} does not fit ({why}).")
DUPLICATE = RejectCode("pricing.duplicate_rule", "{rule_id} stands twice.")
EMPTY_WINDOW = RejectCode("pricing.empty_window", "{rule_id}: the end must lie after the beginning.")
AMBIGUOUS = RejectCode(
    "pricing.ambiguous_order",
    "{rule_id} and {other_id} can meet on the same goods: give them different priorities or one exclusive group.",
)
AGAINST_STAGE = RejectCode(
    "pricing.priority_against_stage",
    "{rule_id} and {other_id} exclude each other, but the one that comes later has the higher priority.",
)
CODES = (
    *(UNKNOWN_KIND, MALFORMED, DUPLICATE, EMPTY_WINDOW, AMBIGUOUS, AGAINST_STAGE, BAD_SCOPE),
    *(member_price.BAD_RATE, member_price.NO_LEVEL, threshold.BAD_TIERS),
    *(coupon.BAD_COUPON, coupon.BAD_CAP, coupon.BAD_REACH),
    *(freight.BAD_FREIGHT, freight.BAD_REGIONS, freight.NO_DELIVERY),
)
REASONS: tuple[Reason, ...] = (*explain.REASONS, *(reason for kind in KINDS.values() for reason in kind.reasons))


@dataclass(frozen=True, slots=True)
class PromotionConfig:
    """A stored promotion: valid from ``from_at`` (included) until ``until_at`` (excluded).

    Of one ``exclusive_group`` at most one promotion takes each piece; "" stands for the group of its kind.
    """

    id: str
    version: int
    kind: str
    config: Mapping[str, Any]
    priority: int = 0
    exclusive_group: str = ""
    from_at: datetime | None = None
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules in the order in which they are tried; ``hash`` is equal exactly for equal promotions."""

    rules: tuple[Rule, ...]
    hash: str


class RulesRefused(ValueError):
    """Promotions that must not have been saved."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__("; ".join(f"{flaw.code.code} {dict(flaw.params)}" for flaw in flaws))
        self.flaws = tuple(flaws)


def ruleset_from(promotions: Sequence[PromotionConfig]) -> RuleSet:
    """The rule set of published promotions; raises RulesRefused for what ``flaws_of`` finds."""
    return _ruleset_of(_Published(promotions))


class _Published:
    """Promotions by their value, though their configurations are mappings: every price asks for the same few."""

    def __init__(self, promotions: Sequence[PromotionConfig]) -> None:
        self.promotions = tuple(promotions)
        self._hash = hash(tuple((each.id, each.version, each.kind, each.priority) for each in self.promotions))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Published) and self.promotions == other.promotions

    def __hash__(self) -> int:
        return self._hash


@lru_cache(maxsize=8)
def _ruleset_of(published: _Published) -> RuleSet:
    promotions = published.promotions
    rules, flaws = _read(promotions)
    flaws += _contradictions(rules)
    if flaws:
        raise RulesRefused(flaws)
    text = codec.canonical(codec.plain(sorted(promotions, key=lambda each: each.id)))
    ordered = sorted(rules, key=lambda rule: (STAGES.index(rule.stage), -rule.priority, rule.id))
    return RuleSet(tuple(ordered), hashlib.sha256(text.encode()).hexdigest())


def flaws_of(promotions: Sequence[PromotionConfig]) -> tuple[Flaw, ...]:
    """Everything that forbids these promotions to be in force together; ask before saving one."""
    rules, flaws = _read(promotions)
    return (*flaws, *_contradictions(rules))


def _read(promotions: Iterable[PromotionConfig]) -> tuple[list[Rule], list[Flaw]]:
    rules: list[Rule] = []
    flaws: list[Flaw] = []
    seen: set[str] = set()
    for promotion in promotions:
        if promotion.id in seen:
            flaws.append(Flaw(DUPLICATE, {"rule_id": promotion.id}))
            continue
        seen.add(promotion.id)
        found = _rule(promotion)
        if isinstance(found, Flaw):
            flaws.append(found)
        else:
            rules.append(found)
    return rules, flaws


def _rule(promotion: PromotionConfig) -> Rule | Flaw:
    name = {"rule_id": promotion.id}
    kind = KINDS.get(promotion.kind)
    if kind is None:
        return Flaw(UNKNOWN_KIND, name)
    if promotion.from_at and promotion.until_at and promotion.until_at <= promotion.from_at:
        return Flaw(EMPTY_WINDOW, name)
    try:
        config = typed.build(kind.config, promotion.config)
    except typed.Malformed as error:
        return Flaw(MALFORMED, name | {"where": error.where, "why": error.why})
    code = kind.validate(config)
    if code is not None:
        return Flaw(code, name)
    return Rule(
        id=promotion.id,
        version=promotion.version,
        kind=promotion.kind,
        stage=kind.stage,
        config=config,
        scope=getattr(config, "scope", EVERYTHING),
        priority=promotion.priority,
        groups=_groups(promotion, kind),
        from_at=promotion.from_at,
        until_at=promotion.until_at,
    )


def _groups(promotion: PromotionConfig, kind: Kind) -> frozenset[str]:
    """Freight is a charge, of which there is one anyway."""
    if kind.offer is None:
        return frozenset()
    own = {promotion.kind} if promotion.kind in ALWAYS_EXCLUSIVE else set()
    return frozenset({promotion.exclusive_group or promotion.kind} | own)


def _contradictions(rules: Sequence[Rule]) -> list[Flaw]:
    flaws = []
    for one, other in combinations(sorted(rules, key=lambda rule: rule.id), 2):
        pair = {"rule_id": one.id, "other_id": other.id}
        if not _meet_in_time(one, other):
            continue
        if _is_order_open(one, other):
            flaws.append(Flaw(AMBIGUOUS, pair))
        if _is_against_stage(one, other):
            flaws.append(Flaw(AGAINST_STAGE, pair))
    return flaws


def _meet_in_time(one: Rule, other: Rule) -> bool:
    begins = max((at for at in (one.from_at, other.from_at) if at is not None), default=None)
    ends = min((at for at in (one.until_at, other.until_at) if at is not None), default=None)
    return begins is None or ends is None or begins < ends


def _is_order_open(one: Rule, other: Rule) -> bool:
    """Two rules of a stage that both could take the same goods, and nothing says which one goes first."""
    if one.stage != other.stage or one.priority != other.priority:
        return False
    if one.stage is Stage.FREIGHT:
        return not set(one.config.delivery_kinds).isdisjoint(other.config.delivery_kinds)
    if one.stage is Stage.MEMBER and one.config.level_id != other.config.level_id:
        return False
    return one.groups.isdisjoint(other.groups) and may_overlap(one.scope, other.scope)


def _is_against_stage(one: Rule, other: Rule) -> bool:
    if one.groups.isdisjoint(other.groups):
        return False
    first, second = sorted((one, other), key=lambda rule: STAGES.index(rule.stage))
    return first.stage != second.stage and second.priority > first.priority
