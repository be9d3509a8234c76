"""Doing something here and now: decided, shown and put into the outbox in one transaction, unplugged or not."""

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.command import Command, Kind, Runs
from app.domain.outcome import Decision, Deferred, Rejected
from app.domain.registry import Registry
from app.kernel import codec
from app.replica import meta, outbox
from app.replica.changes import ChangeSet, Origin, by_table
from app.replica.database import ReplicaDatabase
from app.replica.deciding import decide, show
from app.replica.outcome import Done, LocalOutcome, NeedsNetwork
from app.replica.reader import Reading
from app.tables.view import SqlView
from app.wire.messages import CommandMessage


@dataclass(frozen=True, slots=True)
class Issue:
    """Who gives a command, when, and under which id."""

    command_id: str
    actor_id: str
    issued_at: datetime
    initiator: str = ""


def perform(database: ReplicaDatabase, registry: Registry, command: Command, issue: Issue) -> LocalOutcome:
    """Carry out a command on this computer. A refusal leaves no trace; an accepted one is durable when this returns."""
    if command.RUNS is not Runs.ANYWHERE:
        return NeedsNetwork(command.NAME)
    with database.transaction():
        here = meta.read(database)
        message = _message(command, issue, here.next_device_seq)
        shown = show(database, registry, here, message)
        if isinstance(shown.decision, Rejected):
            return shown.decision
        if isinstance(shown.decision, Deferred) and command.KIND is Kind.REQUEST:
            return NeedsNetwork(shown.decision.table)
        outbox.append(database, message)
        meta.write(database, replace(here, next_device_seq=here.next_device_seq + 1))
    return Done(message.command_id, ChangeSet(Origin.LOCAL, by_table(shown.touched), initiator=issue.initiator))


def forecast(connection: sqlite3.Connection, registry: Registry, command: Command, issue: Issue) -> Decision:
    """What would be decided about a command here and now; nothing is recorded."""
    database = Reading(connection)
    here = meta.read(database)
    message = _message(command, issue, here.next_device_seq)
    return decide(registry, SqlView(database, here.audiences), command, message)


def resolve_issue(database: ReplicaDatabase, issue_id: str, by: str, at: datetime) -> ChangeSet:
    """A person has settled an issue of this computer."""
    with database.transaction():
        database.execute(
            "UPDATE sync_issue SET resolved_at = ?, resolved_by = ? WHERE id = ? AND resolved_at IS NULL",
            (codec.time_text(at), by, issue_id),
        )
    return ChangeSet(Origin.LOCAL, by_table([("sync_issue", issue_id)]), issues=())


def _message(command: Command, issue: Issue, device_seq: int) -> CommandMessage:
    return CommandMessage(
        device_seq=device_seq,
        command_id=issue.command_id,
        name=command.NAME,
        version=command.VERSION,
        kind=command.KIND.value,
        actor=issue.actor_id,
        issued_at=issue.issued_at,
        args=codec.plain(command),
    )
