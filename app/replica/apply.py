"""Taking a page of the feed: rewind to the base, apply, settle the outbox, replay what is still pending.

All of it is one transaction, so readers see the state before or after and nothing in between. Afterwards the main
tables with every shadow image restored are exactly the authority's state at the cursor. What the page does not meet
is neither rewound nor replayed: it would come out the same.
"""

import logging
import sqlite3
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.outcome import Accepted, Deferred, Rejected
from app.domain.registry import INTERNAL_ERROR, Registry
from app.domain.row import KEY_SEPARATOR
from app.kernel import typed
from app.replica import arrivals, footprint, meta, outbox, retelling, shadow
from app.replica.changes import ChangeSet, Origin, by_table
from app.replica.database import ReplicaDatabase
from app.replica.deciding import Shown, show
from app.replica.outbox import Forecast
from app.replica.retelling import Plan
from app.tables.execute import MissedRow
from app.tables.mapper import mapper_of
from app.tables.schema import KINDS
from app.tables.statements import statements_of
from app.wire.messages import VERDICT_TABLE, ChangeMessage, CommandResult, PullReply, Verdict

TableKey = tuple[str, str]
_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
"""How a rule of ours fails. What the disk or the memory says is none of these and undoes the whole page."""
log = logging.getLogger("replica")


class WrongPage(Exception):
    """The page does not follow on what is here: another epoch or another cursor. It was not applied."""


@dataclass(frozen=True, slots=True)
class Applied:
    """``overtaken_by``: the number whose verdict came before that of an earlier one, so the service has to be asked."""

    changes: ChangeSet
    overtaken_by: int | None


def apply_page(database: ReplicaDatabase, registry: Registry, page: PullReply, at: datetime) -> Applied:
    """Raises WrongPage when the page is not the next one."""
    with database.transaction():
        here = meta.read(database)
        if (page.epoch, page.after) != (here.feed_epoch, here.cursor):
            raise WrongPage(f"page after {page.after} of {page.epoch}, here {here.cursor} of {here.feed_epoch}")
        met, made = _met(database, page.changes)
        touched = _rewind(database, met, made)
        unpaid = arrivals.not_yet_paid(database, page.changes)
        known, new = _apply_rows(database, page.changes)
        newly_paid = arrivals.paid_now(database, unpaid)
        results = [_result(change) for change in page.changes if change.table == VERDICT_TABLE]
        issues = settle(database, results, at)
        meta.write(database, replace(here, cursor=page.cursor))
        touched += known + new + _show_again(database, registry, met, made)
        last = max((r.device_seq for r in results), default=0)
        overtaken_by = last if outbox.is_overtaken(database, last) else None
    new_rows = {table: keys for table, keys in by_table(new).items() if keys is not None}
    return Applied(ChangeSet(Origin.FEED, by_table(touched), new_rows, issues, newly_paid=newly_paid), overtaken_by)


def settle_verdicts(
    database: ReplicaDatabase, registry: Registry, results: Sequence[CommandResult], last_device_seq: int, at: datetime
) -> ChangeSet:
    """Take the verdicts that the service was asked for; what it has never seen gets numbers behind its last one.

    A verdict of beyond the cursor waits for its page: the rows that it stands for are not here yet.
    """
    with database.transaction():
        here = meta.read(database)
        touched = shadow.rewind(database)
        issues = settle(database, [r for r in results if r.commit_seq <= here.cursor], at)
        following = outbox.follow(database, last_device_seq, {r.command_id: r.device_seq for r in results})
        meta.write(database, replace(here, next_device_seq=following))
        touched += replay(database, registry)
    return ChangeSet(Origin.FEED, by_table(touched), issues=issues)


def _met(database: ReplicaDatabase, changes: Sequence[ChangeMessage]) -> tuple[set[str] | None, Plan | None]:
    """The pending commands that a page can change anything about, None for all, when it is not known.

    Beside them what moves for them, if they are remembered well enough to be told again.
    """
    waiting = set(outbox.waiting(database))
    footprints = database.footprints
    for command_id in footprints.keys() - waiting:
        del footprints[command_id]
    if not waiting <= footprints.keys():
        return None, None
    if not waiting:
        return set(), None
    verdicts = {change.pk: change.row or {} for change in changes if change.table == VERDICT_TABLE}
    decided = waiting & verdicts.keys()
    written = footprint.marks_of_changes(database, changes)
    met = footprint.met(footprints, written, decided)
    is_parked = any(verdicts[command_id].get("verdict") == Verdict.PARKED for command_id in decided)
    if not met or is_parked:  # a parked one goes on being shown
        return met, None
    rows = [(change.table, change.pk) for change in changes if change.table in KINDS]
    return met, retelling.plan(database, rows, written, met, decided)


