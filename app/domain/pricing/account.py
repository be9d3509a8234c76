"""Plays chosen rules on a cart and writes down what each did, by step and by line of the cart."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from app.domain.money import ZERO, Fen, allocate
from app.domain.pricing import explain
from app.domain.pricing.cart import Cart, Position
from app.domain.pricing.explain import LineDiscount, Reason, Stage, Step, Verdict
from app.domain.pricing.offer import Miss, Offer, Rule, Scene
from app.domain.pricing.quote import Quote, QuoteLine
from app.domain.pricing.rounding import total_of
from app.domain.pricing.selection import Candidate, Chosen, Claim, cuts_of, take_turn

LEVEL_PRICE_ID = "level_price"


class Source(NamedTuple):
    """Who did something to the price: a rule, or the catalogue itself."""

    stage: Stage
    rule_id: str
    version: int


class Told(NamedTuple):
    """What came of it."""

    verdict: Verdict
    fen: Fen
    reason: Reason
    params: Mapping[str, Any]


def opening_prices(scene: Scene) -> list[Fen]:
    """The price of one piece by position before any rule: the list price, or the level's own if that is lower."""
    has_level = bool(scene.customer.level_id)
    return [
        min(each.list_fen, each.level_fen) if has_level and each.level_fen is not None else each.list_fen
        for each in scene.positions
    ]


def source_of(rule: Rule) -> Source:
    return Source(rule.stage, rule.id, rule.version)


def _left_out(rule: Rule, offer: Offer, winners: Sequence[Candidate]) -> Told:
    """Why a rule that had something to offer was not used."""
    for winner in winners:
        if not winner.rule.groups.isdisjoint(rule.groups) and winner.units & offer.consumed:
            params = {"saving_fen": int(offer.fen), "other_id": winner.rule.id}
            return Told(Verdict.NOT_CHOSEN, ZERO, explain.EITHER_OR, params)
    return Told(Verdict.NOT_CHOSEN, ZERO, explain.CHEAPER_WITHOUT, {"saving_fen": int(offer.fen)})


class Account:
    """``pay`` is what is left to pay by position."""

    def __init__(self, scene: Scene) -> None:
        positions = scene.positions
        self.pay = [position.list_fen * position.qty for position in positions]
        self._scene = scene
        self._units = opening_prices(scene)
        self._line_pay = {line.line_id: line.list_fen * line.qty for each in positions for line in each.lines}
        self._discounts: list[LineDiscount] = []
        self._steps: list[Step] = []
        self._used: list[tuple[Rule, Sequence[Fen]]] = []
        self._coupon_id = ""
        self.tell(Source(Stage.LIST, "", 0), Told(Verdict.APPLIED, ZERO, explain.LIST_PRICE, {}))
        self._use_level_prices()

    def tell(self, source: Source, told: Told) -> None:
        """One step more, with the sum after it."""
        subtotal = total_of(self.pay)
        if source.stage is Stage.FREIGHT:
            subtotal += told.fen
        self._steps.append(Step(*source, told.verdict, told.fen, subtotal, told.reason.key, told.params))

    def play(self, candidates: Sequence[Candidate], chosen: Chosen) -> None:
        """Every candidate in turn, using those that were chosen."""
        claims: tuple[Claim, ...] = ()
        for candidate in candidates:
            rule = candidate.rule
            found, is_open = take_turn(candidate, self._scene, self.pay, claims)
            if isinstance(found, Miss):
                found = self._as_if_alone(candidate, found)
            if isinstance(found, Miss):
                self.tell(source_of(rule), Told(found.verdict, ZERO, found.reason, found.params))
            elif found is not None:
                if is_open:
                    claims = (*claims, Claim(rule, found.consumed, rule.id in chosen))
                if rule.id in chosen:
                    self._use(rule, found)
                else:
                    winners = [each for each in candidates if each.rule.id in chosen]
                    self.tell(source_of(rule), _left_out(rule, found, winners))

    def _as_if_alone(self, candidate: Candidate, miss: Miss) -> Offer | Miss:
        """What a rule lacks is told without the offers that it would replace: they would not count against it."""
        rivals = [cuts for rule, cuts in self._used if not rule.groups.isdisjoint(candidate.rule.groups)]
        if not rivals or not candidate.units or miss.verdict is not Verdict.NOT_APPLICABLE:
            return miss
        pay = [sum(column, start=left) for left, *column in zip(self.pay, *rivals, strict=True)]
        return candidate.ask(candidate.rule, self._scene, pay, candidate.units) or miss

    def quote(self, cart: Cart, freight_fen: Fen, ruleset_hash: str) -> Quote:
        units = {
            line.line_id: unit
            for unit, each in zip(self._units, self._scene.positions, strict=True)
            for line in each.lines
        }
        lines = []
        for line in cart.lines:
            pay = self._line_pay[line.line_id]
            off = line.list_fen * line.qty - pay
            lines.append(QuoteLine(line.line_id, line.sku_id, line.qty, line.list_fen, units[line.line_id], off, pay))
        goods = total_of([line.list_fen * line.qty for line in lines])
        discount = total_of([line.discount_fen for line in lines])
        return Quote(
            lines=tuple(lines),
            goods_fen=goods,
            discount_fen=discount,
            freight_fen=freight_fen,
            total_fen=goods - discount + freight_fen,
            ruleset_hash=ruleset_hash,
            discounts=tuple(self._discounts),
            steps=tuple(self._steps),
            coupon_id=self._coupon_id,
        )

    def _use_level_prices(self) -> None:
        positions = self._scene.positions
        cuts = [(each.list_fen - unit) * each.qty for each, unit in zip(positions, self._units, strict=True)]
        saved = total_of(cuts)
        if saved:
            source = Source(Stage.MEMBER, LEVEL_PRICE_ID, 0)
            told = Told(Verdict.APPLIED, saved, explain.LEVEL_PRICE, {"level_id": self._scene.customer.level_id})
            self._take(cuts, source, told)

    def _use(self, rule: Rule, offer: Offer) -> None:
        cuts = cuts_of(self.pay, offer)
        self._used.append((rule, cuts))
        params = dict(offer.params)
        if offer.coupon_id:
            self._coupon_id = params["coupon_id"] = offer.coupon_id
        self._take(cuts, source_of(rule), Told(Verdict.APPLIED, offer.fen, offer.reason, params))
        if rule.stage is Stage.MEMBER:
            for index, position in enumerate(self._scene.positions):
                self._units[index] = Fen(divmod(int(self.pay[index]), position.qty)[0])

    def _take(self, cuts: Sequence[Fen], source: Source, told: Told) -> None:
        for index, (cut, position) in enumerate(zip(cuts, self._scene.positions, strict=True)):
            if not cut:
                continue
            self.pay[index] -= cut
            for line, share in zip(position.lines, self._shares(cut, position), strict=True):
                if share:
                    self._line_pay[line.line_id] -= share
                    row = (line.line_id, source.rule_id, source.version, share, told.reason.key, told.params)
                    self._discounts.append(LineDiscount(*row))
        self.tell(source, told)

    def _shares(self, cut: Fen, position: Position) -> Sequence[Fen]:
        """By what is left of each line, so that the spare fen of several rules never exceed one of them."""
        if len(position.lines) == 1:
            return (cut,)
        return allocate(cut, [self._line_pay[line.line_id] for line in position.lines])
