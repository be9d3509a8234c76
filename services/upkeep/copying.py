"""Carrying a whole shop from one database to another, of either kind, in one transaction."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Table

from app.domain.row import Audience
from app.domain.settings import read_settings
from app.kernel.errors import KnownError
from app.tables.statements import Database
from app.tables.view import SqlView
from services.db.engine import OpenDatabase, Store, begin_batch
from services.db.tables import METADATA

SLICE = 2_000
Tell = Callable[[str, int, int], None]
"""Told after each slice: the table, its rows so far, all rows so far."""


def quiet(table: str, rows: int, total: int) -> None:
    """For whoever does not want to know how far it is."""


def require_empty(target: Store) -> None:
    """Raises KnownError when the database holds a shop already: nothing is ever written over."""
    with target.reading() as database:
        if database.execute("SELECT count(*) FROM staff").fetchone()[0]:
            raise KnownError(
                "upkeep.target_not_empty",
                "The database {database} holds a shop already. Name an empty one.",
                {"database": target.url.shown},
            )


def put_aside(file: Path, at: datetime) -> Path | None:
    """The shop that stands here keeps its files under another name: nothing is ever written over.

    ``at`` is told by the shop's own clock, as people will look for it. Answers where the shop is now, None if none was.
    """
    aside = file.with_name(f"{file.name}.before-{at:%Y%m%d-%H%M%S}")
    was_here = file.exists()
    for end in ("", "-wal", "-shm"):
        old = file.with_name(file.name + end)
        if old.exists():
            old.replace(aside.with_name(aside.name + end))
    return aside if was_here else None


def shop_zone(database: Database) -> ZoneInfo:
    """The zone of the shop's own clock."""
    return ZoneInfo(read_settings(SqlView(database, Audience)).time_zone)


def copy_rows(source: OpenDatabase, target: Store, tell: Tell = quiet) -> int:
    """Copy every row of a shop into an empty database of the same revision; answers how many there were.

    ``source`` is one snapshot. The target's transaction commits at the end or leaves nothing behind.
    """
    writing = target.connect()
    total = 0
    begin_batch(writing)
    try:
        writing.execute("DELETE FROM feed_head")
        for table in METADATA.sorted_tables:
            total = _copy_table(source, writing, table, total, tell)
        writing.execute("COMMIT")
    except BaseException:
        if writing.is_open() or not writing.is_sqlite:  # a full disk has ended SQLite's already
            writing.execute("ROLLBACK")
        raise
    finally:
        writing.close()
    return total


def _copy_table(source: OpenDatabase, writing: OpenDatabase, table: Table, total: int, tell: Tell) -> int:
    names = [column.name for column in table.columns]
    listed = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join([writing.mark] * len(names))
    insert = f'INSERT INTO "{table.name}" ({listed}) VALUES ({marks})'
    select = f'SELECT {listed} FROM "{table.name}"'
    count = 0
    for rows in source.slices(select, SLICE):
        writing.execute_many(insert, rows)
        count += len(rows)
        tell(table.name, count, total + count)
    return total + count
