"""Commands with their handlers, and the one function that decides."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache, cached_property
from typing import Any

from app.domain.command import Command, Context, Runs
from app.domain.outcome import MAX_CHANGES, Accepted, Decision, Deferred, Rejected
from app.domain.permission import permissions_of
from app.domain.refusals import INTERNAL_ERROR, MALFORMED, NOT_ALLOWED, TOO_MANY_CHANGES, UNKNOWN_COMMAND
from app.domain.row import KEY_SEPARATOR
from app.domain.view import NotHere, View
from app.kernel import typed

__all__ = [
    "INTERNAL_ERROR",
    "MALFORMED",
    "NOT_ALLOWED",
    "TOO_MANY_CHANGES",
    "UNKNOWN_COMMAND",
    "Registry",
    "shop_registry",
]
MAX_ID = 128
Handler = Callable[[Any, View, Context], Decision]
Handlers = tuple[tuple[type[Command], Handler], ...]


class Registry:
    """Commands by their wire name and version."""

    def __init__(self, handlers: Handlers | Callable[[], Handlers]) -> None:
        """A function is called when the first command comes."""
        self._given = handlers

    @cached_property
    def _handlers(self) -> dict[type[Command], Handler]:
        return dict(self._given() if callable(self._given) else self._given)

    @cached_property
    def _kinds(self) -> dict[tuple[str, int], type[Command]]:
        return {(kind.NAME, kind.VERSION): kind for kind in self._handlers}

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
            typed.require_storable(args)
            command = typed.build(kind, args)
            _require_ids(command)
            return command
        except typed.Malformed as error:
            return Rejected(MALFORMED, {"where": error.where, "why": error.why})

    def decide(self, command: Command, view: View, context: Context) -> Decision:
        """Whether the actor may do this, and what the shop's rules say to it."""
        if command.PERMISSION not in permissions_of(context.actor.role):
            return Rejected(NOT_ALLOWED, {"actor": context.actor.id, "permission": command.PERMISSION})
        from app.domain.adoption.handlers import happened_already

        try:
            decision = self._handlers[type(command)](command, view, context)
            if command.RUNS is Runs.ANYWHERE and happened_already(view, context):
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
    elif isinstance(value, str):
        if where.endswith("_id") and (KEY_SEPARATOR in value or len(value) > MAX_ID):
            raise typed.Malformed(where, "is no id")
    else:
        for name in _fields_of(value.__class__):
            _require_ids(getattr(value, name), name)


@cache
def _fields_of(kind: Any) -> tuple[str, ...]:
    """The fields in which an id may stand; found once, because every command is asked."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def shop_registry() -> Registry:
    """All commands of the shop; their rules are read with the first of them, behind the desktop's first picture."""

    def handlers() -> Handlers:
        from app.domain.areas import HANDLERS

        return HANDLERS

    return Registry(handlers)
