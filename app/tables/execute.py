"""Carrying out what a handler decided: the one place where the shop's rows are written."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.domain.outcome import Bump, Change, Put, Remove
from app.domain.row import Row
from app.tables.mapper import Record, mapper_of
from app.tables.statements import Database, statements_of

Touch = Callable[[type[Row], tuple[str, ...]], int]
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


def execute(database: Database, changes: Iterable[Change], version: int | Touch) -> tuple[Written, ...]:
    """Carry out ``changes`` and answer every touched row once, as it is afterwards.

    ``version`` becomes the rows' version. A replica keeps the versions that are there: it hands over a function that is
    called ahead of the first touch of each row, so that its base image can be kept, and that answers the row's version.
    """
    written: dict[RowKey, Written] = {}
    versions: dict[RowKey, int] = {}
    for change in changes:
        identity = (change.kind, change.key)
        if identity not in versions:
            versions[identity] = version if isinstance(version, int) else version(change.kind, change.key)
        record = _execute_one(database, change, versions[identity])
        written[identity] = Written(change.kind, change.key, record)
    return tuple(written.values())


def _execute_one(database: Database, change: Change, version: int) -> Record | None:
    sql = statements_of(change.kind, database.mark)
    match change:
        case Put(row=row):
            record = mapper_of(type(row)).record(row, version)
            result = database.execute(sql.insert if row.APPEND_ONLY else sql.upsert, record)
            _require_one(result.rowcount, change)
            return record
        case Remove(key=key):
            _require_one(database.execute(sql.delete, key).rowcount, change)
            return None
        case Bump(key=key, column=column, by=by):
            found = database.execute(sql.bump(column), (by, version, *key)).fetchall()
            _require_one(len(found), change)
            return tuple(found[0])


def _require_one(count: int, change: Change) -> None:
    if count != 1:
        raise MissedRow(f"{change.kind.TABLE} {change.key}: {count} rows")
