"""Intents about how orders end: closed unpaid, cancelled, refunded, received."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.domain.command import Command, Kind, Runs
from app.domain.money import Fen
from app.domain.payments.model import RefundOutcome
from app.domain.permission import Permission


@dataclass(frozen=True, slots=True)
class BeginClose(Command):
    """The time to pay is over: no new attempt from here on, and an open one is to be closed at WeChat."""

    NAME: ClassVar[str] = "order.begin_close"
    RUNS: ClassVar[Runs] = Runs.AUTHORITY
    PERMISSION: ClassVar[Permission] = Permission.INTERNAL
    order_id: str


@dataclass(frozen=True, slots=True)
class FinishClose(Command):
    """Nobody can pay any more: the order lets go of what it holds."""

    NAME: ClassVar[str] = "order.finish_close"
    RUNS: ClassVar[Runs] = Runs.AUTHORITY
    PERMISSION: ClassVar[Permission] = Permission.INTERNAL
    order_id: str


@dataclass(frozen=True, slots=True)
class CancelOrder(Command):
    """The buyer changes their mind: an unpaid order closes, a paid one that has not left is refunded whole."""

    NAME: ClassVar[str] = "order.cancel"
    RUNS: ClassVar[Runs] = Runs.AUTHORITY
    PERMISSION: ClassVar[Permission] = Permission.STOREFRONT
    order_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CancelUnpaid(Command):
    """The staff give up an order that nobody has paid; it closes as when its time to pay is over."""

    NAME: ClassVar[str] = "order.cancel_unpaid"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.ORDER_CANCEL
    order_id: str


@dataclass(frozen=True, slots=True)
class ConfirmReceipt(Command):
    """The buyer has the goods."""

    NAME: ClassVar[str] = "order.confirm_receipt"
    RUNS: ClassVar[Runs] = Runs.AUTHORITY
    PERMISSION: ClassVar[Permission] = Permission.STOREFRONT
    order_id: str


@dataclass(frozen=True, slots=True)
class RefundedPieces:
    """``qty`` pieces of a line, of which ``unsent_qty`` have not left: those never will."""

    order_line_id: str
    qty: int
    unsent_qty: int = 0


@dataclass(frozen=True, slots=True)
class RequestRefund(Command):
    """Give money back: of a paid order everything when no line is named, which cancels it; else for these pieces."""

    NAME: ClassVar[str] = "refund.request"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.ORDER_REFUND
    order_id: str
    refund_id: str
    reason: str
    lines: tuple[RefundedPieces, ...] = ()
    freight_fen: Fen = Fen(0)


@dataclass(frozen=True, slots=True)
class RecordRefund(Command):
    """WeChat says, verified, how a refund ended; ``is_ours`` when it names our merchant.

    ``ended_at`` is told for a success only.
    """

    NAME: ClassVar[str] = "refund.record"
    KIND: ClassVar[Kind] = Kind.FACT
    RUNS: ClassVar[Runs] = Runs.AUTHORITY
    PERMISSION: ClassVar[Permission] = Permission.INTERNAL
    out_refund_no: str
    outcome: RefundOutcome
    amount_fen: Fen
    wechat_refund_id: str
    ended_at: datetime | None = None
    is_ours: bool = True
