"""Small carts and promotions for the pricing properties, and a slow, plain second opinion of the cheapest price."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any, NamedTuple

from hypothesis import strategies as st

from app.domain.money import Fen, allocate, percent
from app.domain.pricing.cart import Cart, CartLine, CustomerFacts, HeldCoupon
from app.domain.pricing.explain import STAGES
from app.domain.pricing.ruleset import PromotionConfig, flaws_of

NOON = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
LEVELS = ("", "silver", "gold")
CATEGORIES = ("tea", "nuts")


class World(NamedTuple):
    cart: Cart
    promotions: tuple[PromotionConfig, ...]
    customer: CustomerFacts


class Goods(NamedTuple):
    """An article of the little shop: what its SKU, product, category and prices are."""

    number: int
    category: str
    list_fen: int
    level_fen: int | None


# Small and round amounts meet thresholds and remainders far more often than arbitrary ones.
AMOUNTS = st.one_of(st.integers(0, 30), st.sampled_from([100, 199, 333, 500, 1000, 1055, 2000]))


@st.composite
def carts(draw: st.DrawFn, most_lines: int = 8) -> Cart:
    shelf = [
        Goods(number, draw(st.sampled_from(CATEGORIES)), draw(AMOUNTS), draw(st.none() | AMOUNTS))
        for number in range(draw(st.integers(1, 4)))
    ]
    picked = draw(st.lists(st.sampled_from(shelf), min_size=1, max_size=most_lines))
    lines = tuple(cart_line(f"line-{index}", goods, draw(st.integers(1, 3))) for index, goods in enumerate(picked))
    delivery = draw(st.sampled_from(["express", "pickup"]))
    return Cart(lines, delivery, draw(st.sampled_from(["33", "65"])), draw(st.integers(0, 3000)))


def cart_line(line_id: str, goods: Goods, qty: int) -> CartLine:
    own = None if goods.level_fen is None else Fen(goods.level_fen)
    path = ("food",) if goods.category == "tea" else ()
    product = f"product-{goods.number % 2}"
    return CartLine(line_id, f"sku-{goods.number}", product, goods.category, Fen(goods.list_fen), qty, own, path)


SCOPES = st.sampled_from(
    [
        {"kind": "all", "ids": []},
        {"kind": "categories", "ids": ["tea"]},
        {"kind": "categories", "ids": ["food", "nuts"]},
        {"kind": "products", "ids": ["product-0"]},
        {"kind": "products", "ids": ["product-1"]},
    ]
)
RATES = st.sampled_from([1, 500, 1000, 3333, 5000, 9500, 9999])


@st.composite
def configs(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    if kind == "member_price":
        return {"level_id": draw(st.sampled_from(LEVELS[1:])), "pay_bp": draw(RATES), "scope": draw(SCOPES)}
    if kind == "threshold":
        tiers, reach, off = [], 0, 0
        for _ in range(draw(st.integers(1, 3))):
            off += draw(st.integers(1, 150))
            reach = max(off, reach + draw(st.integers(1, 1000)))
            tiers.append({"reach_fen": reach, "off_fen": off})
        return {"tiers": tiers, "scope": draw(SCOPES)}
    if kind == "coupon":
        config = {"reach_fen": draw(AMOUNTS), "scope": draw(SCOPES)}
        if draw(st.booleans()):
            return config | {"off_fen": draw(st.integers(1, 400))}
        return config | {"off_bp": draw(RATES), "cap_fen": draw(st.none() | st.integers(1, 300))}
    region = {"prefix": "", "first_fen": draw(AMOUNTS), "free_from_fen": draw(st.none() | AMOUNTS)}
    near = region | {"prefix": "33", "first_fen": 60, "first_g": 1000, "more_fen": 20, "more_g": 500}
    return {"regions": [region, near]}


EQUAL = st.just(0)
KINDS = st.sampled_from(["member_price", "threshold", "threshold", "coupon", "coupon", "freight"])


@st.composite
def promotion_sets(
    draw: st.DrawFn, most: int = 5, priorities: st.SearchStrategy[int] = EQUAL
) -> tuple[PromotionConfig, ...]:
    """Promotions that may be in force together: what would be refused when saved is left out."""
    kept: list[PromotionConfig] = []
    for index in range(draw(st.integers(0, most))):
        kind = draw(KINDS)
        group = draw(st.sampled_from(["", "", "", "x", "y"]))
        config = draw(configs(kind))
        one = PromotionConfig(f"rule-{index}", index + 1, kind, config, draw(priorities), group)
        if not flaws_of([*kept, one]):
            kept.append(one)
    return tuple(kept)


@st.composite
def worlds(
    draw: st.DrawFn, most_lines: int = 8, most_rules: int = 5, priorities: st.SearchStrategy[int] = EQUAL
) -> World:
    promotions = draw(promotion_sets(most_rules, priorities))
    coupons = tuple(HeldCoupon(f"mine-{each.id}", each.id) for each in promotions if each.kind == "coupon")
    held = tuple(coupon for coupon in coupons if draw(st.integers(0, 3)))
    return World(draw(carts(most_lines)), promotions, CustomerFacts(draw(st.sampled_from(LEVELS)), held))


def soon(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


# --- the second opinion: every subset of the rules, nothing clever, sharing no code with the engine but the money ---


class Unit(NamedTuple):
    """An article in the cart."""

    line: CartLine
    qty: int


def cheapest_total(world: World) -> int:
    """The smallest total over every allowed subset of the discounts."""
    discounts = [each for each in world.promotions if each.kind != "freight"]
    order = {stage.value: index for index, stage in enumerate(STAGES)} | {"member_price": 1}
    discounts.sort(key=lambda each: (order[each.kind], -each.priority, each.id))
    totals = []
    for size in range(len(discounts) + 1):
        for used in combinations(discounts, size):
            total = _total(world, discounts, used)
            if total is not None:
                totals.append(total)
    return min(totals)


class Taken(NamedTuple):
    """Articles that a promotion took, or would have taken had it been used."""

    promotion: PromotionConfig
    articles: set[int]
    is_used: bool


def _total(world: World, discounts: Sequence[PromotionConfig], used: Sequence[PromotionConfig]) -> int | None:
    """The total with exactly the used ones, None where they may not or cannot all be used."""
    units = _units(world.cart)
    pay = [_opening(unit, world.customer) for unit in units]
    taken: list[Taken] = []
    for promotion in discounts:
        rivals = [each for each in taken if _groups(each.promotion) & _groups(promotion)]
        higher = {i for each in rivals if each.promotion.priority > promotion.priority for i in each.articles}
        gone = {i for each in rivals if each.is_used for i in each.articles} | higher
        articles = {i for i, unit in enumerate(units) if _covers(promotion, unit.line)} - higher
        cuts = _cuts(promotion, [pay[i] if i in articles else None for i in range(len(units))], units, world.customer)
        if promotion.kind == "member_price":
            articles = {i for i in articles if units[i].line.level_fen is None}
        if promotion.kind == "coupon":
            articles = set(range(len(units)))
        can_be_used = cuts is not None and not articles & gone
        if promotion in used and not can_be_used:
            return None
        if cuts is not None and can_be_used:
            taken.append(Taken(promotion, articles, promotion in used))
            if promotion in used:
                pay = [left - cut for left, cut in zip(pay, cuts, strict=True)]
    return sum(pay) + _freight(world, sum(pay))


def _groups(promotion: PromotionConfig) -> set[str]:
    return {promotion.exclusive_group or promotion.kind} | ({promotion.kind} - {"threshold"})


def _units(cart: Cart) -> list[Unit]:
    counts: dict[str, int] = {}
    first: dict[str, CartLine] = {}
    for line in cart.lines:
        counts[line.sku_id] = counts.get(line.sku_id, 0) + line.qty
        first.setdefault(line.sku_id, line)
    return [Unit(first[sku_id], counts[sku_id]) for sku_id in sorted(counts)]


def _opening(unit: Unit, customer: CustomerFacts) -> int:
    line = unit.line
    own = line.list_fen if line.level_fen is None or not customer.level_id else min(line.list_fen, line.level_fen)
    return int(own) * unit.qty


def _covers(promotion: PromotionConfig, line: CartLine) -> bool:
    scope = promotion.config["scope"]
    names = {"all": {""}, "products": {line.product_id}, "categories": {line.category_id, *line.category_path}}
    return scope["kind"] == "all" or bool(names[scope["kind"]] & set(scope["ids"]))


def _cuts(
    promotion: PromotionConfig, open_pay: Sequence[int | None], units: Sequence[Unit], customer: CustomerFacts
) -> list[int] | None:
    """What a promotion takes off each article (None where it may not touch it); None if it takes nothing at all."""
    config = promotion.config
    if promotion.kind == "member_price":
        if config["level_id"] != customer.level_id:
            return None
        cuts = [
            (line.list_fen - percent(line.list_fen, config["pay_bp"])) * qty
            if left is not None and line.level_fen is None
            else 0
            for (line, qty), left in zip(units, open_pay, strict=True)
        ]
        return [int(cut) for cut in cuts] if any(cuts) else None
    inside = [left or 0 for left in open_pay]
    amount = sum(inside)
    off = _threshold(config, amount) if promotion.kind == "threshold" else _coupon(promotion, amount, customer)
    return None if not off else [int(share) for share in allocate(Fen(off), inside)]


def _threshold(config: Any, amount: int) -> int:
    return max((tier["off_fen"] for tier in config["tiers"] if tier["reach_fen"] <= amount), default=0)


def _coupon(promotion: PromotionConfig, amount: int, customer: CustomerFacts) -> int:
    config = promotion.config
    if amount < config["reach_fen"] or promotion.id not in {held.kind_id for held in customer.coupons}:
        return 0
    if "off_fen" in config:
        return min(int(config["off_fen"]), amount)
    return min(int(percent(Fen(amount), config["off_bp"])), config["cap_fen"] or amount)


def _freight(world: World, goods: int) -> int:
    for promotion in sorted(world.promotions, key=lambda each: -each.priority):
        if promotion.kind == "freight" and world.cart.delivery_kind == "express":
            near = world.cart.region_code == "33"
            region = promotion.config["regions"][near]
            steps = range(1000, world.cart.weight_g, 500) if near else ()
            is_free = region["free_from_fen"] is not None and goods >= region["free_from_fen"]
            return 0 if is_free else region["first_fen"] + 20 * len(steps)
    return 0


def splits(cart: Cart) -> Iterator[Cart]:
    """The cart with each line of several pieces split in two, one line at a time."""
    for index, line in enumerate(cart.lines):
        if line.qty > 1:
            fields = {name: getattr(line, name) for name in line.__slots__}
            one = CartLine(**fields | {"qty": 1})
            rest = CartLine(**fields | {"qty": line.qty - 1, "line_id": f"{line.line_id}-rest"})
            lines = (*cart.lines[:index], rest, *cart.lines[index + 1 :], one)
            yield Cart(lines, cart.delivery_kind, cart.region_code, cart.weight_g)
