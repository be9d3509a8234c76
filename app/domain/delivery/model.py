"""Parcels: what left the shop, with which carrier, under which number."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

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
