"""Commands whose handlers have a bug, beside the shop's own."""

from dataclasses import dataclass
from typing import Any, ClassVar

from app.domain.catalog import handlers as catalog
from app.domain.command import Command, Context, Kind
from app.domain.members import handlers as members
from app.domain.orders import handlers as orders
from app.domain.outcome import Accepted, Decision, Put
from app.domain.payments import handlers as payments
from app.domain.permission import Permission
from app.domain.registry import Registry
from app.domain.staff import handlers as staff
from app.domain.stock import handlers as stock
from app.domain.stock.model import StockLevel
from app.domain.view import View
from tests.support.shop import PLACE


@dataclass(frozen=True, slots=True)
class Stumble(Command):
    """A request whose handler meets a bug after its first change was written."""

    NAME: ClassVar[str] = "test.stumble"
    PERMISSION: ClassVar[Permission] = Permission.STOCK_COUNT
    note: str = ""


@dataclass(frozen=True, slots=True)
class StumbledFact(Command):
    NAME: ClassVar[str] = "test.stumbled"
    KIND: ClassVar[Kind] = Kind.FACT
    PERMISSION: ClassVar[Permission] = Permission.STOCK_COUNT
    note: str = ""


def stumble(command: Any, view: View, context: Context) -> Decision:
    """The second change breaks a constraint."""
    return Accepted((Put(StockLevel("p1-s", PLACE, 999)), Put(StockLevel("p1-s", PLACE, 0, 5))))


def stumbling_registry() -> Registry:
    areas = (staff, catalog, stock, members, orders, payments)
    handlers = tuple(pair for area in areas for pair in area.HANDLERS)
    return Registry((*handlers, (Stumble, stumble), (StumbledFact, stumble)))
