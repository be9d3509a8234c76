"""All commands of the shop with their handlers, and the one function that decides."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from app.domain.adoption import handlers as adoption
from app.domain.aftersales import handlers as aftersales
from app.domain.catalog import handlers as catalog
from app.domain.command import Command, Context, Runs
from app.domain.delivery import handlers as delivery
from app.domain.handover import collecting, couriering
from app.domain.incidents import handlers as incidents
from app.domain.members import handlers as members
from app.domain.orders import handlers as orders
from app.domain.outcome import MAX_CHANGES, Accepted, Decision, Deferred, RejectCode, Rejected
from app.domain.paper import handlers as paper
from app.domain.payments import handlers as payments
from app.domain.permission import permissions_of
from app.domain.pickup import handlers as pickup
from app.domain.promotions import handlers as promotions
from app.domain.row import KEY_SEPARATOR
from app.domain.staff import handlers as staff
from app.domain.stock import handlers as stock
from app.domain.view import NotHere, View
from app.domain.waybills import handlers as waybills
from app.kernel import codec

NOT_ALLOWED = RejectCode("not_allowed", "{actor} may not do this ({permission}).")
UNKNOWN_COMMAND = RejectCode("unknown_command", "The service does not know {name} version {version}; update it first.")
MALFORMED = RejectCode("malformed", "{where} {why}.")
INTERNAL_ERROR = RejectCode("internal_error", "This could not be worked off because of a fault in the program.")
TOO_MANY_CHANGES = RejectCode("too_many_changes", "This changes more than {most} things at once.")
_AREAS = (
    *(staff, catalog, stock, members, promotions, pickup, delivery, orders, payments, aftersales),
    *(collecting, couriering, waybills, incidents, paper, adoption),
)
CODES: tuple[RejectCode, ...] = (
    NOT_ALLOWED,
    UNKNOWN_COMMAND,
    MALFORMED,
    INTERNAL_ERROR,
    TOO_MANY_CHANGES,
    *(code for area in _AREAS if area is not members for code in area.CODES),
)

MAX_ID = 128
Handler = Callable[[Any, View, Context], Decision]


class Registry:
    """Commands by their wire name and version."""

    def __init__(self, handlers: tuple[tuple[type[Command], Handler], ...]) -> None:
        self._handlers = {kind: handler for kind, handler in handlers}
        self._kinds = {(kind.NAME, kind.VERSION): kind for kind in self._handlers}

    def kinds(self) -> tuple[type[Command], ...]:
        return tuple(self._handlers)

    def kind(self, name: str, version: int) -> type[Command] | None:
        return self._kinds.get((name, version))

    def versions(self) -> dict[str, list[int]]:
        """What this program understands, for a desktop's hello."""
        found: dict[str, list[int]] = {}
        for name, version in sorted(self._kinds):
            found.setdefault(name, []).append(version)
        return found

    def read(self, name: str, version: int, args: Mapping[str, Any]) -> Command | Rejected:
        """The command of a message, or why it is none."""
        kind = self.kind(name, version)
        if kind is None:
            return Rejected(UNKNOWN_COMMAND, {"name": name, "version": version})
        try:
            codec.require_storable(args)
            command = codec.build(kind, args)
            _require_ids(command)
            return command
        except codec.Malformed as error:
            return Rejected(MALFORMED, {"where": error.where, "why": error.why})

    def decide(self, command: Command, view: View, context: Context) -> Decision:
        """Whether the actor may do this, and what the shop's rules say to it."""
        if command.PERMISSION not in permissions_of(context.actor.role):
            return Rejected(NOT_ALLOWED, {"actor": context.actor.id, "permission": command.PERMISSION})
        try:
            decision = self._handlers[type(command)](command, view, context)
            if command.RUNS is Runs.ANYWHERE and adoption.happened_already(view, context):
                return Accepted()
        except NotHere as missing:
            return Deferred(missing.table)
        if isinstance(decision, Accepted) and len(decision.changes) > MAX_CHANGES:
            return Rejected(TOO_MANY_CHANGES, {"most": MAX_CHANGES})
        return decision


def _require_ids(value: Any, where: str = "") -> None:
    """Ids are joined to keys of several parts, so the separator may stand in none of them."""
    if isinstance(value, tuple):
        for item in value:
            _require_ids(item, where)
    elif is_dataclass(value):
        for field in fields(value):
            _require_ids(getattr(value, field.name), field.name)
    elif isinstance(value, str) and where.endswith("_id") and (KEY_SEPARATOR in value or len(value) > MAX_ID):
        raise codec.Malformed(where, "is no id")


def shop_registry() -> Registry:
    return Registry(tuple(pair for area in _AREAS for pair in area.HANDLERS))
