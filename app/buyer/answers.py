"""What the shop's storefront tells a buyer, as far as a buyer's program looks at it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Session:
    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Slot:
    """``text`` is what an order names."""

    text: str
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    hours: tuple[str, ...]
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class PickupPoint:
    """Where one can collect; with ``has_slots`` an order must name one of them."""

    id: str
    name: str
    address: str
    phone: str
    has_slots: bool
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class DeliveryArea:
    """Where the shop's couriers go: region codes that begin with one of ``prefixes``."""

    id: str
    name: str
    prefixes: tuple[str, ...]
    fee_fen: int
    free_from_fen: int | None
    has_slots: bool
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class ShopFacts:
    name: str
    phone: str
    address: str
    time_zone: str
    delivery_kinds: tuple[str, ...]
    freight_fen: int
    order_expiry_minutes: int
    pickup_points: tuple[PickupPoint, ...] = ()
    delivery_areas: tuple[DeliveryArea, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    id: str
    parent_id: str
    name: str
    sort: int


@dataclass(frozen=True, slots=True)
class Categories:
    items: tuple[Category, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ProductCard:
    id: str
    category_id: str
    title: str
    subtitle: str
    from_fen: int
    to_fen: int
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class ProductPage:
    items: tuple[ProductCard, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Axis:
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sku:
    id: str
    spec_text: str
    list_fen: int
    weight_g: int


@dataclass(frozen=True, slots=True)
class Stock:
    sku_id: str
    available_qty: int


@dataclass(frozen=True, slots=True)
class Product:
    id: str
    category_id: str
    title: str
    subtitle: str
    description: str
    min_qty: int
    max_qty: int
    axes: tuple[Axis, ...]
    skus: tuple[Sku, ...]
    pictures: tuple[Picture, ...]
    videos: tuple[str, ...]
    stock: tuple[Stock, ...]


@dataclass(frozen=True, slots=True)
class CartItem:
    sku_id: str
    product_id: str
    title: str
    spec_text: str
    qty: int
    unit_fen: int
    available_qty: int
    is_for_sale: bool
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class Cart:
    items: tuple[CartItem, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """An answer without a content."""


@dataclass(frozen=True, slots=True)
class QuoteLine:
    sku_id: str
    title: str
    spec_text: str
    qty: int
    list_fen: int
    unit_fen: int
    goods_fen: int
    discount_fen: int
    pay_fen: int


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    params: dict[str, Any]
    text: str
    fen: int


@dataclass(frozen=True, slots=True)
class Hint:
    code: str
    params: dict[str, Any]
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    lines: tuple[QuoteLine, ...]
    goods_fen: int
    discount_fen: int
    freight_fen: int
    total_fen: int
    explanation: tuple[Reason, ...]
    hints: tuple[Hint, ...]
    ruleset_hash: str


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    phone: str
    address: str
    region_code: str = ""


@dataclass(frozen=True, slots=True)
class OrderLine:
    id: str
    line_no: int
    sku_id: str
    product_id: str
    title: str
    spec_text: str
    qty: int
    unit_fen: int
    discount_fen: int
    paid_fen: int
    shipped_qty: int


@dataclass(frozen=True, slots=True)
class ParcelLine:
    order_line_id: str
    qty: int


@dataclass(frozen=True, slots=True)
class Parcel:
    id: str
    carrier: str
    carrier_name: str
    waybill_no: str
    state: str
    shipped_at: datetime
    lines: tuple[ParcelLine, ...]


@dataclass(frozen=True, slots=True)
class OrderEvent:
    happened_at: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back: ``state`` is requested, succeeded or failed."""

    out_refund_no: str
    amount_fen: int
    state: str
    requested_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Point:
    id: str
    name: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class Pickup:
    """How an order is collected; the code is asked for by itself."""

    point: Point
    state: str
    slot: str
    expires_at: datetime | None
    ready_at: datetime | None
    collected_at: datetime | None


@dataclass(frozen=True, slots=True)
class PickupCode:
    """``text`` is for a QR code, ``human_code`` for reading out."""

    text: str
    human_code: str
    is_ready: bool
    slot: str
    expires_at: datetime
    point: Point


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the shop's own courier brings an order."""

    state: str
    slot: str
    dispatched_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Order:
    """An order; ``contact`` and all below it are empty in a list of orders."""

    id: str
    no: str
    state: str
    delivery_kind: str
    goods_fen: int
    discount_fen: int
    freight_fen: int
    total_fen: int
    paid_fen: int
    refunded_fen: int
    placed_at: datetime
    expires_at: datetime | None
    paid_at: datetime | None
    buyer_remark: str
    lines: tuple[OrderLine, ...]
    contact: Contact | None = None
    parcels: tuple[Parcel, ...] = ()
    events: tuple[OrderEvent, ...] = ()
    refunds: tuple[Refund, ...] = ()
    pickup: Pickup | None = None
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class OrderPage:
    items: tuple[Order, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Payment:
    """``wx_payment`` goes to ``wx.requestPayment`` as it is."""

    payment_id: str
    out_trade_no: str
    amount_fen: int
    wx_payment: dict[str, Any]