def _rewind(database: ReplicaDatabase, met: set[str] | None, made: Plan | None) -> list[TableKey]:
    if met is None:
        return shadow.rewind(database)
    keys = _written_by(database, met) if made is None else _moved_by(database, met, made)
    return shadow.rewind(database, keys) if keys else []


def _written_by(database: ReplicaDatabase, command_ids: Iterable[str]) -> set[TableKey]:
    return {key for command_id in command_ids for key in database.footprints[command_id].written_rows()}


def _moved_by(database: ReplicaDatabase, command_ids: Iterable[str], made: Plan) -> set[TableKey]:
    return {key for command_id in command_ids for key in made.moved & database.footprints[command_id].writes}


def _show_again(
    database: ReplicaDatabase, registry: Registry, met: set[str] | None, made: Plan | None
) -> list[TableKey]:
    """Show what was taken back; should that meet the rest now, which it did not before, everything is done anew."""
    if met is None:
        return replay(database, registry)
    if not met:
        return []
    touched = replay(database, registry, met) if made is None else _tell_again(database, registry, met, made)
    if footprint.strays(database.footprints, met):
        touched += shadow.rewind(database)
        touched += replay(database, registry)
    return touched


def _tell_again(database: ReplicaDatabase, registry: Registry, met: set[str], made: Plan) -> list[TableKey]:
    following = [command_id for command_id in outbox.waiting(database) if command_id in met]
    try:
        return retelling.retell(database, registry, made, following)
    except (retelling.Unsure, sqlite3.IntegrityError, *_FAULTS):  # a replay says what is wrong, if anything is
        touched = shadow.rewind(database, _written_by(database, following) | made.moved)
        return touched + replay(database, registry, met)


def replay(database: ReplicaDatabase, registry: Registry, among: Container[str] | None = None) -> list[TableKey]:
    """Show pending commands again, in order; one that is refused now keeps its place and becomes doubtful."""
    here = meta.read(database)
    touched: list[TableKey] = []
    for entry in outbox.pending(database, among):
        database.execute("SAVEPOINT replayed")
        try:
            shown = show(database, registry, here, entry.message)
        except (MissedRow, sqlite3.IntegrityError, *_FAULTS) as error:
            # It may stand in the base already, under a number of a computer that this one was copied from. And a fault
            # of ours must not stop the feed: the authority will have the last word on this command.
            log.warning("command %s cannot be shown again: %s", entry.message.command_id, error)
            database.execute("ROLLBACK TO SAVEPOINT replayed")
            shown = Shown(Rejected(INTERNAL_ERROR))
        database.execute("RELEASE SAVEPOINT replayed")
        touched += shown.touched
        forecast, code = _forecast(shown)
        if (forecast, code) != (entry.forecast, entry.forecast_code):
            outbox.set_forecast(database, entry.message.device_seq, forecast, code)
    return touched


def _forecast(shown: Shown) -> tuple[Forecast, str]:
    match shown.decision:
        case Accepted() | Deferred():
            return Forecast.OK, ""
        case Rejected():
            return Forecast.DOUBTFUL, shown.decision.code


def _apply_rows(database: ReplicaDatabase, changes: Iterable[ChangeMessage]) -> tuple[list[TableKey], list[TableKey]]:
    """Write the images; answers the rows that were here before and those that were not."""
    known: list[TableKey] = []
    new: list[TableKey] = []
    for change in changes:
        kind = KINDS.get(change.table)
        if kind is None:  # a verdict, or a table of a newer program
            continue
        sql = statements_of(kind, "?")
        if change.row is None:
            database.execute(sql.delete, tuple(change.pk.split(KEY_SEPARATOR)))
            known.append((change.table, change.pk))
            continue
        mapper = mapper_of(kind)
        record = mapper.record_of_image(change.row)
        is_here = database.execute(sql.select, mapper.key(record)).fetchone() is not None
        database.execute(sql.upsert, record)
        (known if is_here else new).append((change.table, change.pk))
    return known, new


def settle(database: ReplicaDatabase, results: Iterable[CommandResult], at: datetime) -> tuple[str, ...]:
    """Acknowledge commands in the outbox; answers the issues that this raised."""
    raised = [outbox.acknowledge(database, result, at) for result in results]
    return tuple(issue for issue in raised if issue is not None)


def _result(change: ChangeMessage) -> CommandResult:
    return typed.build(CommandResult, {"command_id": change.pk, **(change.row or {})})
