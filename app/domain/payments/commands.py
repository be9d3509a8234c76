"""Intents about what is paid: an attempt, what WeChat answered to it, and that the money has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.domain.command import Command, Kind, Runs
from app.domain.money import Fen
from app.domain.permission import Permission


@dataclass(frozen=True, slots=True)
class StartPayment(Command):
    """Open an attempt under a number of ours, before WeChat is asked."""

    NAME: ClassVar[str] = "payment.start"
    RUNS: ClassVar[Runs] = Runs.AUTHORITY
    PERMISSION: ClassVar[Permission] = Permission.STOREFRONT
    order_id: str
    payment_id: str
    out_trade_no: str


@dataclass(frozen=True, slots=True)
class RecordPrepay(Command):
    """WeChat has answered with the number that the buyer's phone pays by."""

    NAME: ClassVar[str] = "payment.record_prepay"
    KIND: ClassVar[Kind] = Kind.FACT
    RUNS: ClassVar[Runs] = Runs.AUTHORITY
    PERMISSION: ClassVar[Permission] = Permission.INTERNAL
    payment_id: str
    prepay_id: str


@dataclass(frozen=True, slots=True)
class RecordPaymentCheck(Command):
    """What WeChat says of a payment that a desktop has told; ``transaction_id`` is "" where it knows of none."""

    NAME: ClassVar[str] = "payment.record_check"
    KIND: ClassVar[Kind] = Kind.FACT
    RUNS: ClassVar[Runs] = Runs.AUTHORITY
    PERMISSION: ClassVar[Permission] = Permission.INTERNAL
    payment_id: str
    transaction_id: str = ""
    amount_fen: Fen = Fen(0)
    is_ours: bool = True


@dataclass(frozen=True, slots=True)
class ConfirmPayment(Command):
    """WeChat says, verified, that this attempt was paid; ``is_ours`` when it names our merchant and mini-program."""

    NAME: ClassVar[str] = "payment.confirm"
    KIND: ClassVar[Kind] = Kind.FACT
    RUNS: ClassVar[Runs] = Runs.AUTHORITY
    PERMISSION: ClassVar[Permission] = Permission.INTERNAL
    out_trade_no: str
    transaction_id: str
    amount_fen: Fen
    payer_fen: Fen
    currency: str
    paid_at: datetime
    is_ours: bool = True
