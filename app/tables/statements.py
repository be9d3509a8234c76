"""The few statements by which rows are read and written, made once per row type and database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.domain.row import Row
from app.tables.mapper import VERSION_COLUMN, mapper_of


class Result(Protocol):
    """What an executed statement answers."""

    @property
    def rowcount(self) -> int: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> Sequence[Any]: ...


class Database(Protocol):
    """A connection within a transaction; ``mark`` is how this driver writes a parameter."""

    mark: str

    def execute(self, sql: str, params: Sequence[Any] = ()) -> Result: ...


@dataclass(frozen=True, slots=True)
class Statements:
    """SQL of one row type: parameters are a record for ``upsert`` and ``insert``, a key for the others."""

    upsert: str
    insert: str
    select: str
    select_all: str
    delete: str
    columns: str
    _kind: type[Row]
    _mark: str

    _made: dict[Any, str]

    def children(self, by: tuple[str, ...]) -> str:
        if by not in self._made:
            self._made[by] = _children(self._kind, by, self._mark)
        return self._made[by]

    def update(self, columns: tuple[str, ...]) -> str:
        """Parameters: the columns' values, the version, the key."""
        if ("update", columns) not in self._made:
            self._made["update", columns] = _update(self._kind, columns, self._mark)
        return self._made["update", columns]

    def bump(self, column: str) -> str:
        """Parameters: the delta, the version, the key; answers the whole record."""
        if column not in self._made:
            self._made[column] = _bump(self._kind, column, self._mark)
        return self._made[column]


_STATEMENTS: dict[tuple[str, str], Statements] = {}


def statements_of(kind: type[Row], mark: str) -> Statements:
    """The statements for a row type and a driver's parameter mark, made at their first use."""
    found = _STATEMENTS.get((kind.TABLE, mark))
    if found is None:
        found = _STATEMENTS[kind.TABLE, mark] = _statements(kind, mark)
    return found


def _statements(kind: type[Row], mark: str) -> Statements:
    names = mapper_of(kind).names
    columns = ", ".join(names)
    marks = ", ".join([mark] * len(names))
    key = " AND ".join(f"{column} = {mark}" for column in kind.KEY)
    updates = ", ".join(f"{name} = excluded.{name}" for name in names if name not in kind.KEY)
    insert = f"INSERT INTO {kind.TABLE} ({columns}) VALUES ({marks})"
    order = ", ".join(kind.KEY)
    return Statements(
        upsert=f"{insert} ON CONFLICT ({order}) DO UPDATE SET {updates}",
        insert=insert,
        select=f"SELECT {columns} FROM {kind.TABLE} WHERE {key}",
        select_all=f"SELECT {columns} FROM {kind.TABLE} ORDER BY {order}",
        delete=f"DELETE FROM {kind.TABLE} WHERE {key}",
        columns=columns,
        _kind=kind,
        _mark=mark,
        _made={},
    )


def _children(kind: type[Row], by: tuple[str, ...], mark: str) -> str:
    where = " AND ".join(f"{column} = {mark}" for column in by)
    clause = f" WHERE {where}" if where else ""
    return f"SELECT {', '.join(mapper_of(kind).names)} FROM {kind.TABLE}{clause} ORDER BY {', '.join(kind.KEY)}"


def _update(kind: type[Row], columns: tuple[str, ...], mark: str) -> str:
    key = " AND ".join(f"{part} = {mark}" for part in kind.KEY)
    told = ", ".join(f"{column} = {mark}" for column in (*columns, VERSION_COLUMN))
    return f"UPDATE {kind.TABLE} SET {told} WHERE {key}"


def _bump(kind: type[Row], column: str, mark: str) -> str:
    names = mapper_of(kind).names
    if column not in names:
        raise LookupError(f"{kind.TABLE} has no column {column}")
    key = " AND ".join(f"{part} = {mark}" for part in kind.KEY)
    return (
        f"UPDATE {kind.TABLE} SET {column} = {column} + {mark}, {VERSION_COLUMN} = {mark}"
        f" WHERE {key} RETURNING {', '.join(names)}"
    )
