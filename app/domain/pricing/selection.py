"""Which rules are used together: the one place that chooses.

Rules are tried in the order of their stages, then of their priority. Where a rule has something to offer, both using
and leaving it are weighed, and the cheapest whole wins; of equally cheap ones the one that uses the earlier rules.

* A rule never sees pieces that a rule of higher priority in one of its groups could take, used or not.
* Rules of equal priority in a group compete whole: of two that share a piece only one is used.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from app.domain.money import Fen
from app.domain.pricing.explain import NO_GOODS, OUTRANKED, Verdict
from app.domain.pricing.offer import Ask, Miss, Offer, Rule, Scene
from app.domain.pricing.rounding import spread, total_of

FreightOf = Callable[[Fen], Fen]


class Candidate(NamedTuple):
    """A rule that is in force, with the function that asks it and the positions it is about."""

    rule: Rule
    ask: Ask
    units: int


class Claim(NamedTuple):
    """Pieces that a rule has taken, or could have taken."""

    rule: Rule
    units: int
    is_used: bool


class Turn(NamedTuple):
    """What a candidate answered when it was its turn; ``is_open`` says that it could be used."""

    found: Offer | Miss | None
    is_open: bool


Claims = tuple[Claim, ...]
Chosen = frozenset[str]


def take_turn(candidate: Candidate, scene: Scene, pay: Sequence[Fen], claims: Claims) -> Turn:
    """What a rule can do here, after what others of its groups have claimed."""
    rule, higher, equal = candidate.rule, 0, 0
    for claim in claims:
        if claim.rule.groups.isdisjoint(rule.groups):
            continue
        if claim.rule.priority > rule.priority:
            higher |= claim.units
        elif claim.is_used:
            equal |= claim.units
    units = candidate.units & ~higher
    found = candidate.ask(rule, scene, pay, units)
    if found is not None and not units:
        is_theirs = bool(candidate.units)
        found = Miss(Verdict.NOT_CHOSEN, OUTRANKED) if is_theirs else Miss(Verdict.NOT_APPLICABLE, NO_GOODS)
    return Turn(found, isinstance(found, Offer) and not found.consumed & (higher | equal))


def after(pay: Sequence[Fen], offer: Offer) -> list[Fen]:
    """What is left to pay by position once an offer is used."""
    return [left - cut for left, cut in zip(pay, cuts_of(pay, offer), strict=True)]


def cuts_of(pay: Sequence[Fen], offer: Offer) -> Sequence[Fen]:
    return spread(offer.fen, pay, offer.units) if offer.cuts is None else offer.cuts


def choose(candidates: Sequence[Candidate], scene: Scene, pay: Sequence[Fen], freight_of: FreightOf) -> Chosen:
    """The ids of the rules whose use together makes the order cheapest."""
    # No offer grows while others take from the cart, so what offers nothing now never will.
    hopeful, offers = [], []
    for each in candidates:
        found = each.ask(each.rule, scene, pay, each.units)
        if isinstance(found, Offer):
            hopeful.append(each)
            offers.append((each.rule, found))
    if not hopeful:
        return frozenset()
    search = _Search(hopeful, scene, freight_of)
    search.floor = search.lowest(pay, offers)
    search.walk(0, pay, (), ())
    return frozenset(search.best)


class _Search:
    """Depth first with a bound: leaving a rule is followed only where it could still lead to something cheaper.

    ``floor`` is a total that nothing can undercut: a combination that reaches it ends the search.
    """

    def __init__(self, candidates: Sequence[Candidate], scene: Scene, freight_of: FreightOf) -> None:
        self.best: tuple[str, ...] = ()
        self.floor = 0
        self._least: Fen | None = None
        self._candidates = candidates
        self._scene = scene
        self._freight_of = freight_of

    def walk(self, turn: int, pay: Sequence[Fen], claims: Claims, used: tuple[str, ...]) -> None:
        if turn == len(self._candidates):
            goods = total_of(pay)
            total = goods + self._freight_of(goods)
            if self._least is None or total < self._least:
                self._least, self.best = total, used
            return
        candidate = self._candidates[turn]
        found, is_open = take_turn(candidate, self._scene, pay, claims)
        if not is_open or not isinstance(found, Offer):
            self.walk(turn + 1, pay, claims, used)
            return
        claim = Claim(candidate.rule, found.consumed, True)
        is_last = turn + 1 == len(self._candidates)
        left = [total_of(pay) - found.fen] if is_last else after(pay, found)  # nobody asks any more who bears what
        self.walk(turn + 1, left, (*claims, claim), (*used, candidate.rule.id))
        if self._is_hopeless(turn + 1, pay):
            return
        self.walk(turn + 1, pay, (*claims, Claim(candidate.rule, found.consumed, False)), used)

    def lowest(self, pay: Sequence[Fen], offers: Iterable[tuple[Rule, Offer]]) -> int:
        """A total that these offers can never undercut from here, as none of them will be larger later."""
        goods = total_of(pay)
        whole_carts: dict[str, int] = {}
        lowest = int(goods + self._freight_of(goods))
        for rule, offer in offers:
            if offer.consumed == self._scene.all_units:  # of these a group yields one at most
                group = rule.kind if rule.kind in rule.groups else min(rule.groups)
                whole_carts[group] = max(whole_carts.get(group, 0), int(offer.fen))
            else:
                lowest -= int(offer.fen)
        return lowest - sum(whole_carts.values())

    def _is_hopeless(self, turn: int, pay: Sequence[Fen]) -> bool:
        """Whether even all remaining offers together would not be cheaper than what is found already."""
        if self._least is None:
            return False
        if self._least <= self.floor:
            return True
        asked = ((each.rule, each.ask(each.rule, self._scene, pay, each.units)) for each in self._candidates[turn:])
        offers = [(rule, found) for rule, found in asked if isinstance(found, Offer)]
        return self.lowest(pay, offers) >= self._least
