"""What a database says when it cannot: one set of families for both drivers, named as Python's PEP 249 names them.

An error's text names the statement, never its parameters, and never what the database quotes of the rows that it
refuses: they are people's names and addresses. Whoever raises one does so ``from None``, or the driver's own text would
stand in the trace all the same.
"""

import re
import sqlite3

_TELLING = frozenset(("08", "0A", "25", "28", "3D", "3F", "40", "42", "53", "54", "55", "57", "58", "F0", "P0", "XX"))
"""PostgreSQL's classes whose first line speaks of the server, of tables and of rights. In the others it may quote."""
_QUOTED = re.compile(r" with text '.*", re.DOTALL)
"""What SQLite's driver adds of a text that is none."""


class DBAPIError(Exception):
    """A statement has failed.

    ``orig`` is the driver's error without what it quotes; ``is_gone`` says that the connection is lost, too.
    """

    def __init__(self, sql: str, orig: BaseException, *, is_gone: bool = False) -> None:
        self.orig = _without_quotes(orig)
        super().__init__(f"({type(orig).__module__}.{type(orig).__qualname__}) {self.orig}\n[SQL: {sql}]")
        self.is_gone = is_gone


class DatabaseError(DBAPIError):
    """It is the database that has refused, not the way to it."""


class OperationalError(DatabaseError):
    """Something is wrong with where it runs: it cannot be reached, opened or written. SQLite says so of much else."""


class IntegrityError(DatabaseError):
    """A constraint does not allow it."""


_FAMILIES: dict[str, type[DBAPIError]] = {
    kind.__name__: kind for kind in (DatabaseError, OperationalError, IntegrityError)
}


def told(sql: str, error: BaseException, *, is_gone: bool = False) -> DBAPIError:
    """The driver's error as everybody here knows it.

    A lost connection is always an OperationalError: where the server had no time to say why it went, psycopg has no
    better word for it than its most general one.
    """
    if is_gone:
        return OperationalError(sql, error, is_gone=True)
    families = (_FAMILIES[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in _FAMILIES)
    return next(families, DBAPIError)(sql, error)


def words_of(error: BaseException) -> str:
    """What a driver's error says that may be told to anybody: nothing of any row."""
    if isinstance(error, sqlite3.Error):
        return _QUOTED.sub("", str(error))
    diag = getattr(error, "diag", None)
    if diag is None:
        return str(error)
    state = getattr(error, "sqlstate", None)
    if state is None:  # the library's own, and of a value it would say which
        return "" if type(error).__name__ == "DataError" else str(error)
    names = {"table": diag.table_name, "column": diag.column_name, "constraint": diag.constraint_name}
    told = [state, *(f"{kind} {name}" for kind, name in names.items() if name)]
    first = f"{diag.message_primary} " if state[:2] in _TELLING else ""
    return f"{first}({', '.join(told)})"


def _without_quotes(error: BaseException) -> BaseException:
    """The same kind of error; what else it carries of the server's answer is left behind."""
    words = words_of(error)
    return error if words == str(error) and not hasattr(error, "diag") else type(error)(words)


def storage_failed(error: DBAPIError) -> bool:
    """Whether the database itself is in trouble, rather than one statement being wrong."""
    return error.is_gone or says_storage_failed(str(error.orig))


def says_storage_failed(text: str) -> bool:
    """The same for a driver's own words."""
    return any(
        sign in text.lower() for sign in ("disk is full", "disk i/o", "out of memory", "no space", "unable to open")
    )
