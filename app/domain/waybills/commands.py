"""Intents about waybill numbers that a carrier gives out, and what the carrier answered."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain.command import Command, Kind, Runs
from app.domain.delivery.model import WaybillRefusal
from app.domain.orders.commands import ShippedLine
from app.domain.permission import Permission


@dataclass(frozen=True, slots=True)
class RequestWaybill(Command):
    """Ask a carrier for the number of a parcel; the parcel leaves when the number is there.

    ``has_label`` is 0 when the labels of many are asked for together, after the last number.
    """

    NAME: ClassVar[str] = "delivery.request_waybill"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.ORDER_SHIP
    request_id: str
    order_id: str
    parcel_id: str
    lines: tuple[ShippedLine, ...]
    carrier: str
    service: str = ""
    has_label: int = 1


@dataclass(frozen=True, slots=True)
class WithdrawWaybill(Command):
    """Wait no longer for a number: the order can be shipped otherwise at once, and what still comes is given back."""

    NAME: ClassVar[str] = "delivery.withdraw_waybill"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.ORDER_SHIP
    request_id: str


@dataclass(frozen=True, slots=True)
class AskLabels(Command):
    """Ask for the labels of parcels, to be printed in this order; of those on their way, as soon as they leave."""

    NAME: ClassVar[str] = "delivery.ask_labels"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.ORDER_SHIP
    parcel_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordCarriers(Command):
    """The service knows which carriers it has an account with: those it can ask for numbers."""

    NAME: ClassVar[str] = "delivery.record_carriers"
    KIND: ClassVar[Kind] = Kind.FACT
    RUNS: ClassVar[Runs] = Runs.AUTHORITY
    PERMISSION: ClassVar[Permission] = Permission.INTERNAL
    carriers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordWaybill(Command):
    """The carrier gave this number, with its texts for the label."""

    NAME: ClassVar[str] = "delivery.record_waybill"
    KIND: ClassVar[Kind] = Kind.FACT
    RUNS: ClassVar[Runs] = Runs.AUTHORITY
    PERMISSION: ClassVar[Permission] = Permission.INTERNAL
    request_id: str
    waybill_no: str
    sorting_code: str = ""
    bag_mark: str = ""
    qr_text: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True)
class AskLeftLabel(Command):
    """A label that was to be asked for together with others, and was not: the computer with the batch was closed."""

    NAME: ClassVar[str] = "delivery.ask_left_label"
    KIND: ClassVar[Kind] = Kind.FACT
    RUNS: ClassVar[Runs] = Runs.AUTHORITY
    PERMISSION: ClassVar[Permission] = Permission.INTERNAL
    request_id: str


@dataclass(frozen=True, slots=True)
class RecordWaybillRefused(Command):
    """The carrier says, and means it, that there is no number under this key."""

    NAME: ClassVar[str] = "delivery.record_waybill_refused"
    KIND: ClassVar[Kind] = Kind.FACT
    RUNS: ClassVar[Runs] = Runs.AUTHORITY
    PERMISSION: ClassVar[Permission] = Permission.INTERNAL
    request_id: str
    reason: WaybillRefusal
    carrier_code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class RecordWaybillUnclear(Command):
    """The carrier was asked so often without a clear answer: there may be a number."""

    NAME: ClassVar[str] = "delivery.record_waybill_unclear"
    KIND: ClassVar[Kind] = Kind.FACT
    RUNS: ClassVar[Runs] = Runs.AUTHORITY
    PERMISSION: ClassVar[Permission] = Permission.INTERNAL
    request_id: str
    tries: int


@dataclass(frozen=True, slots=True)
class RecordWaybillReturned(Command):
    """A number that nobody needs any more was given back to the carrier, or could not be."""

    NAME: ClassVar[str] = "delivery.record_waybill_returned"
    KIND: ClassVar[Kind] = Kind.FACT
    RUNS: ClassVar[Runs] = Runs.AUTHORITY
    PERMISSION: ClassVar[Permission] = Permission.INTERNAL
    request_id: str
    is_returned: bool
    carrier_code: str = ""
