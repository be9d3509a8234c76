"""What is to be priced and for whom; facts only, looked up by the caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.money import Fen


@dataclass(frozen=True, slots=True)
class CartLine:
    """``level_fen``: the article's own price for the buyer's level; ``category_path``: all categories above its own."""

    line_id: str
    sku_id: str
    product_id: str
    category_id: str
    list_fen: Fen
    qty: int
    level_fen: Fen | None = None
    category_path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cart:
    """``weight_g`` is the weight of all goods together."""

    lines: tuple[CartLine, ...]
    delivery_kind: str
    region_code: str = ""
    weight_g: int = 0


@dataclass(frozen=True, slots=True)
class HeldCoupon:
    """A coupon in the buyer's hands, good from ``from_at`` (included) until ``until_at`` (excluded)."""

    coupon_id: str
    kind_id: str
    until_at: datetime | None = None
    from_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """Who buys: the member level ("" for none) and the coupons that may be used for this order."""

    level_id: str = ""
    coupons: tuple[HeldCoupon, ...] = ()


NOBODY = CustomerFacts()


@dataclass(frozen=True, slots=True)
class Position:
    """All lines of one article at one price together, so that how a buyer splits lines changes nothing."""

    sku_id: str
    product_id: str
    categories: tuple[str, ...]
    list_fen: Fen
    level_fen: Fen | None
    qty: int
    lines: tuple[CartLine, ...]


def positions_of(lines: Sequence[CartLine]) -> tuple[Position, ...]:
    """The lines by article in an order of their own; raises ValueError for a cart that no caller may build."""
    if len({line.line_id for line in lines}) != len(lines):
        raise ValueError("two lines of a cart share an id")
    found: dict[tuple[str, str, tuple[str, ...], int, int], list[CartLine]] = {}
    for line in sorted(lines, key=lambda each: each.line_id):
        if line.qty < 1 or line.list_fen < 0 or (line.level_fen is not None and line.level_fen < 0):
            raise ValueError(f"line {line.line_id} has no quantity or a negative price")
        categories = (line.category_id, *line.category_path)
        level = -1 if line.level_fen is None else int(line.level_fen)
        key = (line.sku_id, line.product_id, categories, int(line.list_fen), level)
        found.setdefault(key, []).append(line)
    return tuple(
        Position(sku, product, categories, Fen(price), each[0].level_fen, sum(line.qty for line in each), tuple(each))
        for (sku, product, categories, price, _), each in sorted(found.items())
    )
