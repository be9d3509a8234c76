"""Deciding a command on the shown state: the same handlers as at the authority, every change with its base kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.command import Actor, Command, Context
from app.domain.outcome import Accepted, Decision, Rejected
from app.domain.registry import NOT_ALLOWED, Registry
from app.domain.row import Row, key_text
from app.domain.settings import read_settings
from app.domain.staff.model import Staff
from app.domain.view import View
from app.replica import shadow
from app.replica.database import ReplicaDatabase
from app.replica.footprint import Footprint, Mark, Told, WatchedView, marks
from app.replica.meta import Meta
from app.tables.execute import Written, execute
from app.tables.statements import statements_of
from app.tables.view import SqlView
from app.wire.messages import CommandMessage


@dataclass(frozen=True, slots=True)
class Shown:
    """What a command did to the shown state: the decision and the (table, key) pairs it touched."""

    decision: Decision
    touched: tuple[tuple[str, str], ...] = ()


def show(database: ReplicaDatabase, registry: Registry, meta: Meta, message: CommandMessage) -> Shown:
    """Decide a recorded command on the shown state and carry it out there, within the open transaction.

    What it looked at and wrote is noted; when this raises, nothing is known of that.
    """
    database.footprints.pop(message.command_id, None)
    command = registry.read(message.name, message.version, message.args)
    view = WatchedView(SqlView(database, meta.audiences))
    context, decision = (None, command) if isinstance(command, Rejected) else _decided(registry, view, command, message)
    writes: set[Mark] = set()
    written: Sequence[Written] = ()
    if isinstance(decision, Accepted):

        def touch(kind: type[Row], key: tuple[str, ...]) -> int:
            record = database.execute(statements_of(kind, database.mark).select, key).fetchone()
            writes.update(marks(kind, key, record))
            shadow.keep(database, kind, key, record)
            return 0 if record is None else int(record[-1])

        written = execute(database, decision.changes, touch)
        for row in written:
            writes.update(marks(row.kind, row.key, row.record))
    touched = tuple((row.kind.TABLE, key_text(row.key)) for row in written)
    told = None
    if isinstance(decision, Accepted) and context is not None and not isinstance(command, Rejected):
        told = Told(command, message, context, view.rows, view.lists, tuple(decision.changes))
    database.footprints[message.command_id] = Footprint(view.reads.union(touched), writes, told)
    return Shown(decision, touched)


def decide(registry: Registry, view: View, command: Command, message: CommandMessage) -> Decision:
    return _decided(registry, view, command, message)[1]


def _decided(
    registry: Registry, view: View, command: Command, message: CommandMessage
) -> tuple[Context | None, Decision]:
    context = circumstances(view, message)
    if context is None:
        return None, Rejected(NOT_ALLOWED, {"actor": message.actor, "permission": command.PERMISSION})
    return context, registry.decide(command, view, context)


def circumstances(view: View, message: CommandMessage) -> Context | None:
    """``now`` is the command's own time, here and at every replay, so a replay changes nothing by itself.

    None when whoever gave the command is none of the staff.
    """
    person = view.get(Staff, message.actor)
    if person is None or person.archived_at is not None:
        return None
    actor = Actor(person.id, person.role)
    return _Circumstances(message.command_id, message.issued_at, message.issued_at, actor, read_settings(view))


@dataclass(frozen=True, slots=True)
class _Circumstances(Context):
    """Those of a command that is decided again and again: the ids that it makes are always the same ones."""

    ids: dict[tuple[str, ...], str] = field(default_factory=dict, compare=False, repr=False)

    def new_id(self, *labels: str) -> str:
        found = self.ids.get(labels)
        if found is None:
            found = self.ids[labels] = Context.new_id(self, *labels)
        return found
