"""A connection to PostgreSQL, by psycopg's own binding of the system's library for it.

psycopg's cursors cost five times as much as the statements that a command is made of (46 against 9 µs of the processor
for a look-up by key), because they know any type, any form and any way to wait. The shop's columns are texts and whole
numbers, and whoever asks here has a thread to wait in. Connecting, reading values, errors and copying stay psycopg's.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import cache
from typing import Any

import psycopg
from psycopg.adapt import Transformer
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import ExecStatus, TransactionStatus

from app.kernel.errors import KnownError
from services.db.errors import DBAPIError, told, words_of

MOST_PREPARED = 500
_INT8 = 20
_ANY = 0
_HOLD_CHINESE = ("UTF8", "SQL_ASCII")
"""The second takes any bytes as they are, and ours are UTF-8."""
_PATIENCE = {
    "connect_timeout": 10,
    "tcp_user_timeout": 20_000,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 4,
}
"""Seconds, and milliseconds for what was sent; systems that do not know one of them pass over it."""
_MARK = re.compile(r"%(.)", re.DOTALL)


def _unquoting(record: logging.LogRecord) -> bool:
    """The library tells in the log which errors it has passed over, whole."""
    if isinstance(record.args, tuple):
        record.args = tuple(words_of(one) if isinstance(one, psycopg.Error) else one for one in record.args)
    return True


logging.getLogger("psycopg").addFilter(_unquoting)


class Found:
    """What a statement has answered, all of it."""

    __slots__ = ("_left", "rowcount")

    def __init__(self, rows: list[tuple[Any, ...]], rowcount: int) -> None:
        self._left = iter(rows)
        self.rowcount = rowcount

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(self._left, None)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self._left)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return self._left


class PostgresDatabase:
    """A connection that runs ready SQL with positional parameters. Its owner closes it, and is alone with it.

    Without parameters a text may hold several statements; what the last one answers is answered.
    """

    is_sqlite = False
    mark = "%s"

    def __init__(self, raw: "psycopg.Connection[Any]") -> None:
        self.raw: Any = raw
        self._line = raw.pgconn
        self._reading = Transformer(raw)
        self._prepared: dict[tuple[Any, ...], bytes] = {}

    def execute(self, sql: str, params: Sequence[Any] = ()) -> Found:
        try:
            if params:
                result = self._line.exec_prepared(self._named(sql, params), [_written(value) for value in params])
            else:
                result = self._line.exec_(sql.encode())
            status = result.status
            if status == ExecStatus.TUPLES_OK:
                self._reading.set_pgresult(result)
                count = result.ntuples
                return Found(self._reading.load_rows(0, count, tuple), count)
            if status != ExecStatus.COMMAND_OK:
                raise psycopg.errors.error_from_result(result)
        except psycopg.Error as error:
            raise self._told(sql, error) from None
        return Found([], result.command_tuples or 0)

    def execute_many(self, sql: str, params: Sequence[Sequence[Any]]) -> None:
        """The same statement for each of the parameters."""
        try:
            with self.raw.cursor() as cursor:
                cursor.executemany(sql, params)
        except psycopg.Error as error:
            raise self._told(sql, error) from None

    def slices(self, sql: str, most: int) -> Iterator[list[tuple[Any, ...]]]:
        """What is found, so many rows at a time: a shop's log does not fit into memory."""
        try:
            with self.raw.cursor(name="slices") as cursor:
                cursor.execute(sql)
                while rows := cursor.fetchmany(most):
                    yield rows
        except psycopg.Error as error:
            raise self._told(sql, error) from None

    def is_open(self) -> bool:
        """Whether there is a transaction in which statements are still heard."""
        return bool(self._line.transaction_status == TransactionStatus.INTRANS)

    def close(self) -> None:
        self.raw.close()

    def __enter__(self) -> "PostgresDatabase":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _named(self, sql: str, params: Sequence[Any]) -> bytes:
        """The name at the server of the statement for such parameters, which it has made ready once.

        It goes on reading a parameter as what the first one was, so whole numbers have a statement of their own.
        """
        kinds = [_INT8 if isinstance(value, int) and type(value) is not bool else _ANY for value in params]
        key = (sql, *kinds)
        name = self._prepared.get(key)
        if name is not None:
            return name
        if len(self._prepared) >= MOST_PREPARED:
            self._require_done(self._line.exec_(b";".join(b"DEALLOCATE " + one for one in self._prepared.values())))
            self._prepared.clear()
        name = b"shop%d" % len(self._prepared)
        self._require_done(self._line.prepare(name, _numbered(sql).encode(), kinds))
        self._prepared[key] = name
        return name

    def _require_done(self, result: Any) -> None:
        if result.status != ExecStatus.COMMAND_OK:
            raise psycopg.errors.error_from_result(result)

    def _told(self, sql: str, error: psycopg.Error) -> DBAPIError:
        return told(sql, error, is_gone=self.raw.closed)


def copy(raw: "psycopg.Connection[Any]", sql: str, records: Sequence[Sequence[Any]]) -> None:
    """Many rows by one COPY."""
    try:
        with raw.cursor() as cursor, cursor.copy(sql) as lines:
            for record in records:
                lines.write_row(record)
    except psycopg.Error as error:
        raise told(sql, error, is_gone=raw.closed) from None


def _written(value: Any) -> Any:
    """A parameter as the server reads it: bytes, or None for no value."""
    kind: Any = type(value)
    if kind is int:
        return b"%d" % value
    if value is None:
        return None
    if kind is str:
        text: bytes = value.encode()
        if b"\x00" in text:  # the library would end the text there
            raise psycopg.DataError("PostgreSQL's texts cannot hold a sign of the value nought")
        return text
    if kind is bool:
        return b"t" if value else b"f"
    return _other(value)


def _other(value: Any) -> Any:
    if isinstance(value, Enum):
        return _written(value.value)
    if isinstance(value, int):
        return _written(int(value))
    if isinstance(value, str):
        return _written(str(value))
    raise psycopg.ProgrammingError(f"a {type(value).__name__} cannot be stored")


@cache
def _numbered(sql: str) -> str:
    """With the server's own marks for parameters; a doubled percent sign is one."""
    parts, count = [], 0
    for number, part in enumerate(_MARK.split(sql)):
        if number % 2 == 0:
            parts.append(part)
        elif part == "s":
            count += 1
            parts.append(f"${count}")
        elif part == "%":
            parts.append("%")
        else:
            raise psycopg.ProgrammingError(f"%{part} marks no parameter")
    return "".join(parts)


def patient(address: str) -> str:
    """The address with how long a silent line is waited for, where it does not say so itself.

    A line that was cut without a word looks like one on which nothing happens. The systems believe in it for a quarter
    of an hour while something is sent, and for two hours while one only listens.
    """
    return make_conninfo("", **{**_PATIENCE, **conninfo_to_dict(address)})


def connect(address: str) -> PostgresDatabase:
    try:
        raw = psycopg.connect(patient(address), autocommit=True, options="-c TimeZone=UTC", client_encoding="utf8")
    except psycopg.Error as error:
        raise told("", error) from None
    encoding = raw.info.parameter_status("server_encoding") or ""
    if encoding not in _HOLD_CHINESE:
        raw.close()
        raise KnownError(
            "store.encoding",
            "The database keeps texts as {encoding}, which cannot hold every name. Create one with ENCODING 'UTF8'.",
            {"encoding": encoding},
        )
    return PostgresDatabase(raw)
