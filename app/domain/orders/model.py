"""Orders: what was bought, by whom, for how much, and what happened to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from app.domain.money import Fen
from app.domain.orders.state import SHIPPABLE, Channel, DeliveryKind, OrderState
from app.domain.row import Row

__all__ = [
    "SHIPPABLE",
    "Channel",
    "DeliveryKind",
    "Order",
    "OrderContact",
    "OrderDiscount",
    "OrderEvent",
    "OrderLine",
    "OrderPrice",
    "OrderState",
]


@dataclass(frozen=True, slots=True)
class Order(Row):
    """The head of an order; ``total_fen = goods_fen - discount_fen + freight_fen`` always."""

    TABLE: ClassVar[str] = "orders"
    LOOKUPS: ClassVar[tuple[str, ...]] = ("no", "buyer_id", "state")
    id: str
    no: str
    channel: Channel
    source: str
    buyer_id: str
    delivery_kind: DeliveryKind
    state: OrderState
    goods_fen: Fen
    discount_fen: Fen
    freight_fen: Fen
    total_fen: Fen
    paid_fen: Fen
    refunded_fen: Fen
    ruleset_hash: str
    placed_at: datetime
    business_on: date
    expires_at: datetime | None = None
    paid_at: datetime | None = None
    finished_at: datetime | None = None
    buyer_remark: str = ""
    staff_remark: str = ""
    flag: str = ""


@dataclass(frozen=True, slots=True)
class OrderLine(Row):
    """One article of an order, as it was when it was bought.

    ``cancelled_qty`` pieces will never leave: their money went back, or is on its way.
    """

    TABLE: ClassVar[str] = "order_lines"
    LOOKUPS: ClassVar[tuple[str, ...]] = ("order_id",)
    id: str
    order_id: str
    line_no: int
    kind: str
    sku_id: str
    product_id: str
    category_id: str
    title: str
    spec_text: str
    code: str
    barcode: str
    sha256: str
    weight_g: int
    qty: int
    list_fen: Fen
    unit_fen: Fen
    discount_fen: Fen
    paid_fen: Fen
    shipped_qty: int = 0
    returned_qty: int = 0
    refunded_fen: Fen = Fen(0)
    cancelled_qty: int = 0

    @property
    def open_qty(self) -> int:
        """Pieces that have still to leave."""
        return self.qty - self.shipped_qty - self.cancelled_qty


@dataclass(frozen=True, slots=True)
class OrderPrice(Row):
    """How the price of an order came about: every rule that was tried, in order, as the quote told it."""

    TABLE: ClassVar[str] = "order_prices"
    KEY: ClassVar[tuple[str, ...]] = ("order_id",)
    APPEND_ONLY: ClassVar[bool] = True
    order_id: str
    coupon_id: str
    steps: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OrderDiscount(Row):
    """What one rule took off one line."""

    TABLE: ClassVar[str] = "order_discounts"
    LOOKUPS: ClassVar[tuple[str, ...]] = ("order_id",)
    APPEND_ONLY: ClassVar[bool] = True
    id: str
    order_id: str
    line_id: str
    rule_id: str
    rule_version: int
    fen: Fen
    reason: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OrderContact(Row):
    """All personal data of an order, in one place, so that it can leave in one step."""

    TABLE: ClassVar[str] = "order_contacts"
    KEY: ClassVar[tuple[str, ...]] = ("order_id",)
    order_id: str
    name: str
    phone: str
    region_code: str
    address: str


@dataclass(frozen=True, slots=True)
class OrderEvent(Row):
    """What happened to an order, for its timeline."""

    TABLE: ClassVar[str] = "order_events"
    LOOKUPS: ClassVar[tuple[str, ...]] = ("order_id",)
    APPEND_ONLY: ClassVar[bool] = True
    id: str
    order_id: str
    happened_at: datetime
    kind: str
    actor: str
    params: Mapping[str, Any]
