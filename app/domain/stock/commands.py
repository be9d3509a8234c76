"""Intents about stock."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain.command import Command, Kind
from app.domain.permission import Permission
from app.domain.stock.model import MovementReason


@dataclass(frozen=True, slots=True)
class AdjustStock(Command):
    """Correct on-hand stock by ``delta_qty`` pieces for a reason; refused when it would take promised goods."""

    NAME: ClassVar[str] = "stock.adjust"
    PERMISSION: ClassVar[Permission] = Permission.STOCK_ADJUST
    sku_id: str
    location_id: str
    delta_qty: int
    reason: MovementReason


@dataclass(frozen=True, slots=True)
class ReceiveStock(Command):
    """Goods came in: a fact."""

    NAME: ClassVar[str] = "stock.receive"
    KIND: ClassVar[Kind] = Kind.FACT
    PERMISSION: ClassVar[Permission] = Permission.STOCK_ADJUST
    sku_id: str
    location_id: str
    qty: int


@dataclass(frozen=True, slots=True)
class CountStock(Command):
    """Somebody counted the shelf: a fact. The difference to what was *seen* moves, so sales meanwhile survive."""

    NAME: ClassVar[str] = "stock.count"
    KIND: ClassVar[Kind] = Kind.FACT
    PERMISSION: ClassVar[Permission] = Permission.STOCK_COUNT
    sku_id: str
    location_id: str
    seen_qty: int
    counted_qty: int
