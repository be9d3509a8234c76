"""What the storefront takes and gives, as the committed description of the API tells it.

Requests are strict: an unknown field, a number as text or a sign that cannot be stored is refused.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

ID_PATTERN = r"^[0-9A-Za-z_\-]{1,64}$"
_UNFIT = r"\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069"
"""Signs that control a device, break a line or turn the direction of writing: one could hide others on a label."""
_UNSEEN = r"\x00-\x20\x7f-\xa0\u00ad\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff"
PLAIN_PATTERN = rf"^[^{_UNFIT}]*$"
_TOLD = rf"^[^{_UNFIT}]*[^{_UNSEEN}][^{_UNFIT}]*$"
MAX_QTY = 9_999
MAX_FEN = 1_000_000_000_000

Id = Annotated[str, Field(pattern=ID_PATTERN, max_length=64)]
PathId = Annotated[str, Path(pattern=ID_PATTERN, max_length=64)]
Cursor = Annotated[str, Field(pattern=r"^[0-9]{1,16}~[0-9A-Za-z_\-]{1,64}$", max_length=81)]
FenAmount = Annotated[int, Field(ge=0, le=MAX_FEN)]


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class LoginBody(Asked):
    """``code`` is what ``wx.login`` gave."""

    code: Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[\x21-\x7e]+$")]


class WantedBody(Asked):
    sku_id: Id
    qty: Annotated[int, Field(ge=1, le=MAX_QTY)]


Lines = Annotated[list[WantedBody], Field(min_length=1, max_length=50)]


DeliveryKind = Literal["express", "pickup", "local"]
PickupPointId = Annotated[str, Field(pattern=r"^[0-9A-Za-z_\-]{0,64}$", max_length=64)]
SlotText = Annotated[
    str, Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2})?$", max_length=22)
]


class QuoteBody(Asked):
    """``region_code`` of the receiver, where it is known: freight depends on it. Who collects names the point."""

    lines: Lines
    delivery_kind: DeliveryKind = "express"
    region_code: Annotated[str, Field(pattern=r"^[0-9]{0,20}$", max_length=20)] = ""
    pickup_point_id: PickupPointId = ""


class ContactBody(Asked):
    """The receiver, as ``wx.chooseAddress`` gives it; ``address`` is province to house number in one text.

    Who collects needs a name and a phone only.
    """

    name: Annotated[str, Field(min_length=1, max_length=60, pattern=_TOLD)]
    phone: Annotated[str, Field(pattern=r"^\+?[0-9][0-9\-]{5,19}$", max_length=21)]
    region_code: Annotated[str, Field(pattern=r"^[0-9]{0,20}$", max_length=20)] = ""
    address: Annotated[str, Field(max_length=200, pattern=f"^$|{_TOLD}")] = ""


class OrderBody(Asked):
    """``expected_total_fen`` is the total of the quote that the buyer saw.

    For ``pickup`` the point is named, for ``local`` the address must lie in one of the areas; where there are slots,
    the ``text`` of one goes into ``slot``.
    """

    lines: Lines
    delivery_kind: DeliveryKind
    contact: ContactBody
    expected_total_fen: FenAmount
    buyer_remark: Annotated[str, Field(max_length=200, pattern=PLAIN_PATTERN)] = ""
    source: Annotated[str, Field(max_length=64, pattern=PLAIN_PATTERN)] = ""
    pickup_point_id: PickupPointId = ""
    slot: SlotText = ""


class CancelBody(Asked):
    """``reason`` in the buyer's own words; WeChat shows it with the refund."""

    reason: Annotated[str, Field(max_length=80, pattern=PLAIN_PATTERN)] = ""


class CartItemsBody(Asked):
    """The whole cart, in the order in which it is shown; an article that is there twice is added up."""

    items: Annotated[list[WantedBody], Field(max_length=50)]


