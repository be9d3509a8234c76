"""The price of a cart: ``price(cart, ruleset, at, customer)`` gives the quote that explains itself."""

from collections.abc import Sequence
from datetime import datetime

from app.domain.money import ZERO, Fen
from app.domain.pricing import explain
from app.domain.pricing.account import Account, Source, Told, opening_prices, source_of
from app.domain.pricing.cart import NOBODY, Cart, CustomerFacts, positions_of
from app.domain.pricing.explain import Reason, Stage, Verdict
from app.domain.pricing.offer import Ask, Miss, Offer, Rule, Scene
from app.domain.pricing.quote import Quote
from app.domain.pricing.rounding import total_of
from app.domain.pricing.rules import coupon, freight
from app.domain.pricing.ruleset import KINDS, RuleSet
from app.domain.pricing.selection import Candidate, choose


def price(cart: Cart, ruleset: RuleSet, at: datetime, customer: CustomerFacts = NOBODY) -> Quote:
    """The cheapest price that the rules in force at ``at`` allow; the lines come in the order of the cart."""
    scene = Scene(positions_of(cart.lines), customer, at)
    tariffs = [rule for rule in ruleset.rules if rule.stage is Stage.FREIGHT]
    tariff = _tariff(tariffs, cart, at)

    def freight_of(goods: Fen) -> Fen:
        return ZERO if tariff is None else freight.charge(tariff.config, cart, goods).fen

    opening = [unit * each.qty for unit, each in zip(opening_prices(scene), scene.positions, strict=True)]
    candidates = _candidates(ruleset, scene)
    account = Account(scene)
    account.play(candidates, choose(candidates, scene, opening, freight_of))
    _tell_unknown_coupons(account, ruleset, customer)
    goods = total_of(account.pay)
    for rule in tariffs:
        if rule is tariff:
            charged = freight.charge(rule.config, cart, goods)
            told = Told(Verdict.APPLIED, charged.fen, charged.reason, charged.params)
        else:
            told = Told(Verdict.NOT_APPLICABLE, ZERO, _idle(rule, cart, at), {})
        account.tell(source_of(rule), told)
    return account.quote(cart, freight_of(goods), ruleset.hash)


def _candidates(ruleset: RuleSet, scene: Scene) -> list[Candidate]:
    found = []
    for rule in ruleset.rules:
        ask = KINDS[rule.kind].offer
        if ask is None:
            continue
        closed = _closed(rule, scene.at)
        units = rule.scope.mask(scene.positions) if closed is None else scene.all_units
        found.append(Candidate(rule, ask if closed is None else _asleep(ask, closed), units))
    return found


def _closed(rule: Rule, at: datetime) -> Reason | None:
    """Why a rule is not in force at a moment; its end is the first moment without it."""
    if rule.from_at is not None and at < rule.from_at:
        return explain.NOT_YET
    return explain.OVER if rule.until_at is not None and rule.until_at <= at else None


def _asleep(ask: Ask, reason: Reason) -> Ask:
    """A rule outside its time still says so, unless it has nothing to do with the buyer at all."""

    def answer(rule: Rule, scene: Scene, pay: Sequence[Fen], units: int) -> Offer | Miss | None:
        return None if ask(rule, scene, pay, units) is None else Miss(Verdict.NOT_APPLICABLE, reason)

    return answer


def _tell_unknown_coupons(account: Account, ruleset: RuleSet, customer: CustomerFacts) -> None:
    known = {rule.id for rule in ruleset.rules if rule.stage is Stage.COUPON}
    for kind_id in sorted({held.kind_id for held in customer.coupons} - known):
        account.tell(Source(Stage.COUPON, kind_id, 0), Told(Verdict.REFUSED, ZERO, coupon.UNKNOWN, {}))


def _tariff(tariffs: Sequence[Rule], cart: Cart, at: datetime) -> Rule | None:
    """The freight table for this way of delivery: the first in force, as rules come by priority."""
    fitting = (rule for rule in tariffs if cart.delivery_kind in rule.config.delivery_kinds)
    return next((rule for rule in fitting if _closed(rule, at) is None), None)


def _idle(rule: Rule, cart: Cart, at: datetime) -> Reason:
    if cart.delivery_kind not in rule.config.delivery_kinds:
        return explain.NO_CHARGE
    return _closed(rule, at) or explain.OTHER_TARIFF
