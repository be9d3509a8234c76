"""Connections that only read: all that the first picture needs of the replica's file."""

import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

POINTER = "replica.current"
_MAPPED = 1 << 40 if sys.maxsize > 1 << 32 else 0
"""The file is read where the system holds it in memory; asking for each page took half of a search. SQLite maps what it
can of that, and a narrow address space is left alone."""
_FIRST = "replica-1.db"
_NAME = re.compile(r"replica-[0-9]+\.db")


def current_file(folder: Path) -> Path:
    """The replica in use; a new one when there is none yet.

    A pointer that names no replica is damaged: the newest whole one is it then, since what waits to be sent lies in it.
    """
    pointer = folder / POINTER
    if not pointer.exists():
        return folder / _FIRST
    name = pointer.read_bytes().strip().decode("ascii", "replace")
    if _NAME.fullmatch(name) and (folder / name).exists():
        return folder / name
    found = sorted(folder.glob("replica-*.db"), key=lambda path: (len(path.name), path.name), reverse=True)
    return next((path for path in found if _is_complete(path)), folder / _FIRST)


def _is_complete(path: Path) -> bool:
    try:
        with closing(open_reader(path)) as connection:
            found: tuple[str] | None = connection.execute("SELECT bootstrap_state FROM replica_meta").fetchone()
            return found == ("complete",)
    except sqlite3.Error:
        return False


def early_reader(folder: Path, version: int) -> tuple[Path, sqlite3.Connection] | None:
    """The replica in use if it can be read before it is opened for writing: whole, and of this program's own form."""
    path = current_file(folder)
    if not path.exists():
        return None
    connection: sqlite3.Connection | None = None
    try:
        connection = open_reader(path)
        state = connection.execute("SELECT bootstrap_state FROM replica_meta").fetchone()
        if state == ("complete",) and connection.execute("PRAGMA user_version").fetchone() == (version,):
            return path, connection
    except sqlite3.Error:  # whoever opens it for writing meets the same, and tells
        pass
    if connection is not None:
        connection.close()
    return None


class Reading:
    """A reader's connection as the look-ups of ``app.tables`` want it."""

    mark = "?"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.execute = connection.execute


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write; WAL lets it read beside the writer."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
    connection.execute("PRAGMA query_only=ON")
    connection.execute("PRAGMA cache_size=-16000")
    connection.execute(f"PRAGMA mmap_size={_MAPPED}")
    return connection
