"""Carrying out what a handler decided: the one place where the shop's rows are written."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.domain.outcome import Bump, Change, Put, Remove
from app.domain.row import Row
from app.tables.mapper import Record, mapper_of
from app.tables.statements import Database, statements_of

Touch = Callable[[type[Row], tuple[str, ...]], None]
RowKey = tuple[type[Row], tuple[str, ...]]


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
    return tuple(dict.fromkeys((change.kind, change.key) for change in changes))


def execute(
    database: Database, changes: Iterable[Change], version: int | None, before: Touch | None = None
) -> tuple[Written, ...]:
    """Carry out ``changes`` and answer every touched row once, as it is afterwards.

    ``version`` becomes the rows' version; None keeps the versions that are there, as a replica does. ``before`` is
    called ahead of the first touch of each row, so that its base image can be kept.
    """
    written: dict[RowKey, Written] = {}
    for change in changes:
        identity = (change.kind, change.key)
        if identity not in written and before is not None:
            before(change.kind, change.key)
        record = _execute_one(database, change, version)
        written[identity] = Written(change.kind, change.key, record)
    return tuple(written.values())


def _execute_one(database: Database, change: Change, version: int | None) -> Record | None:
    sql = statements_of(change.kind, database.mark)
    match change:
        case Put(row=row):
            record = mapper_of(type(row)).record(row, _version(database, change, version))
            result = database.execute(sql.insert if row.APPEND_ONLY else sql.upsert, record)
            _require_one(result.rowcount, change)
            return record
        case Remove(key=key):
            _require_one(database.execute(sql.delete, key).rowcount, change)
            return None
        case Bump(key=key, column=column, by=by):
            params = (by, _version(database, change, version), *key)
            found = database.execute(sql.bump(column), params).fetchall()
            _require_one(len(found), change)
            return tuple(found[0])


def _version(database: Database, change: Change, version: int | None) -> int:
    if version is not None:
        return version
    record = database.execute(statements_of(change.kind, database.mark).select, change.key).fetchone()
    return 0 if record is None else int(record[-1])


def _require_one(count: int, change: Change) -> None:
    if count != 1:
        raise MissedRow(f"{change.kind.TABLE} {change.key}: {count} rows")
