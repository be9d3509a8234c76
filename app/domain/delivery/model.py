"""What left the shop: with which carrier under which number, or with the shop's own courier."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from app.domain.money import Fen
from app.domain.opening import Opening
from app.domain.row import Row


class ParcelState(StrEnum):
    SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class Parcel(Row):
    """A parcel; carrier and waybill number together are unique."""

    TABLE: ClassVar[str] = "parcels"
    LOOKUPS: ClassVar[tuple[str, ...]] = ("order_id", "waybill_no")
    id: str
    order_id: str
    carrier: str
    service: str
    waybill_no: str
    state: ParcelState
    shipped_at: datetime
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ParcelLine(Row):
    TABLE: ClassVar[str] = "parcel_lines"
    KEY: ClassVar[tuple[str, ...]] = ("parcel_id", "order_line_id")
    LOOKUPS: ClassVar[tuple[str, ...]] = ("parcel_id",)
    parcel_id: str
    order_line_id: str
    qty: int


class DeliveryState(StrEnum):
    """How a local delivery stands.

    ORDERED: not paid yet. BACK: the courier came back with the goods. CLOSED: the order ended in another way.
    """

    ORDERED = "ordered"
    PREPARING = "preparing"
    OUT = "out"
    BACK = "back"
    DELIVERED = "delivered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class DeliveryArea(Row):
    """Where the shop's own couriers go: receivers whose region code begins with one of ``prefixes`` (by commas)."""

    TABLE: ClassVar[str] = "delivery_areas"
    id: str
    name: str
    prefixes: str
    fee_fen: Fen
    hours: Mapping[str, Any]
    free_from_fen: Fen | None = None
    slot_minutes: int = 0
    lead_minutes: int = 0
    days_ahead: int = 1
    archived_at: datetime | None = None

    @property
    def opening(self) -> Opening:
        return Opening(self.hours, self.slot_minutes, self.lead_minutes, self.days_ahead)

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(self.prefixes.split(","))


@dataclass(frozen=True, slots=True)
class LocalDelivery(Row):
    """How the shop's own courier brings an order; ``attempts`` counts the times that the goods went out."""

    TABLE: ClassVar[str] = "local_deliveries"
    KEY: ClassVar[tuple[str, ...]] = ("order_id",)
    LOOKUPS: ClassVar[tuple[str, ...]] = ("state", "courier_id")
    order_id: str
    area_id: str
    state: DeliveryState
    slot: str = ""
    courier_id: str = ""
    attempts: int = 0
    dispatched_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""
