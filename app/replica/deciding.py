"""Deciding a command on the shown state: the same handlers as at the authority, every change with its base kept."""

from dataclasses import dataclass

from app.domain.command import Actor, Command, Context
from app.domain.outcome import Accepted, Decision, Rejected
from app.domain.registry import NOT_ALLOWED, Registry
from app.domain.row import key_text
from app.domain.settings import read_settings
from app.domain.staff.model import Staff
from app.replica import shadow
from app.replica.database import ReplicaDatabase
from app.replica.meta import Meta
from app.tables.execute import execute
from app.tables.view import SqlView
from app.wire.messages import CommandMessage


@dataclass(frozen=True, slots=True)
class Shown:
    """What a command did to the shown state: the decision and the (table, key) pairs it touched."""

    decision: Decision
    touched: tuple[tuple[str, str], ...] = ()


def show(database: ReplicaDatabase, registry: Registry, meta: Meta, message: CommandMessage) -> Shown:
    """Decide a recorded command on the shown state and carry it out there, within the open transaction."""
    command = registry.read(message.name, message.version, message.args)
    if isinstance(command, Rejected):
        return Shown(command)
    view = SqlView(database, meta.audiences)
    decision = decide(registry, view, command, message)
    if not isinstance(decision, Accepted):
        return Shown(decision)
    written = execute(database, decision.changes, None, shadow.keeper(database))
    return Shown(decision, tuple((row.kind.TABLE, key_text(row.key)) for row in written))


def decide(registry: Registry, view: SqlView, command: Command, message: CommandMessage) -> Decision:
    """``now`` is the command's own time, here and at every replay, so a replay changes nothing by itself."""
    person = view.get(Staff, message.actor)
    if person is None or person.archived_at is not None:
        return Rejected(NOT_ALLOWED, {"actor": message.actor, "permission": command.PERMISSION})
    actor = Actor(person.id, person.role)
    context = Context(message.command_id, message.issued_at, message.issued_at, actor, read_settings(view))
    return registry.decide(command, view, context)
