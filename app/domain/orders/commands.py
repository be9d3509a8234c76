"""Intents about orders."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain.command import Command, Runs
from app.domain.money import Fen
from app.domain.orders.model import DeliveryKind
from app.domain.permission import Permission


@dataclass(frozen=True, slots=True)
class WantedLine:
    """``qty`` pieces of an article; ``line_id`` becomes the order line's id."""

    line_id: str
    sku_id: str
    qty: int


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    phone: str
    region_code: str
    address: str


@dataclass(frozen=True, slots=True)
class PickupWish:
    """Where the buyer wants to collect. ``ref`` will stand in the code, ``human_codes`` are digits to try in turn."""

    point_id: str
    ref: str
    human_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceOrder(Command):
    """Buy. ``no_candidates`` are order numbers to try in turn; ``expected_total_fen`` is what the buyer was shown.

    ``slot`` is when to collect or to be delivered to by the shop's courier; the contact of who collects has no address.
    """

    NAME: ClassVar[str] = "order.place"
    RUNS: ClassVar[Runs] = Runs.AUTHORITY
    PERMISSION: ClassVar[Permission] = Permission.STOREFRONT
    order_id: str
    no_candidates: tuple[str, ...]
    lines: tuple[WantedLine, ...]
    delivery_kind: DeliveryKind
    contact: Contact
    expected_total_fen: Fen
    buyer_remark: str = ""
    source: str = ""
    pickup: PickupWish | None = None
    slot: str = ""


@dataclass(frozen=True, slots=True)
class ShippedLine:
    order_line_id: str
    qty: int


@dataclass(frozen=True, slots=True)
class ShipOrder(Command):
    """Hand pieces of an order to a carrier under a waybill number."""

    NAME: ClassVar[str] = "order.ship"
    PERMISSION: ClassVar[Permission] = Permission.ORDER_SHIP
    order_id: str
    parcel_id: str
    lines: tuple[ShippedLine, ...]
    carrier: str
    waybill_no: str
    service: str = ""


@dataclass(frozen=True, slots=True)
class NoteOrder(Command):
    """Write the staff's own remark on an order."""

    NAME: ClassVar[str] = "order.note"
    PERMISSION: ClassVar[Permission] = Permission.ORDER_NOTE
    order_id: str
    remark: str
