"""A shop made in memory by its own handlers and taken out row by row: how years of orders are made in seconds.

Everything that a demo shop holds is decided by the handlers that decide at the authority. What is left out is the road
there: no log of commands and no feed, and each row is written once, as it was in the end.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from app.domain.catalog.model import Category, Media, Product, ProductMedia, Sku, SpecAxis, SpecValue
from app.domain.command import Actor, Command, Context
from app.domain.delivery.model import DeliveryArea
from app.domain.members.model import Buyer, BuyerIdentity
from app.domain.outcome import Accepted, Bump, Change, Decision, Put
from app.domain.pickup.model import PickupPoint
from app.domain.promotions.model import Coupon, MemberLevel, Promotion, SkuLevelPrice
from app.domain.registry import Registry
from app.domain.row import Row
from app.domain.settings import Setting, ShopSettings, read_settings
from app.domain.staff.model import Staff
from app.domain.stock.model import Location, StockLevel
from app.kernel.derived import derived_id
from app.tables.mapper import Record, mapper_of

R = TypeVar("R", bound=Row)
Key = tuple[str, ...]

LASTING: frozenset[type[Row]] = frozenset(
    {Setting, Staff, Location, Category, Product, SpecAxis, SpecValue, Sku, Media, ProductMedia, StockLevel}
    | {PickupPoint, DeliveryArea}
    | {Buyer, BuyerIdentity, MemberLevel, SkuLevelPrice, Promotion, Coupon}
)
"""What later orders look at. All other rows belong to the order, or to the moment, that made them."""
VERSION = 0
"""Older than any number of the feed: these rows were there before it."""


class MakingView:
    """The shop's rows by key and by look-up; handlers see it like any other view."""

    def __init__(self) -> None:
        self._rows: dict[type[Row], dict[Key, Row]] = {}
        self._found_by: dict[tuple[type[Row], str], dict[str, dict[Key, None]]] = {}

    def get(self, kind: type[R], *key: str) -> R | None:
        return self._table(kind).get(key)

    def children(self, kind: type[R], **by: str) -> tuple[R, ...]:
        table = self._table(kind)
        if not by:
            return tuple(table[key] for key in sorted(table))
        unknown = set(by) - set(kind.LOOKUPS)
        if unknown:
            raise LookupError(f"{kind.TABLE} has no look-up by {sorted(unknown)}")
        (column, value), *others = by.items()
        keys = self._found_by.get((kind, column), {}).get(value)
        if not keys:
            return ()
        found = (table[key] for key in sorted(keys))
        return tuple(row for row in found if all(getattr(row, name) == wanted for name, wanted in others))

    def put(self, kind: type[Row], key: Key, row: Row) -> None:
        table = self._table(kind)
        old = table.get(key)
        if old is not None and kind.APPEND_ONLY:
            raise LookupError(f"{kind.TABLE} keeps what it once recorded")
        table[key] = row
        for column in kind.LOOKUPS:
            value = getattr(row, column)
            if old is not None:
                before = getattr(old, column)
                if before == value:
                    continue
                if before is not None:
                    self._found_by[kind, column][before].pop(key)
            if value is not None:
                self._found_by.setdefault((kind, column), {}).setdefault(value, {})[key] = None

    def forget(self, kind: type[Row]) -> None:
        """Drop all rows of a kind; nothing asks for them any more."""
        self._table(kind).clear()
        for column in kind.LOOKUPS:
            self._found_by.pop((kind, column), None)

    def _table(self, kind: type[R]) -> dict[Key, R]:
        return self._rows.setdefault(kind, {})  # type: ignore[return-value]  # one dictionary per row type


class Refused(Exception):
    """A handler has refused what the demo shop wanted: a mistake of the demo's, never a state of the shop."""


class Making:
    """Decides commands, each at its own time, and keeps what is to be written."""

    def __init__(self, registry: Registry, name: str) -> None:
        self.view = MakingView()
        self._registry = registry
        self._name = name
        self._count = 0
        self._changed: dict[type[Row], dict[Key, Row]] = {}
        self._ready: dict[type[Row], list[Record]] = {}
        self._settings: ShopSettings | None = None

    @property
    def settings(self) -> ShopSettings:
        if self._settings is None:
            self._settings = read_settings(self.view)
        return self._settings

    def context(self, actor: Actor, at: datetime) -> Context:
        """The circumstances of the next command; equal numbers of commands before it give equal ids."""
        return Context(derived_id(self._name, str(self._count)), at, at, actor, self.settings)

    def decide(self, command: Command, actor: Actor, at: datetime) -> Decision:
        """What the shop's rules say to a command; an accepted one has happened."""
        decision = self._registry.decide(command, self.view, self.context(actor, at))
        if isinstance(decision, Accepted):
            self.accept(command, decision, actor, at)
        return decision

    def do(self, command: Command, actor: Actor, at: datetime) -> None:
        """A command that cannot be refused here; raises Refused."""
        decision = self.decide(command, actor, at)
        if not isinstance(decision, Accepted):
            raise Refused(f"{command.NAME} at {at}: {decision}")

    def accept(self, _command: Command, decision: Accepted, _actor: Actor, _at: datetime) -> None:
        """Let happen what was decided in the present context."""
        self._count += 1
        for change in decision.changes:
            self._apply(change)

    def conclude(self) -> None:
        """Whatever was going on is over: make its rows ready to be written, and forget those that do not last."""
        for kind, rows in self._changed.items():
            if kind in LASTING:
                continue
            mapper = mapper_of(kind)
            ready = self._ready.setdefault(kind, [])
            ready += [mapper.record(row, VERSION) for row in rows.values()]
            self.view.forget(kind)
        self._changed = {kind: rows for kind, rows in self._changed.items() if kind in LASTING}

    def ready_count(self) -> int:
        return sum(len(records) for records in self._ready.values())

    def take(self) -> dict[type[Row], list[Record]]:
        """All rows that have changed since they were last taken, each as it is now."""
        self.conclude()
        taken = self._ready
        for kind, rows in self._changed.items():
            mapper = mapper_of(kind)
            taken[kind] = [mapper.record(row, VERSION) for row in rows.values()]
        self._ready, self._changed = {}, {}
        return taken

    def _apply(self, change: Change) -> None:
        kind, key = change.kind, change.key
        match change:
            case Put(row=row):
                pass
            case Bump(column=column, by=by):
                old = self.view.get(kind, *key)
                if old is None:
                    raise LookupError(f"{kind.TABLE} {key} is not there")
                row = _bumped(old, column, by)
            case _:
                raise Refused(f"a demo shop removes nothing, and so no {kind.TABLE} {key}")
        self.view.put(kind, key, row)
        self._changed.setdefault(kind, {})[key] = row
        if kind is Setting:
            self._settings = None


def _bumped(row: Row, column: str, by: int) -> Row:
    value: Any = getattr(row, column)
    changed: dict[str, Any] = {column: type(value)(int(value) + by)}
    return replace(row, **changed)  # type: ignore[type-var]  # every Row is a dataclass
