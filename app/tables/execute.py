"""Carrying out what a handler decided: the one place where the shop's rows are written."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from app.domain.outcome import Bump, Change, Put, Remove
from app.domain.row import Row, key_of
from app.tables.mapper import Record, mapper_of
from app.tables.statements import Database, Statements, statements_of

Touch = Callable[[type[Row], tuple[str, ...]], int]
RowKey = tuple[type[Row], tuple[str, ...]]
Known = dict[RowKey, Row | None]
"""Rows as they are just now, and None for one that does not exist."""


@dataclass(frozen=True, slots=True)
class Written:
    """The state of a row after a command; ``record`` is None when it is gone."""

    kind: type[Row]
    key: tuple[str, ...]
    record: Record | None


class MissedRow(Exception):
    """A change did not meet exactly one row: a mistake in a handler, never a state of the shop."""


def touched_keys(changes: Iterable[Change]) -> tuple[RowKey, ...]:
    """Each row that the changes touch, once, in the order of its first touch."""
    return tuple(dict.fromkeys([(change.kind, change.key) for change in changes]))


def execute(
    database: Database, changes: Iterable[Change], version: int | Touch, known: Known | None = None
) -> tuple[Written, ...]:
    """Carry out ``changes`` and answer every touched row once, as it is afterwards.

    Of a row that is ``known`` only what differs is written: an index costs most where it changes nothing.

    ``version`` becomes the rows' version. A replica keeps the versions that are there: it hands over a function that is
    called ahead of the first touch of each row, so that its base image can be kept, and that answers the row's version.
    """
    written: dict[RowKey, Written] = {}
    known = {} if known is None else known
    versions: dict[RowKey, int] = {}
    for change in changes:
        identity: RowKey = (change.kind, change.key)
        if identity not in versions:
            versions[identity] = version if isinstance(version, int) else version(change.kind, change.key)
        record = _execute_one(database, change, versions[identity], known.pop(identity, change))
        written[identity] = Written(*identity, record)
    return tuple(written.values())


def _execute_one(database: Database, change: Change, version: int, before: Row | Change | None) -> Record | None:
    """``before`` is the row as it was, None when there was none, and the change itself when nobody knows."""
    sql = statements_of(change.kind, database.mark)
    match change:
        case Put(row=row):
            record = mapper_of(type(row)).record(row, version)
            _require_one(_put(database, sql, (row, record), before), change)
            return record
        case Remove(key=key):
            _require_one(database.execute(sql.delete, key).rowcount, change)
            return None
        case Bump(key=key, column=column, by=by):
            found = database.execute(sql.bump(column), (by, version, *key)).fetchall()
            _require_one(len(found), change)
            return tuple(found[0])


def _put(database: Database, sql: Statements, put: tuple[Row, Record], before: Row | Change | None) -> int:
    """Answers how many rows it has met."""
    row, record = put
    if before is None or row.APPEND_ONLY:
        return database.execute(sql.insert, record).rowcount
    if not isinstance(before, Row):
        return database.execute(sql.upsert, record).rowcount
    mapper = mapper_of(type(row))
    old: Any = mapper.record(before, record[-1])
    differing = [i for i, value in enumerate(record) if value != old[i]]
    update = sql.update(tuple(mapper.names[i] for i in differing))
    return database.execute(update, (*(record[i] for i in differing), record[-1], *key_of(row))).rowcount


def _require_one(count: int, change: Change) -> None:
    if count != 1:
        raise MissedRow(f"{change.kind.TABLE} {change.key}: {count} rows")
