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
from app.replica import shadow
from app.replica.database import ReplicaDatabase
from app.replica.deciding import decide
from app.replica.footprint import Footprint, Mark, Told, list_mark, marks
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
        decision = decide(registry, view, told.command, told.message)
        if not isinstance(decision, Accepted):
            raise Unsure
        ours, others = rows.parted(decision.changes)
        if decision.changes != told.changes and others != rows.parted(told.changes)[1]:
            raise Unsure
        written = rows.carry_out(ours)
        rows_seen = {**told.rows, **view.seen}
        recalled = Told(told.command, told.message, rows_seen, told.lists, decision.changes)
        reads, writes = before.reads, before.writes
        if not (view.seen.keys() <= reads and written <= writes):
            reads, writes = reads | view.seen.keys() | (written & made.moved), writes | written
        database.footprints[command_id] = Footprint(reads, writes, recalled)
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


class _MovedRows:
    """The moved rows, as far as they are looked at, command after command."""

    def __init__(self, database: ReplicaDatabase, made: Plan) -> None:
        self._database = database
        self._rows: dict[TableKey, tuple[Row | None, int]] = {}
        self._tables = {table for table, _ in made.moved}
        self.moved = made.moved
        self.marks = set(made.marks)
        self.touched: dict[TableKey, set[Mark]] = {}
        """What was written, each row with its marks as it stands now."""

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
        """Write what a command does to them; answers the marks of these rows."""
        found: set[Mark] = set()
        for kind, key in dict.fromkeys((change.kind, change.key) for change in changes):
            its = [change for change in changes if (change.kind, change.key) == (kind, key)]
            found |= self._write(kind, key, _changed(self.row(kind, key), its))
        if not found <= self.marks:
            self.marks |= found
        return found

    def _write(self, kind: type[Row], key: tuple[str, ...], row: Row | None) -> set[Mark]:
        name, sql = (kind.TABLE, key_text(key)), statements_of(kind, "?")
        if name not in self.touched:
            base = self._record(kind, key)
            shadow.keep(self._database, kind, key, base)
            self.touched[name] = set(marks(kind, key, base))
        version = self._rows[name][1]
        self._rows[name] = (row, version)
        record = None if row is None else mapper_of(kind).record(row, version)
        self._database.execute(sql.delete if record is None else sql.upsert, record or key)
        before, after = self.touched[name], set(marks(kind, key, record))
        if before == after:
            return before
        self.touched[name] = after
        return before | after

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
