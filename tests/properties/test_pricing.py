"""What holds for every price, whatever is in the cart and whichever promotions are in force."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.money import Fen
from app.domain.pricing.cart import Cart, CartLine, CustomerFacts
from app.domain.pricing.engine import price
from app.domain.pricing.explain import Stage, Verdict
from app.domain.pricing.quote import Quote
from app.domain.pricing.ruleset import PromotionConfig, ruleset_from
from app.kernel import codec, typed
from tests.properties.pricing_worlds import NOON, World, cheapest_total, soon, splits, worlds

# The same examples in every run, so that a red build means a changed program; a longer search is a matter of the seed.
EXAMPLES = settings(max_examples=120, derandomize=True, database=None)
ANY_PRIORITY = st.sampled_from([0, 0, 1, 7])


def quoted(world: World, at: datetime = NOON) -> Quote:
    return price(world.cart, ruleset_from(world.promotions), at, world.customer)


def amounts(quote: Quote) -> dict[str, tuple[int, int, int]]:
    return {line.line_id: (line.unit_fen, line.discount_fen, line.pay_fen) for line in quote.lines}


@EXAMPLES
@given(worlds(priorities=ANY_PRIORITY))
def test_totals_are_the_sums_of_the_lines_and_every_fen_is_explained(world: World) -> None:
    quote = quoted(world)
    assert quote.goods_fen == sum(line.list_fen * line.qty for line in world.cart.lines)
    assert quote.discount_fen == sum(line.discount_fen for line in quote.lines)
    assert quote.total_fen == quote.goods_fen - quote.discount_fen + quote.freight_fen
    assert quote.total_fen == sum(line.pay_fen for line in quote.lines) + quote.freight_fen
    for line in quote.lines:
        shares = [each.fen for each in quote.discounts if each.line_id == line.line_id]
        assert sum(shares) == line.discount_fen
        assert all(share > 0 for share in shares)


@EXAMPLES
@given(worlds(priorities=ANY_PRIORITY))
def test_every_line_costs_between_nothing_and_its_list_price(world: World) -> None:
    for line in quoted(world).lines:
        assert 0 <= line.pay_fen <= line.list_fen * line.qty
        assert 0 <= line.pay_fen <= line.unit_fen * line.qty <= line.list_fen * line.qty


@EXAMPLES
@given(worlds(priorities=ANY_PRIORITY))
def test_the_steps_tell_of_every_rule_and_run_down_to_the_total(world: World) -> None:
    quote = quoted(world)
    running = int(quote.goods_fen)
    for step in quote.steps:
        running += step.fen if step.stage is Stage.FREIGHT else -step.fen
        assert step.subtotal_fen in (running, running - quote.freight_fen)
        assert (step.fen > 0) <= (step.verdict is Verdict.APPLIED)
        taken = [each.fen for each in quote.discounts if each.rule_id == step.rule_id]
        assert sum(taken) == (0 if step.stage is Stage.FREIGHT else step.fen)
    assert running == quote.total_fen
    told = {step.rule_id for step in quote.steps}
    held = {coupon.kind_id for coupon in world.customer.coupons}
    assert told >= {each.id for each in world.promotions if each.kind != "coupon" or each.id in held}


@EXAMPLES
@given(worlds(priorities=ANY_PRIORITY), st.randoms(use_true_random=False))
def test_neither_the_order_of_lines_nor_of_promotions_matters(world: World, random: Any) -> None:
    lines, promotions = list(world.cart.lines), list(world.promotions)
    random.shuffle(lines)
    random.shuffle(promotions)
    other = World(replace(world.cart, lines=tuple(lines)), tuple(promotions), world.customer)
    one, another = quoted(world), quoted(other)
    assert amounts(one) == amounts(another)
    assert (one.steps, one.total_fen, one.ruleset_hash) == (another.steps, another.total_fen, another.ruleset_hash)


@EXAMPLES
@given(worlds(priorities=ANY_PRIORITY))
def test_the_same_question_gets_the_same_answer(world: World) -> None:
    assert quoted(world) == quoted(world)


@EXAMPLES
@given(worlds(most_rules=4, priorities=ANY_PRIORITY), st.sampled_from(["threshold", "member_price", "coupon"]))
def test_a_rule_that_matches_nothing_changes_nothing(world: World, kind: str) -> None:
    nowhere = {"kind": "products", "ids": ["sold-elsewhere"]}
    config = {
        "threshold": {"tiers": [{"reach_fen": 1, "off_fen": 1}]},
        "member_price": {"level_id": world.customer.level_id or "none", "pay_bp": 1},
        "coupon": {"off_fen": 500},
    }[kind]
    idle = PromotionConfig("idle", 1, kind, config | {"scope": nowhere}, -1, "a group of its own")
    with_it = quoted(world._replace(promotions=(*world.promotions, idle)))
    without = quoted(world)
    assert amounts(with_it) == amounts(without)
    assert with_it.discounts == without.discounts
    assert with_it.total_fen == without.total_fen


@EXAMPLES
@given(worlds())
def test_among_equals_taking_a_discount_away_never_lowers_the_price(world: World) -> None:
    total = quoted(world).total_fen
    for gone in world.promotions:
        if gone.kind != "freight":
            rest = tuple(each for each in world.promotions if each is not gone)
            assert quoted(world._replace(promotions=rest)).total_fen >= total


def test_across_priorities_a_discount_can_stand_in_the_way_of_a_larger_one() -> None:
    def spend(id_: str, off: int, priority: int) -> PromotionConfig:
        tiers = [{"reach_fen": 1000, "off_fen": off}]
        return PromotionConfig(id_, 1, "threshold", {"tiers": tiers}, priority)

    world = World(one_line(1000), (spend("first", 100, 5), spend("later", 300, 0)), CustomerFacts())
    assert quoted(world).total_fen == 900
    assert quoted(world._replace(promotions=world.promotions[1:])).total_fen == 700


@EXAMPLES
@given(worlds(priorities=ANY_PRIORITY))
def test_splitting_a_line_changes_no_total(world: World) -> None:
    whole = quoted(world)
    for cart in splits(world.cart):
        split = quoted(world._replace(cart=cart))
        assert (split.goods_fen, split.discount_fen) == (whole.goods_fen, whole.discount_fen)
        assert (split.freight_fen, split.total_fen) == (whole.freight_fen, whole.total_fen)
        assert [step.fen for step in split.steps] == [step.fen for step in whole.steps]


@EXAMPLES
@given(worlds(), st.integers(-3, 3), st.integers(1, 3), st.integers(-4, 7))
def test_a_promotion_holds_from_its_beginning_until_before_its_end(
    world: World, since: int, lasts: int, at: int
) -> None:
    timed = tuple(replace(each, from_at=soon(since), until_at=soon(since + lasts)) for each in world.promotions)
    during = quoted(world._replace(promotions=timed), soon(at))
    expected = quoted(world if since <= at < since + lasts else world._replace(promotions=()), soon(at))
    assert amounts(during) == amounts(expected)
    assert during.total_fen == expected.total_fen


@settings(EXAMPLES, max_examples=400)
@given(worlds(most_lines=4, priorities=ANY_PRIORITY))
def test_small_carts_cost_what_trying_every_combination_finds(world: World) -> None:
    assert quoted(world).total_fen == cheapest_total(world)


@EXAMPLES
@given(worlds(priorities=ANY_PRIORITY))
def test_in_a_group_a_piece_is_discounted_once(world: World) -> None:
    groups = {each.id: each.exclusive_group or each.kind for each in world.promotions}
    sku = {line.line_id: line.sku_id for line in world.cart.lines}
    rows = {(sku[each.line_id], each.rule_id) for each in quoted(world).discounts if each.rule_id in groups}
    taken = [(article, groups[rule_id]) for article, rule_id in sorted(rows)]
    assert len(taken) == len(set(taken))
    kinds = {each.id: each.kind for each in world.promotions}
    assert len({rule_id for _, rule_id in rows if kinds[rule_id] == "coupon"}) <= 1


@EXAMPLES
@given(worlds(priorities=ANY_PRIORITY))
def test_a_quote_survives_the_wire(world: World) -> None:
    quote = quoted(world)
    assert typed.build(Quote, codec.parse(codec.canonical(codec.plain(quote)))) == quote


def one_line(fen: int, qty: int = 1) -> Cart:
    return Cart((CartLine("line", "sku", "product", "category", Fen(fen), qty),), "express")


def test_one_more_piece_may_lower_the_total_and_that_is_wanted() -> None:
    """Not a property: spending 100 saves 20, so 105 costs less than 99."""
    spend = PromotionConfig("spend", 1, "threshold", {"tiers": [{"reach_fen": 10000, "off_fen": 2000}]})
    nearly = World(one_line(3300, 3), (spend,), CustomerFacts())
    more = World(one_line(3300, 4), (spend,), CustomerFacts())
    assert (quoted(nearly).total_fen, quoted(more).total_fen) == (9900, 11200)
    cheap = CartLine("more", "sku-2", "product", "category", Fen(600), 1)
    added = replace(nearly.cart, lines=(*nearly.cart.lines, cheap))
    assert quoted(nearly._replace(cart=added)).total_fen == 8500 < quoted(nearly).total_fen
