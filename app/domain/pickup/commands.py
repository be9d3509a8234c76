"""Intents about collecting in the shop."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from app.domain.command import Command, Kind, Runs
from app.domain.permission import Permission


@dataclass(frozen=True, slots=True)
class SavePickupPoint(Command):
    """A place where buyers collect, a new one or an old one anew; see ``app.domain.opening`` for ``hours``."""

    NAME: ClassVar[str] = "pickup.save_point"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.SETTINGS_EDIT
    point_id: str
    name: str
    address: str
    phone: str
    hours: Mapping[str, Any]
    slot_minutes: int = 0
    lead_minutes: int = 0
    days_ahead: int = 1
    location_id: str = ""


@dataclass(frozen=True, slots=True)
class ArchivePickupPoint(Command):
    """Nobody can choose this place any more; who has ordered for it still collects there."""

    NAME: ClassVar[str] = "pickup.archive_point"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.SETTINGS_EDIT
    point_id: str


@dataclass(frozen=True, slots=True)
class MarkReady(Command):
    """The goods of an order are packed and stand at ``shelf``; said again, they stand somewhere else."""

    NAME: ClassVar[str] = "pickup.mark_ready"
    PERMISSION: ClassVar[Permission] = Permission.PICKUP_REDEEM
    order_id: str
    shelf: str = ""


@dataclass(frozen=True, slots=True)
class HandedPieces:
    order_line_id: str
    qty: int


@dataclass(frozen=True, slots=True)
class RedeemPickup(Command):
    """Hand over for a code that was scanned or typed at ``point_id``; without ``pieces`` everything that is left."""

    NAME: ClassVar[str] = "pickup.redeem"
    PERMISSION: ClassVar[Permission] = Permission.PICKUP_REDEEM
    redemption_id: str
    ref: str
    point_id: str
    device_id: str
    pieces: tuple[HandedPieces, ...] = ()
    was_typed: bool = False


@dataclass(frozen=True, slots=True)
class RecordRedeemed(Command):
    """The goods were handed over while nobody could be asked: a fact. ``ref`` comes from a code that was verified."""

    NAME: ClassVar[str] = "pickup.record_redeemed"
    KIND: ClassVar[Kind] = Kind.FACT
    PERMISSION: ClassVar[Permission] = Permission.PICKUP_REDEEM
    redemption_id: str
    ref: str
    point_id: str
    device_id: str
    pieces: tuple[HandedPieces, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordUnknownRedeemed(Command):
    """A manager honoured a verified code whose order this computer did not hold: a fact, booked when it is found."""

    NAME: ClassVar[str] = "pickup.record_unknown"
    KIND: ClassVar[Kind] = Kind.FACT
    PERMISSION: ClassVar[Permission] = Permission.PICKUP_OVERRIDE
    redemption_id: str
    ref: str
    point_id: str
    device_id: str


@dataclass(frozen=True, slots=True)
class HandOverPickup(Command):
    """A manager hands over without a valid code: it has expired, or the buyer has lost it. ``reason`` is kept."""

    NAME: ClassVar[str] = "pickup.hand_over"
    PERMISSION: ClassVar[Permission] = Permission.PICKUP_OVERRIDE
    redemption_id: str
    order_id: str
    point_id: str
    device_id: str
    reason: str
    pieces: tuple[HandedPieces, ...] = ()


@dataclass(frozen=True, slots=True)
class UndoRedemption(Command):
    """The goods were not handed over after all: takes one redemption back, by a record of its own."""

    NAME: ClassVar[str] = "pickup.undo"
    PERMISSION: ClassVar[Permission] = Permission.PICKUP_REDEEM
    redemption_id: str
    undone_id: str
    point_id: str
    device_id: str
