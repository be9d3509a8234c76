"""Deciding one command inside the open transaction, and writing everything that follows from it."""

from dataclasses import dataclass, replace
from typing import Any

from app.domain import registry as codes
from app.domain.command import Actor, Command, Context, Kind, Runs
from app.domain.incidents.model import Incident
from app.domain.outcome import Accepted, Change, Put, Rejected
from app.domain.registry import Registry
from app.domain.row import Audience
from app.domain.settings import ShopSettings, read_settings
from app.domain.staff.model import Staff
from app.kernel import codec
from app.kernel.clock import Clock
from app.kernel.derived import derived_id
from app.tables import kept
from app.tables.execute import Known, execute, touched_keys
from app.tables.seen import SeenView
from app.tables.statements import Database
from app.tables.view import SqlView
from app.wire.messages import Verdict
from services.authority import commandlog, feed
from services.authority.feed import FeedEntry
from services.authority.head import Head
from services.authority.submission import Answer, Intent, SequenceConflict, SequenceGap
from services.db.engine import OpenDatabase

FAILURES_BEFORE_PARKING = 3


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is to be recorded about a command; ``known`` are rows as they are before it."""

    kind: Kind
    verdict: Verdict
    changes: tuple[Change, ...] = ()
    code: str = ""
    params: dict[str, Any] | None = None
    known: Known | None = None


class Decider:
    """Asks the domain and writes its answer; keeps settings and what hardly ever changes between commands."""

    def __init__(self, registry: Registry, clock: Clock) -> None:
        self._registry = registry
        self._clock = clock
        self._settings: ShopSettings | None = None
        self._kept: kept.Rows = {}

    def forget(self) -> None:
        """Drop what was derived from rows that may not be there any more."""
        self._settings = None
        self._kept = {}

    def decide(self, database: OpenDatabase, head: Head, intent: Intent) -> tuple[Answer, frozenset[str]]:
        """The verdict, old or new, and the tables it changed; raises SequenceGap and SequenceConflict."""
        earlier = commandlog.answered(database, intent)
        if earlier is not None:
            if intent.device_id is not None and intent.device_seq == _expected(database, intent.device_id):
                self._acknowledge_again(database, head, intent, earlier)
            return earlier, frozenset()
        _check_sequence(database, intent)
        ruling = self._rule(database, intent)
        return self._record(database, head, intent, ruling)

    def give_up(self, database: OpenDatabase, head: Head, intent: Intent) -> tuple[Answer, frozenset[str]]:
        """Record a command that our own fault keeps from being decided: refused, or parked when it is a fact."""
        _check_sequence(database, intent)
        kind = self._registry.kind(intent.name, intent.version)
        if kind is not None and kind.KIND is Kind.FACT:
            refs = {"command_id": intent.command_id, "name": intent.name}
            now = self._clock.now()
            incident = Incident(_incident_id(intent), "command.parked", refs, now)
            ruling = Ruling(Kind.FACT, Verdict.PARKED, (Put(incident),), codes.INTERNAL_ERROR.code)
        else:
            ruling = Ruling(Kind.REQUEST, Verdict.REJECTED, code=codes.INTERNAL_ERROR.code)
        return self._record(database, head, intent, ruling)

    def _acknowledge_again(self, database: OpenDatabase, head: Head, intent: Intent, earlier: Answer) -> None:
        """A copied computer brings what the other one has brought: its number is used up, and it learns the verdict."""
        command = (intent.command_id, intent.actor.id, self._clock.now())
        head.last_seq = feed.append(database, _acknowledgement(intent, earlier), head.last_seq + 1, command)
        _advance(database, intent)

    def _rule(self, database: Database, intent: Intent) -> Ruling:
        command = self._registry.read(intent.name, intent.version, intent.args)
        if isinstance(command, Rejected):
            return _refusal(Kind.REQUEST, command)
        view = SeenView(database, Audience, self._kept)
        actor, dismissed = _actor(view, intent)
        if actor is None or not _may_come_from(command, intent) or (dismissed and command.KIND is Kind.REQUEST):
            params = {"actor": intent.actor.id, "permission": command.PERMISSION}
            return _refusal(command.KIND, Rejected(codes.NOT_ALLOWED, params))
        if self._settings is None:
            self._settings = read_settings(view)
        context = Context(intent.command_id, self._clock.now(), intent.issued_at, actor, self._settings)
        decision = self._registry.decide(command, view, context)
        if isinstance(decision, Rejected):
            return _refusal(command.KIND, decision)
        if not isinstance(decision, Accepted):
            raise AssertionError(f"the authority holds every table, yet {intent.name} missed {decision.table}")
        changes = decision.changes
        if dismissed:
            refs = {"command_id": intent.command_id, "staff_id": actor.id}
            changes = (*changes, Put(Incident(_incident_id(intent), "command.dismissed_actor", refs, context.at)))
        return Ruling(command.KIND, Verdict.APPLIED, changes, known=view.seen)

    def _record(
        self, database: OpenDatabase, head: Head, intent: Intent, ruling: Ruling
    ) -> tuple[Answer, frozenset[str]]:
        now = self._clock.now()
        synced = [kind for kind, _ in touched_keys(ruling.changes) if kind.AUDIENCE is not Audience.SERVICE]
        commit_seq = head.last_seq + len(synced) + (intent.device_seq is not None)
        written = execute(database, ruling.changes, commit_seq, ruling.known)
        if any(row.kind in kept.SELDOM for row in written):
            self.forget()
        params = ruling.params or {}
        answer = Answer(intent.command_id, ruling.verdict, ruling.code, params, commit_seq, changes=ruling.changes)
        entries = feed.entries_of(written) + _acknowledgement(intent, answer)
        if entries:
            last = feed.append(database, entries, head.last_seq + 1, (intent.command_id, intent.actor.id, now))
            if last != commit_seq:
                raise AssertionError(f"{intent.name} was numbered {commit_seq} but its feed ends at {last}")
            head.last_seq = last
        entry = commandlog.Entry(
            intent, ruling.kind, ruling.verdict, ruling.code, ruling.params or {}, commit_seq, recorded_at=now
        )
        head.last_hash = commandlog.append(database, entry, head.last_position + 1, head.last_hash)
        head.last_position += 1
        _advance(database, intent)
        return answer, frozenset(row.kind.TABLE for row in written)


def _refusal(kind: Kind, rejected: Rejected) -> Ruling:
    return Ruling(kind, Verdict.REJECTED, code=rejected.code, params=dict(codec.plain(rejected.params)))


def _actor(view: SqlView, intent: Intent) -> tuple[Actor | None, bool]:
    """Who really acts, and whether that person has left: a device's claim is checked against the staff."""
    if intent.device_id is None:
        return intent.actor, False
    person = view.get(Staff, intent.actor.id)
    if person is None:
        return None, False
    return replace(intent.actor, role=person.role), person.archived_at is not None