class EventBody(Asked):
    """Something a visitor did ``ago_ms`` before the request was sent; the same ``id`` again is the same event."""

    id: Id
    ago_ms: Annotated[int, Field(ge=0, le=86_400_000)] = 0
    kind: Literal["view", "click", "search", "add_to_cart", "checkout", "share"]
    page: Annotated[str, Field(min_length=1, max_length=100, pattern=PLAIN_PATTERN)]
    element: Annotated[str, Field(max_length=100, pattern=PLAIN_PATTERN)] = ""
    x_bp: Annotated[int, Field(ge=0, le=10_000)] | None = None
    y_bp: Annotated[int, Field(ge=0, le=10_000)] | None = None
    product_id: Annotated[str, Field(pattern=r"^[0-9A-Za-z_\-]{0,64}$", max_length=64)] = ""
    scene: Annotated[str, Field(max_length=32, pattern=PLAIN_PATTERN)] = ""
    source: Annotated[str, Field(max_length=64, pattern=PLAIN_PATTERN)] = ""
    campaign_id: Annotated[str, Field(max_length=64, pattern=PLAIN_PATTERN)] = ""
    variant: Annotated[str, Field(max_length=32, pattern=PLAIN_PATTERN)] = ""


class EventsBody(Asked):
    """``visitor`` is the phone's own random name for itself, ``session`` one use of the mini-program."""

    visitor: Id
    session: Id
    events: Annotated[list[EventBody], Field(min_length=1, max_length=64)]


class SessionShape(BaseModel):
    token: str
    expires_at: datetime


class CategoryShape(BaseModel):
    """``parent_id`` is empty for the top of the tree."""

    id: str
    parent_id: str
    name: str
    sort: int


class CategoriesShape(BaseModel):
    items: list[CategoryShape]


class PictureShape(BaseModel):
    url: str
    width: int
    height: int


class ProductCardShape(BaseModel):
    """A product in a list; its articles cost ``from_fen`` to ``to_fen``."""

    id: str
    category_id: str
    title: str
    subtitle: str
    from_fen: int
    to_fen: int
    picture: PictureShape | None


class ProductPageShape(BaseModel):
    """``next_cursor`` goes into ``cursor`` for the next page; null on the last one."""

    items: list[ProductCardShape]
    next_cursor: str | None


class AxisShape(BaseModel):
    name: str
    values: list[str]


class SkuShape(BaseModel):
    id: str
    spec_text: str
    list_fen: int
    weight_g: int


class StockShape(BaseModel):
    sku_id: str
    available_qty: int


class ProductShape(BaseModel):
    id: str
    category_id: str
    title: str
    subtitle: str
    description: str
    kind: str
    min_qty: int
    max_qty: int
    axes: list[AxisShape]
    skus: list[SkuShape]
    pictures: list[PictureShape]
    videos: list[str]
    stock: list[StockShape]


class CartItemShape(BaseModel):
    """``unit_fen`` is today's list price; what it comes to is asked of quotes."""

    sku_id: str
    product_id: str
    title: str
    spec_text: str
    qty: int
    unit_fen: int
    available_qty: int
    is_for_sale: bool
    picture: PictureShape | None


class CartShape(BaseModel):
    items: list[CartItemShape]


class QuoteLineShape(BaseModel):
    """``pay_fen = goods_fen - discount_fen``; ``list_fen`` and ``unit_fen``, the member's price, are for one piece."""

    sku_id: str
    product_id: str
    title: str
    spec_text: str
    qty: int
    list_fen: int
    unit_fen: int
    goods_fen: int
    discount_fen: int
    pay_fen: int


class ReasonShape(BaseModel):
    """One step from nothing to the total: all ``fen`` together are ``total_fen``."""

    code: str
    params: dict[str, Any]
    text: str
    fen: int


class HintShape(BaseModel):
    """A promotion that takes nothing off, and why: perhaps little is missing."""

    code: str
    params: dict[str, Any]
    text: str


class QuoteShape(BaseModel):
    lines: list[QuoteLineShape]
    goods_fen: int
    discount_fen: int
    freight_fen: int
    total_fen: int
    explanation: list[ReasonShape]
    hints: list[HintShape]
    ruleset_hash: str


