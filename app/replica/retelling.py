"""Pending commands that a page meets, told again out of memory: nearly always they come out as they were.

What stands at the counter of many commands is one row, the stock of an article that all of them ship. When it changes
each of them is decided again, in order, on what it saw when it was shown, and on how that row stands now. As long as
it decides the same about all other rows only that row is written; where it does not, or looks at what it has not seen
before, nothing of this holds, and the commands are carried out again.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from app.domain.outcome import Accepted, Bump, Change, Put
from app.domain.registry import Registry
from app.domain.row import Row, key_text
from app.domain.settings import Setting
from app.domain.staff.model import Staff
from app.replica import shadow
from app.replica.database import ReplicaDatabase
from app.replica.deciding import circumstances
from app.replica.footprint import Footprint, Mark, Told, are_marked_alike, list_mark, marks
from app.tables.mapper import Record, mapper_of
from app.tables.statements import statements_of

R = TypeVar("R", bound=Row)
TableKey = tuple[str, str]


class Unsure(Exception):
    """What is remembered does not suffice; rows may have been written by then."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``moved`` rows are written by the page, or by commands that it decides; ``marks`` are all of theirs."""

    moved: Set[TableKey]
    marks: Set[Mark]


def plan(
    database: ReplicaDatabase, page_rows: Iterable[TableKey], page_marks: Set[Mark], met: Set[str], decided: Set[str]
) -> Plan | None:
    """What can move for the commands that were ``met`` and wait on; None if one of them is not remembered."""
    footprints = database.footprints
    if any(footprints[command_id].told is None for command_id in met - decided):
        return None
    moved, found = set(page_rows), set(page_marks)
    for command_id in decided & footprints.keys():
        moved.update(footprints[command_id].written_rows())
        found |= footprints[command_id].writes
    return Plan(moved, found)


def retell(database: ReplicaDatabase, registry: Registry, made: Plan, command_ids: Sequence[str]) -> list[TableKey]:
    """Tell these commands again, in this order, after the moved rows were taken back; answers the rows written.

    Raises Unsure, or what a handler or a check of the database raises.
    """
    rows = _MovedRows(database, made)
    for command_id in command_ids:
        before = database.footprints[command_id]
        told = before.told
        if told is None:
            raise Unsure
        view = _RecallingView(told, rows)
        context = told.context if rows.leave_alone(told) else circumstances(view, told.message)
        decision = None if context is None else registry.decide(told.command, view, context)
        if context is None or not isinstance(decision, Accepted):
            raise Unsure
        ours, others = rows.parted(decision.changes)
        if decision.changes != told.changes and others != rows.parted(told.changes)[1]:
            raise Unsure
        written = rows.carry_out(ours)
        rows_seen = {**told.rows, **view.seen}
        recalled = Told(told.command, told.message, context, rows_seen, told.lists, decision.changes)
        reads, writes = before.reads, before.writes
        if not (view.seen.keys() <= reads and written <= writes):
            reads, writes = reads | view.seen.keys() | (written & made.moved), writes | written
        database.footprints[command_id] = Footprint(reads, writes, recalled)
    rows.write()
    return list(rows.touched)


class _RecallingView:
    """What a command saw when it was shown, and the moved rows as they are now."""

    def __init__(self, told: Told, rows: "_MovedRows") -> None:
        self._told = told
        self._rows = rows
        self.seen: dict[TableKey, Row | None] = {}

    def get(self, kind: type[R], *key: str) -> R | None:
        name = (kind.TABLE, key_text(key))
        if name in self._rows.moved:
            self.seen[name] = self._rows.row(kind, key)
            return self.seen[name]  # type: ignore[return-value]
        if name not in self._told.rows:
            raise Unsure
        return self._told.rows[name]  # type: ignore[return-value]

    def children(self, kind: type[R], **by: str) -> tuple[R, ...]:
        asked = (kind.TABLE, *by.items())
        if list_mark(kind, by) in self._rows.marks or asked not in self._told.lists:
            raise Unsure
        return self._told.lists[asked]  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class _Standing:
    """A row as it is now, with the marks that it bears."""

    record: Record | None
    marks: frozenset[Mark]


