"""Makes a text index anew beside the one that is asked, when it has grown so much that other words are frequent in it.

A shop begins without orders, and which words are frequent is asked of five hundred. Each time there are twice as many
as when they were counted, they are counted anew, and an index is filled with what is known then: the words that are
kept by where they are not are others, and of all others it is found out which have met. It is filled row by row from
the documents while the writer has nothing better to do; a row that changes meanwhile is exchanged in both. When it has
all rows it takes the other one's place in one transaction, so whatever ends the program, each search finds all rows,
and the next start goes on where this one stopped.
"""

from collections.abc import Sequence
from typing import Final

from app.replica.database import ReplicaDatabase
from app.replica.search import growth
from app.replica.search.exchanging import documents, documents_after
from app.replica.search.frequent import LEAST_ROWS, Counting, frequent, looked_at, new_sql, news_sql
from app.replica.search.layout import create_words, drop_words
from app.replica.search.subject import SUBJECTS, Subject

GROWN: Final = 2
SLICE: Final = 50
"""So many rows are counted or filled in at once; whoever wants the writer waits for no more than that."""
_PAGES: Final = 200
_STRUCTURE: Final = 10
"""The first pages of a text index tell of the others: https://www.sqlite.org/fts5.html#the_fts5_index_structure."""


class Remaking:
    """Of one open file. What it remembers is lost with it: the counting begins again then, and nothing else."""

    def __init__(self, database: ReplicaDatabase) -> None:
        self._database = database
        self._counted: dict[Subject, tuple[Counting, Sequence[int]]] = {}

    def step(self, limit: int = SLICE) -> bool:
        """Do a little of what there is to do; answers whether there may be more."""
        return any(self._clear(subject) or self._go_on(subject, limit) for subject in SUBJECTS)

    def _go_on(self, subject: Subject, limit: int) -> bool:
        if growth.filled(self._database, subject) is not None:
            _fill(self._database, subject, limit)
            return True
        if subject not in self._counted:
            self._counted[subject] = Counting(), self._to_count(subject)
        counting, left = self._counted.pop(subject)
        if left:
            for _, document in documents(self._database, subject, left[:limit]).values():
                if document is not None:
                    counting.add(document)
            self._counted[subject] = counting, left[limit:]
            return True
        if counting.rows:
            _begin(self._database, subject, counting)
        return bool(counting.rows)

    def _to_count(self, subject: Subject) -> Sequence[int]:
        """The rows whose words are to be counted; none as long as they have not grown enough."""
        database = self._database
        last, counted = growth.last_row(database, subject), growth.counted(database, subject)
        if counted is None:
            is_told = database.execute(f"SELECT 1 FROM {subject.frequent}").fetchone() is not None
            counted = last if is_told else 0
            with database.transaction():
                growth.note_counted(database, subject, counted)
        return looked_at(range(1, last + 1)) if last >= max(LEAST_ROWS, GROWN * counted) else ()

    def _clear(self, subject: Subject) -> bool:
        """Clear away some of the index that was in use before: all of a great one would keep the writer for seconds."""
        database, pages = self._database, subject.words_before
        if not database.execute(f"PRAGMA table_info({pages})").fetchall():
            return False
        with database.transaction():
            gone = database.execute(
                f"DELETE FROM {pages} WHERE id IN (SELECT id FROM {pages} ORDER BY id DESC LIMIT ?)", (_PAGES,)
            )
            if gone.rowcount < _PAGES:
                database.execute(f"DROP TABLE {pages}")
        return True


def _begin(database: ReplicaDatabase, subject: Subject, counting: Counting) -> None:
    beside, last = subject.beside, growth.last_row(database, subject)
    with database.transaction():
        if counting.rows < LEAST_ROWS:  # most of them are gone
            growth.note_counted(database, subject, last)
            return
        drop_words(database, beside)
        create_words(database, beside)
        database.execute_many(new_sql(beside), ((word, *one) for word, one in counting.found()))
        growth.note_counted(database, subject, last, filled=0)


def _fill(database: ReplicaDatabase, subject: Subject, limit: int) -> None:
    """Put the next rows into the index that is made; when there are none, it is whole."""
    beside, last = subject.beside, growth.filled(database, subject)
    with database.transaction():
        said = documents_after(database, subject, last or 0, limit)
        if not said:
            _take_its_place(database, subject)
            return
        words = frequent(database, beside)
        rows = ((place, " ".join(words.put(document.words))) for place, document in said)
        database.execute_many(f"INSERT INTO {beside.words} (rowid, words) VALUES (?, ?)", rows)
        database.execute_many(news_sql(beside), words.news())
        growth.note_filled(database, subject, said[-1][0])


def _take_its_place(database: ReplicaDatabase, subject: Subject) -> None:
    """From now on the new one is asked; its pieces are put into one, as those are from which somebody left.

    Dropping a table reads each of its pages. So the old one leaves its pages behind, all but those that it is known by.
    """
    beside = subject.beside
    database.execute(f"DELETE FROM {subject.frequent}")
    database.execute(f"INSERT INTO {subject.frequent} SELECT * FROM {beside.frequent}")
    database.execute(f"DROP TABLE {beside.frequent}")
    pages = f"{subject.words}_data"
    database.execute(f"ALTER TABLE {pages} RENAME TO {subject.words_before}")
    database.execute(f"CREATE TABLE {pages} (id INTEGER PRIMARY KEY, block BLOB)")
    database.execute(f"INSERT INTO {pages} SELECT id, block FROM {subject.words_before} WHERE id <= {_STRUCTURE}")
    database.execute(f"DROP TABLE {subject.words}")
    database.execute(f"ALTER TABLE {beside.words} RENAME TO {subject.words}")
    database.execute("UPDATE search_versions SET has_remains = 1 WHERE subject = ?", (subject.name,))
    growth.note_filled(database, subject, None)
