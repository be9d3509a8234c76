"""A replica whose file is damaged: what exists nowhere else is taken out of it, the rest is fetched anew."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from app.kernel.errors import KnownError
from app.replica import bootstrap, meta, schema
from app.replica.database import DAMAGED, ReplicaDatabase

_ONLY_HERE = ("outbox", "outbox_archive", "sync_issue", "print_job")
log = logging.getLogger("replica")


def is_damage(error: sqlite3.DatabaseError | KnownError) -> bool:
    """Whether the file itself is wrong, not what was asked of it: only then SQLite names no closer kind.

    A transaction tells the same by its code.
    """
    return error.code == DAMAGED if isinstance(error, KnownError) else type(error) is sqlite3.DatabaseError


def salvaged(folder: Path, damaged: Path) -> ReplicaDatabase:
    """An empty replica with the commands that wait and the other local tables, as far as they can be read.

    The damaged file is left as it is. The service is asked for everything else as soon as it answers.
    """
    fresh = ReplicaDatabase(bootstrap.next_file(folder))
    schema.create(fresh)
    uri = f"{damaged.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as old, fresh.transaction():
        saved = {table: _copied(old, fresh, table) for table in _ONLY_HERE}
        last = fresh.execute("SELECT coalesce(max(device_seq), 0) FROM outbox").fetchone()[0]
        meta.write(fresh, replace(meta.read(fresh), next_device_seq=max(last + 1, _next_number(old))))
    bootstrap.switch(folder, fresh.path)
    log.error("the replica %s is damaged and is made anew; saved from it: %s", damaged.name, saved)
    return fresh


def _copied(old: sqlite3.Connection, fresh: ReplicaDatabase, table: str) -> int:
    count = 0
    needed = fresh.execute(f"SELECT name, type FROM pragma_table_info('{table}') WHERE \"notnull\"").fetchall()
    # What an earlier version did not write down yet, as when its file is brought up to date.
    nothing = {name: 0 if kind == "INTEGER" else "" for name, kind in needed}
    for names, values in _rows(old, table):
        row = nothing | dict(zip(names, values, strict=True))
        marks = ", ".join("?" * len(row))
        fresh.execute(f"INSERT OR REPLACE INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
        count += 1
    return count


def _rows(old: sqlite3.Connection, table: str) -> Iterator[tuple[tuple[str, ...], tuple[object, ...]]]:
    """Row by row, until one cannot be read."""
    try:
        found = old.execute(f"SELECT * FROM {table}")
        names = tuple(column[0] for column in found.description)
        for values in found:
            yield names, tuple(values)
    except sqlite3.DatabaseError as error:
        log.error("not all of %s could be read: %s", table, error)


def _next_number(old: sqlite3.Connection) -> int:
    try:
        return int(old.execute("SELECT next_device_seq FROM replica_meta").fetchone()[0])
    except (sqlite3.DatabaseError, TypeError):
        return 1