class OrderLineShape(BaseModel):
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


class ContactShape(BaseModel):
    name: str
    phone: str
    region_code: str
    address: str


class ParcelLineShape(BaseModel):
    order_line_id: str
    qty: int


class ParcelShape(BaseModel):
    id: str
    carrier: str
    carrier_name: str
    waybill_no: str
    state: str
    shipped_at: datetime
    lines: list[ParcelLineShape]


class OrderEventShape(BaseModel):
    happened_at: datetime
    kind: str


class RefundShape(BaseModel):
    """``state`` is requested, succeeded, or failed, which the shop looks into; ``ended_at`` is null while it waits."""

    out_refund_no: str
    amount_fen: int
    state: str
    requested_at: datetime
    ended_at: datetime | None


class PointShape(BaseModel):
    id: str
    name: str
    address: str
    phone: str


class PickupShape(BaseModel):
    """``state`` is ordered (unpaid), preparing, ready, collected or closed; ``expires_at`` is set with the payment."""

    point: PointShape
    state: str
    slot: str
    expires_at: datetime | None
    ready_at: datetime | None
    collected_at: datetime | None


class DeliveryShape(BaseModel):
    """The shop's own courier: ``state`` is ordered (unpaid), preparing, out, back, delivered or closed."""

    state: str
    slot: str
    dispatched_at: datetime | None
    ended_at: datetime | None


class PickupCodeShape(BaseModel):
    """``text`` goes into a QR code as it is, ``human_code`` is for reading out. Ask again when it is shown again."""

    text: str
    human_code: str
    is_ready: bool
    slot: str
    expires_at: datetime
    point: PointShape


class OrderHeadShape(BaseModel):
    """``total_fen = goods_fen - discount_fen + freight_fen``."""

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
    lines: list[OrderLineShape]


class OrderShape(OrderHeadShape):
    """``contact`` is null once personal data has left the shop; ``pickup`` and ``delivery`` are for those ways only."""

    contact: ContactShape | None
    parcels: list[ParcelShape]
    events: list[OrderEventShape]
    refunds: list[RefundShape]
    pickup: PickupShape | None
    delivery: DeliveryShape | None


class OrderPageShape(BaseModel):
    items: list[OrderHeadShape]
    next_cursor: str | None


class WxPaymentShape(BaseModel):
    """What ``wx.requestPayment`` takes, in WeChat's own spelling."""

    timeStamp: str
    nonceStr: str
    package: str
    signType: str
    paySign: str


class PaymentShape(BaseModel):
    payment_id: str
    out_trade_no: str
    amount_fen: int
    wx_payment: WxPaymentShape


class SlotShape(BaseModel):
    """``text`` is what an order names: the shop's own day and time."""

    text: str
    from_at: datetime
    until_at: datetime


class DayShape(BaseModel):
    """A day as the shop counts it; without ``hours`` it is closed."""

    on: date
    hours: list[str]
    slots: list[SlotShape]


class PickupPointShape(PointShape):
    """Where one can collect. With ``has_slots`` an order must name one of the slots, else it names none."""

    has_slots: bool
    days: list[DayShape]


class DeliveryAreaShape(BaseModel):
    """Where the shop's couriers go: region codes that begin with one of ``prefixes``."""

    id: str
    name: str
    prefixes: list[str]
    fee_fen: int
    free_from_fen: int | None
    has_slots: bool
    days: list[DayShape]


class PlaceShape(BaseModel):
    """The shop itself; ``delivery_kinds`` are the ways that it has."""

    name: str
    phone: str
    address: str
    time_zone: str
    delivery_kinds: list[str]
    freight_fen: int
    order_expiry_minutes: int
    pickup_points: list[PickupPointShape]
    delivery_areas: list[DeliveryAreaShape]


class ProblemShape(BaseModel):
    """RFC 9457; ``code`` is stable, ``detail`` is for people, ``params`` say more."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    params: dict[str, Any]
