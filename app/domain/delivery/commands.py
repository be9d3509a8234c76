"""Intents about the shop's own delivery."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from app.domain.command import Command, Kind, Runs
from app.domain.money import Fen
from app.domain.permission import Permission


@dataclass(frozen=True, slots=True)
class SaveDeliveryArea(Command):
    """Where the shop's couriers go and what that costs; free from ``free_from_fen`` on, if that is set."""

    NAME: ClassVar[str] = "delivery.save_area"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.SETTINGS_EDIT
    area_id: str
    name: str
    prefixes: tuple[str, ...]
    fee_fen: Fen
    hours: Mapping[str, Any]
    free_from_fen: Fen | None = None
    slot_minutes: int = 0
    lead_minutes: int = 0
    days_ahead: int = 1


@dataclass(frozen=True, slots=True)
class ArchiveDeliveryArea(Command):
    """The couriers go there no more; what was ordered is still brought."""

    NAME: ClassVar[str] = "delivery.archive_area"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.SETTINGS_EDIT
    area_id: str


@dataclass(frozen=True, slots=True)
class AssignCourier(Command):
    """Who is to bring an order; "" takes it back."""

    NAME: ClassVar[str] = "delivery.assign"
    PERMISSION: ClassVar[Permission] = Permission.ORDER_SHIP
    order_id: str
    courier_id: str


@dataclass(frozen=True, slots=True)
class DispatchDelivery(Command):
    """All goods of an order leave with a courier."""

    NAME: ClassVar[str] = "delivery.dispatch"
    PERMISSION: ClassVar[Permission] = Permission.ORDER_DELIVER
    order_id: str
    courier_id: str


@dataclass(frozen=True, slots=True)
class RecordDelivered(Command):
    """The receiver has the goods: a fact."""

    NAME: ClassVar[str] = "delivery.record_delivered"
    KIND: ClassVar[Kind] = Kind.FACT
    PERMISSION: ClassVar[Permission] = Permission.ORDER_DELIVER
    order_id: str


@dataclass(frozen=True, slots=True)
class RecordUndelivered(Command):
    """Nobody took the goods, and they are back in the shop: a fact."""

    NAME: ClassVar[str] = "delivery.record_undelivered"
    KIND: ClassVar[Kind] = Kind.FACT
    PERMISSION: ClassVar[Permission] = Permission.ORDER_DELIVER
    order_id: str
    reason: str = ""
