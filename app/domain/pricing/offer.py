"""What a rule is asked and what it may answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from app.domain.money import Fen
from app.domain.outcome import RejectCode
from app.domain.pricing.cart import CustomerFacts, Position
from app.domain.pricing.explain import Reason, Stage, Verdict
from app.domain.pricing.scope import Scope


class Scene(NamedTuple):
    """What stays the same while one cart is priced; bit ``i`` of a mask of units means position ``i``."""

    positions: tuple[Position, ...]
    customer: CustomerFacts
    at: datetime

    @property
    def all_units(self) -> int:
        return (1 << len(self.positions)) - 1


class Offer(NamedTuple):
    """What a rule would take off: ``fen`` in all, by position in ``cuts`` or, without them, shared by what is left.

    ``units`` benefit; ``consumed`` units are no longer there for others of the same exclusive group.
    """

    units: int
    consumed: int
    fen: Fen
    reason: Reason
    params: Mapping[str, Any]
    cuts: Sequence[Fen] | None = None
    coupon_id: str = ""


class Miss(NamedTuple):
    """Why a rule takes nothing off, and what is missing."""

    verdict: Verdict
    reason: Reason
    params: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    """A stored promotion, ready to be asked; ``groups`` are those in which it excludes others."""

    id: str
    version: int
    kind: str
    stage: Stage
    config: Any
    scope: Scope
    priority: int
    groups: frozenset[str]
    from_at: datetime | None
    until_at: datetime | None


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why promotions may not be saved as they are."""

    code: RejectCode
    params: Mapping[str, Any]


# Answers None when the rule has nothing to do with this buyer, so that it is not even mentioned. The discount must
# never grow when less is left to pay or fewer units are open: the search for the best price relies on it.
Ask = Callable[[Rule, Scene, Sequence[Fen], int], Offer | Miss | None]


class Kind(NamedTuple):
    """A module of ``rules`` as the rule set sees it."""

    stage: Stage
    config: type[Any]
    validate: Callable[[Any], RejectCode | None]
    reasons: tuple[Reason, ...]
    offer: Ask | None = None
