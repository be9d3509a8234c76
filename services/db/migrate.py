"""Bringing a shop's database to the form that this program expects, or making it.

SQLite rebuilds a table to change it, and dropping the old one would delete its children by their foreign keys: keys
are off while revisions run, and checked before the transaction ends.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.kernel.errors import KnownError
from app.kernel.ids import uuid7
from services.db.engine import CoreDatabase, Store, begin_batch

_FOLDER = Path(__file__).parent / "migrations"


def upgrade(store: Store) -> None:
    """Run the missing revisions in one transaction; raises KnownError for a database of a newer program."""
    connection = store.connect()
    try:
        present = _revision(connection)
        script = ScriptDirectory.from_config(_config(connection))
        if present is not None and present not in {r.revision for r in script.walk_revisions()}:
            raise KnownError(
                "store.newer",
                "This shop was last used by a newer version of the program. Install that version.",
            )
        if present == script.get_current_head():
            return
        _run(store, connection)
    finally:
        connection.close()


def _run(store: Store, connection: Connection) -> None:
    database = CoreDatabase(connection)
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


def _found_head(database: CoreDatabase) -> None:
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
