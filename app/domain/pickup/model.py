"""Collecting in the shop: where, until when, and every time that goods were handed over for a code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from app.domain.opening import Opening
from app.domain.row import Row


class PickupState(StrEnum):
    """ORDERED: not paid yet. CLOSED: nobody will come, because the order ended in another way."""

    ORDERED = "ordered"
    PREPARING = "preparing"
    READY = "ready"
    COLLECTED = "collected"
    CLOSED = "closed"


OPEN_PICKUPS = (PickupState.ORDERED, PickupState.PREPARING, PickupState.READY)


class RedemptionMode(StrEnum):
    """How it was decided to hand over: by the code, by the digits, by a manager, unplugged, for an order not here."""

    SCAN = "scan"
    TYPED = "typed"
    BY_HAND = "by_hand"
    OFFLINE = "offline"
    UNKNOWN_CODE = "unknown_code"
    UNDO = "undo"


class RedemptionVerdict(StrEnum):
    """TWICE and ENDED: a fact that met an order already collected or already over. UNKNOWN: of no order so far."""

    REDEEMED = "redeemed"
    PARTLY = "partly"
    TWICE = "twice"
    ENDED = "ended"
    UNKNOWN = "unknown"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class PickupPoint(Row):
    """A place where buyers collect; ``location_id`` holds its stock, "" is the shop's usual place."""

    TABLE: ClassVar[str] = "pickup_points"
    id: str
    name: str
    address: str
    phone: str
    hours: Mapping[str, Any]
    slot_minutes: int = 0
    lead_minutes: int = 0
    days_ahead: int = 1
    location_id: str = ""
    archived_at: datetime | None = None

    @property
    def opening(self) -> Opening:
        return Opening(self.hours, self.slot_minutes, self.lead_minutes, self.days_ahead)


@dataclass(frozen=True, slots=True)
class Pickup(Row):
    """How an order is collected. ``slot`` is when, ``shelf`` where its packed goods stand.

    ``ref`` stands in the code instead of the order's id, ``human_code`` is what a buyer reads out.
    """

    TABLE: ClassVar[str] = "pickups"
    KEY: ClassVar[tuple[str, ...]] = ("order_id",)
    LOOKUPS: ClassVar[tuple[str, ...]] = ("ref", "human_code", "state", "point_id")
    order_id: str
    point_id: str
    ref: str
    human_code: str
    state: PickupState
    slot: str = ""
    shelf: str = ""
    expires_at: datetime | None = None
    ready_at: datetime | None = None
    collected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PickupRedemption(Row):
    """One handing over as it happened; ``id`` is the scan's nonce, ``pieces`` how many of which order line.

    ``order_id`` is empty while the code is of no order that is known. ``undoes`` names the redemption that an undo
    takes back.
    """

    TABLE: ClassVar[str] = "pickup_redemptions"
    LOOKUPS: ClassVar[tuple[str, ...]] = ("order_id", "ref", "mode", "business_on")
    APPEND_ONLY: ClassVar[bool] = True
    id: str
    ref: str
    order_id: str
    device_id: str
    staff_id: str
    point_id: str
    happened_at: datetime
    business_on: date
    mode: RedemptionMode
    verdict: RedemptionVerdict
    pieces: Mapping[str, Any]
    undoes: str = ""
    reason: str = ""
