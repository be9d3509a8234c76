"""What a database says when it cannot: one set of families for both drivers, named as Python's PEP 249 names them.

An error's text names the statement and never its parameters: they are people's names and addresses.
"""


class DBAPIError(Exception):
    """A statement has failed. ``orig`` is the driver's own error; ``is_gone`` says that the connection is, too."""

    def __init__(self, sql: str, orig: BaseException, *, is_gone: bool = False) -> None:
        super().__init__(f"({type(orig).__module__}.{type(orig).__qualname__}) {orig}\n[SQL: {sql}]")
        self.orig = orig
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


def storage_failed(error: DBAPIError) -> bool:
    """Whether the database itself is in trouble, rather than one statement being wrong."""
    return error.is_gone or says_storage_failed(str(error.orig))


def says_storage_failed(text: str) -> bool:
    """The same for a driver's own words."""
    return any(
        sign in text.lower() for sign in ("disk is full", "disk i/o", "out of memory", "no space", "unable to open")
    )
