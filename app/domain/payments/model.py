"""Money that came in, and the double entry that explains it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from app.domain.money import Fen
from app.domain.row import Row


class Tender(StrEnum):
    WECHAT = "wechat"


class PaymentState(StrEnum):
    OPEN = "open"
    PAID = "paid"


class Account(StrEnum):
    """The books' accounts: what WeChat holds for the shop, and what was sold."""

    WECHAT = "wechat"
    SALES = "sales"


@dataclass(frozen=True, slots=True)
class Payment(Row):
    """One attempt to pay an order; at most one is open per order and tender."""

    TABLE: ClassVar[str] = "payments"
    LOOKUPS: ClassVar[tuple[str, ...]] = ("order_id", "out_trade_no", "transaction_id")
    id: str
    order_id: str
    tender: Tender
    amount_fen: Fen
    state: PaymentState
    out_trade_no: str
    transaction_id: str | None = None
    prepay_id: str = ""
    payer_fen: Fen = Fen(0)
    expires_at: datetime | None = None
    paid_at: datetime | None = None
    refunding_fen: Fen = Fen(0)
    refunded_fen: Fen = Fen(0)


@dataclass(frozen=True, slots=True)
class Transfer(Row):
    """One double entry: ``fen`` moved from the credited account to the debited one, for good."""

    TABLE: ClassVar[str] = "transfers"
    APPEND_ONLY: ClassVar[bool] = True
    id: str
    debit: Account
    credit: Account
    fen: Fen
    ref_kind: str
    ref_id: str
    happened_at: datetime
