"""Stock: levels that only move by deltas, and the movements that explain them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from app.domain.row import Row


class MovementReason(StrEnum):
    RECEIVED = "received"
    COUNTED = "counted"
    DAMAGED = "damaged"
    LOST = "lost"
    FOUND = "found"
    GIFT = "gift"
    SHIPPED = "shipped"
    COLLECTED = "collected"
    CAME_BACK = "came_back"


class ReservationState(StrEnum):
    HELD = "held"
    CONSUMED = "consumed"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Location(Row):
    """A place that holds stock."""

    TABLE: ClassVar[str] = "locations"
    id: str
    name: str
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StockLevel(Row):
    """Pieces of a SKU at a place.

    ``on_hand_qty`` is the sum of the movements, ``reserved_qty`` the sum of the held reservations, and ``short_qty``
    what a fact took although it was promised to somebody: on hand + short >= reserved, always.
    """

    TABLE: ClassVar[str] = "stock_levels"
    KEY: ClassVar[tuple[str, ...]] = ("sku_id", "location_id")
    LOOKUPS: ClassVar[tuple[str, ...]] = ("sku_id",)
    sku_id: str
    location_id: str
    on_hand_qty: int = 0
    reserved_qty: int = 0
    short_qty: int = 0

    @property
    def available_qty(self) -> int:
        return self.on_hand_qty - self.reserved_qty


@dataclass(frozen=True, slots=True)
class StockMovement(Row):
    """One change of on-hand stock, for good."""

    TABLE: ClassVar[str] = "stock_movements"
    APPEND_ONLY: ClassVar[bool] = True
    id: str
    sku_id: str
    location_id: str
    delta_qty: int
    reason: MovementReason
    ref_kind: str
    ref_id: str
    actor: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Reservation(Row):
    """Pieces promised to one order line; it ends once, consumed or released."""

    TABLE: ClassVar[str] = "reservations"
    KEY: ClassVar[tuple[str, ...]] = ("order_line_id",)
    order_line_id: str
    sku_id: str
    location_id: str
    qty: int
    state: ReservationState
