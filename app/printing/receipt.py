"""What a receipt tells, whole; the form masks whoever stands on it."""

from dataclasses import dataclass, field
from enum import StrEnum


class ReceiptKind(StrEnum):
    """For whom the slip is."""

    CUSTOMER = "customer"
    SHOP = "shop"


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """``total_fen`` is ``unit_fen`` × ``qty``; what promotions take off stands below the goods."""

    title: str
    spec: str
    qty: int
    unit_fen: int
    total_fen: int


@dataclass(frozen=True, slots=True)
class Amount:
    """One step between the goods and the total: a promotion, a coupon, the freight."""

    text: str
    fen: int


@dataclass(frozen=True, slots=True)
class ReceiptData:
    """One order on a roll of paper.

    ``goods_fen`` and all ``steps`` together are ``total_fen``. Times are local text. ``qr_text`` is the pickup code or
    empty; ``human_code`` its twin to be read aloud. ``transaction_tail`` are the last signs of the payment's number.
    """

    shop_name: str
    order_no: str
    placed_at: str
    printed_at: str
    lines: tuple[ReceiptLine, ...]
    goods_fen: int
    steps: tuple[Amount, ...]
    total_fen: int
    paid_fen: int
    refunded_fen: int = 0
    kind: ReceiptKind = ReceiptKind.CUSTOMER
    place: str = ""
    phone: str = ""
    staff: str = ""
    counter: str = ""
    delivery: str = ""
    slot: str = ""
    shelf: str = ""
    tender: str = ""
    transaction_tail: str = ""
    buyer_name: str = field(default="", repr=False)
    buyer_phone: str = field(default="", repr=False)
    remark: str = field(default="", repr=False)
    qr_text: str = field(default="", repr=False)
    human_code: str = field(default="", repr=False)
    footer: str = ""
    copy_no: int = 1
    is_confirmed: bool = True
