"""Bringing a shop's database to the form that this program expects, or making it.

SQLite rebuilds a table to change it, and dropping the old one would delete its children by their foreign keys: keys
are off while revisions run, and checked before the transaction ends.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import DBAPIError as SqlAlchemyError

from app.kernel.errors import KnownError
from app.kernel.ids import uuid7
from services.db.engine import OpenDatabase, Store, begin_batch
from services.db.errors import told

_FOLDER = Path(__file__).parent / "migrations"


def upgrade(store: Store) -> None:
    """Run the missing revisions in one transaction; raises KnownError for a database of a newer program."""
    with alchemical(store) as connection:
        present = _revision(connection)
        script = ScriptDirectory.from_config(_config(connection))
        if present is not None and present not in {r.revision for r in script.walk_revisions()}:
            raise KnownError(
                "store.newer",
                "This shop was last used by a newer version of the program. Install that version.",
            )
        if present != script.get_current_head():
            _run(store, connection)


@contextmanager
def alchemical(store: Store) -> Iterator[Connection]:
    """A writing connection of the store as SQLAlchemy wants it: what is made and compared here is described by it."""
    kind = "sqlite" if store.is_sqlite else "postgresql+psycopg"
    engine = create_engine(
        f"{kind}://",
        creator=lambda: store.connect().raw,
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
        hide_parameters=True,  # an error's text goes to the log, and parameters are people's names and addresses
    )
    try:
        with engine.connect() as connection:
            yield connection
    except SqlAlchemyError as error:
        is_gone = error.connection_invalidated
        raise told(str(error.statement), error.orig or error, is_gone=is_gone) from None
    finally:
        engine.dispose()


def _run(store: Store, connection: Connection) -> None:
    database = store.around(connection.connection.dbapi_connection)
    if store.is_sqlite:
        database.execute("PRAGMA foreign_keys=OFF")
    begin_batch(database)
    try:
        command.upgrade(_config(connection), "head")
        if store.is_sqlite and database.execute("PRAGMA foreign_key_check").fetchall():
            raise AssertionError("a revision left rows without their parents")
        _found_head(database)
        database.execute("COMMIT")
    except BaseException:
        database.execute("ROLLBACK")
        raise
    if store.is_sqlite:
        database.execute("PRAGMA foreign_keys=ON")


def _found_head(database: OpenDatabase) -> None:
    """A new shop gets its feed's first epoch."""
    if database.execute("SELECT count(*) FROM feed_head").fetchone()[0] == 0:
        marks = ", ".join([database.mark] * 7)
        database.execute(
            "INSERT INTO feed_head (id, epoch, last_seq, oldest_seq, last_position, last_hash, moved_to)"
            f" VALUES ({marks})",
            (1, uuid7(), 0, 1, 0, "0" * 64, ""),
        )


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