def _may_come_from(command: Command, intent: Intent) -> bool:
    return intent.device_id is None or command.RUNS is not Runs.AUTHORITY


def _acknowledgement(intent: Intent, answer: Answer) -> list[FeedEntry]:
    if intent.device_id is None or intent.device_seq is None:
        return []
    row = {
        "device_seq": intent.device_seq,
        "verdict": answer.verdict.value,
        "code": answer.code,
        "params": dict(answer.params),
        "commit_seq": answer.commit_seq,
    }
    return [feed.verdict_entry(intent.device_id, intent.command_id, row)]


def _check_sequence(database: Database, intent: Intent) -> None:
    if intent.device_id is None or intent.device_seq is None:
        return
    expected = _expected(database, intent.device_id)
    if intent.device_seq < expected:
        raise SequenceConflict
    if intent.device_seq > expected:
        raise SequenceGap(expected)


def _expected(database: Database, device_id: str) -> int:
    record = database.execute(f"SELECT last_device_seq FROM device WHERE id = {database.mark}", (device_id,)).fetchone()
    return 1 if record is None else int(record[0]) + 1


def _advance(database: Database, intent: Intent) -> None:
    if intent.device_seq is None:
        return
    mark = database.mark
    result = database.execute(
        f"UPDATE device SET last_device_seq = {mark} WHERE id = {mark} AND last_device_seq = {mark} - 1",
        (intent.device_seq, intent.device_id, intent.device_seq),
    )
    if result.rowcount != 1:
        raise AssertionError(f"device {intent.device_id} did not stand before {intent.device_seq}")


def _incident_id(intent: Intent) -> str:
    return derived_id(intent.command_id, "authority-incident")


def count_failure(database: Database, command_id: str, error: str, at: str) -> int:
    """Remember that a command raised; answers how often it has by now."""
    mark = database.mark
    database.execute(
        "INSERT INTO command_failures (command_id, count, last_error, last_at)"
        f" VALUES ({mark}, 1, {mark}, {mark}) ON CONFLICT (command_id)"
        " DO UPDATE SET count = command_failures.count + 1, last_error = excluded.last_error,"
        " last_at = excluded.last_at",
        (command_id, error, at),
    )
    record = database.execute(f"SELECT count FROM command_failures WHERE command_id = {mark}", (command_id,)).fetchone()
    return int(record[0])
