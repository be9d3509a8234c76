"""Connections that only read: all that the first picture needs of the replica's file."""

import sqlite3
from contextlib import closing
from pathlib import Path

POINTER = "replica.current"


def current_file(folder: Path) -> Path:
    """The replica in use; a new one when there is none yet."""
    pointer = folder / POINTER
    name = pointer.read_text(encoding="utf-8").strip() if pointer.exists() else "replica-1.db"
    return folder / name


def readable_file(folder: Path, version: int) -> Path | None:
    """The replica in use if it can be read before it is opened for writing: whole, and of this program's own form."""
    path = current_file(folder)
    if not path.exists():
        return None
    try:
        with closing(open_reader(path)) as connection:
            state = connection.execute("SELECT bootstrap_state FROM replica_meta").fetchone()
            if state == ("complete",) and connection.execute("PRAGMA user_version").fetchone() == (version,):
                return path
    except sqlite3.Error:  # whoever opens it for writing meets the same, and tells
        pass
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
    return connection
