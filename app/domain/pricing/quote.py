"""What a cart costs, with the explanation of every fen; stored with the order and sent to whoever asks."""

from dataclasses import dataclass

from app.domain.money import Fen
from app.domain.pricing.explain import LineDiscount, Step


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A line of the cart: ``list_fen`` and ``unit_fen`` (the member's price) per piece, the rest for all pieces."""

    line_id: str
    sku_id: str
    qty: int
    list_fen: Fen
    unit_fen: Fen
    discount_fen: Fen
    pay_fen: Fen


@dataclass(frozen=True, slots=True)
class Quote:
    """``total_fen = goods_fen - discount_fen + freight_fen``; ``goods_fen`` is the sum of the list prices.

    ``discounts`` are the fen that each rule took off each line, together exactly ``discount_fen``. ``steps`` tell of
    every rule that was tried, used or not. ``coupon_id`` is the coupon that the order uses up, "" for none.
    """

    lines: tuple[QuoteLine, ...]
    goods_fen: Fen
    discount_fen: Fen
    freight_fen: Fen
    total_fen: Fen
    ruleset_hash: str
    discounts: tuple[LineDiscount, ...] = ()
    steps: tuple[Step, ...] = ()
    coupon_id: str = ""
