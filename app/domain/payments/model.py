"""Money that came in and went back, and the double entry that explains it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from app.domain.money import Fen
from app.domain.row import Row


class Tender(StrEnum):
    WECHAT = "wechat"


class PaymentState(StrEnum):
    """SURPLUS: it was paid, but its order did not need it, so all of it goes back."""

    OPEN = "open"
    PAID = "paid"
    CLOSED = "closed"
    SURPLUS = "surplus"


class RefundState(StrEnum):
    REQUESTED = "requested"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class CheckState(StrEnum):
    """OPEN: WeChat has not been asked yet; EQUAL and DIFFERS are what it said."""

    OPEN = "open"
    EQUAL = "equal"
    DIFFERS = "differs"


class RefundOutcome(StrEnum):
    """How WeChat ends a refund."""

    SUCCESS = "success"
    ABNORMAL = "abnormal"
    CLOSED = "closed"


class Account(StrEnum):
    """The books' accounts: what WeChat holds for the shop, what was sold, and what buyers paid without a reason."""

    WECHAT = "wechat"
    SALES = "sales"
    OWED = "owed"


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
class PaymentCheck(Row):
    """A payment that a desktop told of after a restore: WeChat has to confirm it before money goes back."""

    TABLE: ClassVar[str] = "payment_checks"
    KEY: ClassVar[tuple[str, ...]] = ("payment_id",)
    LOOKUPS: ClassVar[tuple[str, ...]] = ("state",)
    payment_id: str
    order_id: str
    state: CheckState
    opened_at: datetime
    ended_at: datetime | None = None

    @property
    def is_equal(self) -> bool:
        return self.state is CheckState.EQUAL


@dataclass(frozen=True, slots=True)
class Refund(Row):
    """Money on its way back; ``out_refund_no`` never changes, so asking WeChat again is harmless."""

    TABLE: ClassVar[str] = "refunds"
    LOOKUPS: ClassVar[tuple[str, ...]] = ("payment_id", "order_id", "out_refund_no", "state")
    id: str
    payment_id: str
    order_id: str
    out_refund_no: str
    amount_fen: Fen
    state: RefundState
    reason: str
    requested_by: str
    requested_at: datetime
    ended_at: datetime | None = None
    wechat_refund_id: str = ""


@dataclass(frozen=True, slots=True)
class RefundLine(Row):
    """What of a line goes back with a refund; the rest of the refund's amount is freight, or a surplus.

    ``unsent_qty`` of the pieces have never left and never will.
    """

    TABLE: ClassVar[str] = "refund_lines"
    KEY: ClassVar[tuple[str, ...]] = ("refund_id", "order_line_id")
    LOOKUPS: ClassVar[tuple[str, ...]] = ("refund_id",)
    refund_id: str
    order_line_id: str
    qty: int
    fen: Fen
    unsent_qty: int = 0


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
