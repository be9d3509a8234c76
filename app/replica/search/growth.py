"""How far the words of an index are counted, and how far one is made beside it: kept in the file that has both.

It is a table of its own that a file need not have: an index in which nothing has been noted was counted when it was
made, with the rows that there are.
"""

from app.replica.database import ReplicaDatabase
from app.replica.search.subject import Subject

_TABLE = (
    "CREATE TABLE IF NOT EXISTS search_growth"
    " (subject TEXT PRIMARY KEY, counted INTEGER NOT NULL, filled INTEGER) WITHOUT ROWID"
)


def forget(database: ReplicaDatabase) -> None:
    """Nothing is known of the growth any more: the index is made anew."""
    database.execute("DROP TABLE IF EXISTS search_growth")
    database.execute(_TABLE)


def last_row(database: ReplicaDatabase, subject: Subject) -> int:
    """The highest number of a row: how many there are but for those that are gone. To count them takes longer."""
    return int(database.execute(f"SELECT coalesce(max(rid), 0) FROM {subject.places}").fetchone()[0])


def note_counted(database: ReplicaDatabase, subject: Subject, counted: int, filled: int | None = None) -> None:
    """The words of the rows up to this one have been counted; with ``filled``, an index is made with what was found."""
    database.execute(_TABLE)
    database.execute("INSERT OR REPLACE INTO search_growth VALUES (?, ?, ?)", (subject.name, counted, filled))


def note_filled(database: ReplicaDatabase, subject: Subject, place: int | None) -> None:
    """The index that is made beside has all rows up to this place; None when none is made any more."""
    database.execute("UPDATE search_growth SET filled = ? WHERE subject = ?", (place, subject.name))


def counted(database: ReplicaDatabase, subject: Subject) -> int | None:
    """The last row when the words were counted; None when nothing has been noted."""
    return _noted(database, subject)[0]


def filled(database: ReplicaDatabase, subject: Subject) -> int | None:
    """Up to which place the index that is made beside has all rows; None when none is made."""
    return _noted(database, subject)[1]


def begin_again(database: ReplicaDatabase, subject: Subject) -> None:
    """What was counted does not hold any more, and no index is made with it."""
    database.execute("UPDATE search_growth SET counted = 0, filled = NULL WHERE subject = ?", (subject.name,))


def _noted(database: ReplicaDatabase, subject: Subject) -> tuple[int | None, int | None]:
    if not database.execute("PRAGMA table_info(search_growth)").fetchall():
        return None, None
    noted = database.execute("SELECT counted, filled FROM search_growth WHERE subject = ?", (subject.name,)).fetchone()
    return (None, None) if noted is None else (noted[0], noted[1])