class _MovedRows:
    """The moved rows, as far as they are looked at, command after command."""

    def __init__(self, database: ReplicaDatabase, made: Plan) -> None:
        self._database = database
        self._rows: dict[TableKey, tuple[Row | None, int]] = {}
        self._tables = {table for table, _ in made.moved}
        self.moved = made.moved
        self.marks = set(made.marks)
        self.touched: dict[TableKey, _Standing] = {}
        self._unwritten: list[tuple[str, list[Sequence[Any]]]] = []

    def leave_alone(self, told: Told) -> bool:
        """Whether who gave a command and the shop's settings are what they were."""
        return (Staff.TABLE, told.message.actor) not in self.moved and (Setting.TABLE,) not in self.marks

    def parted(self, changes: Iterable[Change]) -> tuple[list[Change], list[Change]]:
        """Those of the moved rows, and those of all others."""
        ours: list[Change] = []
        others: list[Change] = []
        for change in changes:
            table = change.kind.TABLE
            is_ours = table in self._tables and (table, key_text(change.key)) in self.moved
            (ours if is_ours else others).append(change)
        return ours, others

    def row(self, kind: type[Row], key: tuple[str, ...]) -> Row | None:
        """As it is now."""
        name = (kind.TABLE, key_text(key))
        if name not in self._rows:
            record = self._record(kind, key)
            self._rows[name] = (None, 0) if record is None else (mapper_of(kind).row(record), int(record[-1]))
        return self._rows[name][0]

    def carry_out(self, changes: Sequence[Change]) -> set[Mark]:
        """What a command does to them; answers the marks of these rows."""
        by_row: dict[tuple[type[Row], tuple[str, ...]], list[Change]] = {}
        for change in changes:
            by_row.setdefault((change.kind, change.key), []).append(change)
        found: set[Mark] = set()
        for (kind, key), its in by_row.items():
            found |= self._write(kind, key, _changed(self.row(kind, key), its))
        if not found <= self.marks:
            self.marks |= found
        return found

    def write(self) -> None:
        """Write what was carried out, step by step, so that the database checks each; raises what it raises."""
        for sql, records in self._unwritten:
            self._database.execute_many(sql, records)
        self._unwritten.clear()

    def _write(self, kind: type[Row], key: tuple[str, ...], row: Row | None) -> Set[Mark]:
        name, sql = (kind.TABLE, key_text(key)), statements_of(kind, "?")
        before = self.touched.get(name)
        if before is None:
            base = self._record(kind, key)
            shadow.keep(self._database, kind, key, base)
            before = _Standing(base, frozenset(marks(kind, key, base)))
        version = self._rows[name][1]
        self._rows[name] = (row, version)
        record = None if row is None else mapper_of(kind).record(row, version)
        statement = sql.delete if record is None else sql.upsert
        if not self._unwritten or self._unwritten[-1][0] != statement:
            self._unwritten.append((statement, []))
        self._unwritten[-1][1].append(record or key)
        if are_marked_alike(kind, before.record, record):
            self.touched[name] = _Standing(record, before.marks)
            return before.marks
        after = frozenset(marks(kind, key, record))
        self.touched[name] = _Standing(record, after)
        return before.marks | after

    def _record(self, kind: type[Row], key: tuple[str, ...]) -> Record | None:
        record: Any = self._database.execute(statements_of(kind, "?").select, key).fetchone()
        return None if record is None else tuple(record)


def _changed(row: Row | None, changes: Iterable[Change]) -> Row | None:
    """A row after some changes; what the database would refuse of it is left to it."""
    added: dict[str, int] = {}
    for change in changes:
        match change:
            case Put(row=new) if not new.APPEND_ONLY and not added:
                row = new
            case Bump(column=column, by=by) if row is not None:
                added[column] = added.get(column, getattr(row, column)) + by
            case _:
                raise Unsure
    return row if row is None else replace(row, **added)  # type: ignore[type-var]
