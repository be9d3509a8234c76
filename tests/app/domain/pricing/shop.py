"""Carts and promotions as a merchant would say them; amounts are written in yuan text and kept in fen."""

from datetime import UTC, datetime
from typing import Any

from app.domain.money import Fen
from app.domain.pricing.cart import NOBODY, Cart, CartLine, CustomerFacts, HeldCoupon
from app.domain.pricing.engine import price
from app.domain.pricing.quote import Quote
from app.domain.pricing.ruleset import PromotionConfig, ruleset_from

AT = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)


def yuan(text: str) -> Fen:
    whole, _, rest = text.partition(".")
    return Fen(int(whole) * 100 + int(f"{rest:0<2}"))


def line(goods: str, amount: str, qty: int = 1, level: str = "") -> CartLine:
    """``category/product``; the article and the line carry the product's name."""
    category, product = goods.split("/")
    own = yuan(level) if level else None
    return CartLine(product, f"{product}-sku", product, category, yuan(amount), qty, own)


def cart(*lines: CartLine, weight_g: int = 0, region: str = "330106", delivery: str = "express") -> Cart:
    return Cart(lines, delivery, region, weight_g)


def rule(id_: str, kind: str, config: dict[str, Any], **more: Any) -> PromotionConfig:
    return PromotionConfig(id_, 1, kind, config, **more)


def category(*names: str) -> dict[str, Any]:
    return {"kind": "categories", "ids": list(names)}


def products(*names: str) -> dict[str, Any]:
    return {"kind": "products", "ids": list(names)}


def member(level: str, pay_bp: int, scope: dict[str, Any] | None = None, **more: Any) -> PromotionConfig:
    config = {"level_id": level, "pay_bp": pay_bp} | ({"scope": scope} if scope else {})
    return rule(more.pop("id_", f"member-{level}"), "member_price", config, **more)


def spend(*tiers: tuple[str, str], scope: dict[str, Any] | None = None, **more: Any) -> PromotionConfig:
    """Spend so much, save so much."""
    steps = [{"reach_fen": yuan(reach), "off_fen": yuan(off)} for reach, off in tiers]
    config = {"tiers": steps} | ({"scope": scope} if scope else {})
    return rule(more.pop("id_", f"spend-{tiers[0][0]}"), "threshold", config, **more)


def coupon(id_: str, reach: str = "0", scope: dict[str, Any] | None = None, **config: Any) -> PromotionConfig:
    values = {name: yuan(value) if isinstance(value, str) else value for name, value in config.items()}
    return rule(id_, "coupon", {"reach_fen": yuan(reach)} | values | ({"scope": scope} if scope else {}))


def freight(first: str, free_from: str = "", **more: Any) -> PromotionConfig:
    everywhere = {"prefix": "", "first_fen": yuan(first), "free_from_fen": yuan(free_from) if free_from else None}
    return rule(more.pop("id_", "freight"), "freight", {"regions": [everywhere | more.pop("table", {})]}, **more)


def buyer(level: str = "", *coupons: str) -> CustomerFacts:
    return CustomerFacts(level, tuple(HeldCoupon(f"my-{kind}", kind) for kind in coupons))


def quote(of: Cart, *rules: PromotionConfig, who: CustomerFacts = NOBODY, at: datetime = AT) -> Quote:
    return price(of, ruleset_from(rules), at, who)
