"""Keeps the index: made anew from all rows, or fed with the rows that have changed, in small batches.

Triggers note what changes in the same transaction, so rewind, apply and replay cannot forget it. The feeding comes
after the commit, when the writer has nothing better to do: a row put into a text index costs more than the order.
"""

from array import array
from collections.abc import Sequence
from typing import Final

from app.replica.database import ReplicaDatabase
from app.replica.search import growth
from app.replica.search.cutting import VERSION
from app.replica.search.exchanging import documents, documents_at, exchange, insert_documents
from app.replica.search.frequent import Frequent, counted, frequent, new_sql, news_sql
from app.replica.search.layout import create, drop, fill_places
from app.replica.search.subject import LAST_PLACE, SUBJECTS, Document, Subject

BATCH: Final = 100
_BULK: Final = 2_000
_PAGES: Final = 64


def make(database: ReplicaDatabase) -> None:
    """Make the index anew from all rows, and note what changes from now on."""
    with database.transaction():
        database.execute("DROP TABLE IF EXISTS search_versions")
        database.execute(
            "CREATE TABLE search_versions"
            " (subject TEXT PRIMARY KEY, version INTEGER NOT NULL, has_remains INTEGER NOT NULL) WITHOUT ROWID"
        )
        growth.forget(database)
    for subject in SUBJECTS:
        with database.transaction():
            drop(database, subject)
            create(database, subject)
        rids, places = _placed(database, subject)
        found = counted(database, subject, rids)
        spans = [slice(start, start + _BULK) for start in range(0, len(rids), _BULK)]
        for span in spans:
            with database.transaction():
                _write(database, subject, rids[span], places[span])
        with database.transaction():
            fill_places(database, subject)
        words = Frequent(found)
        for span in spans:
            with database.transaction():
                _fill(database, subject, words, places[span])
        with database.transaction():  # one piece is asked in half the time that many take
            database.execute_many(new_sql(subject), ((word, *one) for word, one in found))
            database.execute_many(news_sql(subject), words.news())
            database.execute(f"INSERT INTO {subject.words} ({subject.words}) VALUES ('optimize')")
            database.execute("INSERT INTO search_versions VALUES (?, ?, 0)", (subject.name, VERSION))
            growth.note_counted(database, subject, growth.last_row(database, subject) if found else 0)


def is_made(database: ReplicaDatabase) -> bool:
    """Whether the index is whole and was cut as this program cuts."""
    if not database.execute("PRAGMA table_info(search_versions)").fetchall():
        return False
    versions = dict(database.execute("SELECT subject, version FROM search_versions").fetchall())
    return versions == {subject.name: VERSION for subject in SUBJECTS}


def waiting(database: ReplicaDatabase) -> int:
    """How many changed rows are not in the index yet."""
    counts = [database.execute(f"SELECT count(*) FROM {s.dirty}").fetchone()[0] for s in SUBJECTS]
    return sum(counts)


def feed(database: ReplicaDatabase, limit: int = BATCH) -> bool:
    """Bring some of the changed rows into the index, then clear up behind them; answers whether there may be more."""
    for subject in SUBJECTS:
        found = database.execute(f"SELECT rid FROM {subject.dirty} ORDER BY rid LIMIT ?", (limit,)).fetchall()
        rids = [rid for (rid,) in found]
        if rids:
            with database.transaction():
                exchange(database, subject, rids)
                database.execute_many(f"DELETE FROM {subject.dirty} WHERE rid = ?", ((rid,) for rid in rids))
            return True
    return any([_merge_remains(database, subject) for subject in SUBJECTS])


def drift(database: ReplicaDatabase) -> tuple[str, ...]:
    """The subjects whose index is not what making it anew would give, changed rows aside; none, or it is a bug."""
    return tuple(subject.name for subject in SUBJECTS if not _is_right(database, subject))


def _placed(database: ReplicaDatabase, subject: Subject) -> tuple["array[int]", "array[int]"]:
    """All rows in the order of their places, and those places: of rows that wish for the same, the older comes last."""
    rids, places = array("q"), array("q")
    last: int | None = None
    for rid, wish in database.execute(subject.in_order):
        last = wish if last is None else min(wish, last - 1)
        rids.append(rid)
        places.append(last)
    rids.reverse()
    places.reverse()
    return rids, places


def _write(database: ReplicaDatabase, subject: Subject, rids: Sequence[int], places: Sequence[int]) -> None:
    """Write the documents of these rows, which have none."""
    said = subject.read(database, rids)
    insert_documents(database, subject, [(place, rid, said[rid]) for rid, place in zip(rids, places, strict=True)])


def _fill(database: ReplicaDatabase, subject: Subject, words: Frequent, places: Sequence[int]) -> None:
    """Put the documents at these places, which are in order, into the text index that has none of them."""
    rows = ((place, " ".join(words.put(said.words))) for place, said in documents_at(database, subject, places))
    database.execute_many(f"INSERT INTO {subject.words} (rowid, words) VALUES (?, ?)", rows)


def _merge_remains(database: ReplicaDatabase, subject: Subject) -> bool:
    """A word that left is only marked as gone until the pages are merged; where a person left, they soon are."""
    held = "SELECT 1 FROM search_versions WHERE subject = ? AND has_remains"
    if database.execute(held, (subject.name,)).fetchone() is None:
        return False
    with database.transaction():
        before = database.execute("SELECT total_changes()").fetchone()[0]
        database.execute(f"INSERT INTO {subject.words} ({subject.words}, rank) VALUES ('merge', -{_PAGES})")
        if database.execute("SELECT total_changes()").fetchone()[0] - before >= 2:
            return True
        database.execute("UPDATE search_versions SET has_remains = 0 WHERE subject = ?", (subject.name,))
    return False


def _is_one(database: ReplicaDatabase, subject: Subject) -> bool:
    """Places and documents say the same of all rows."""
    sides = (subject.places, subject.documents), (subject.documents, subject.places)
    facts = "(o.rid, o.marks, o.total_fen) IS NOT (p.rid, p.marks, p.total_fen)"
    return not any(
        database.execute(f"SELECT 1 FROM {one} p LEFT JOIN {other} o USING (place) WHERE {facts}").fetchone()
        for one, other in sides
    )


def _is_right(database: ReplicaDatabase, subject: Subject) -> bool:
    """The documents are what the rows say, and each stands in the index under its words and no other."""
    rows = [rid for rid, _ in database.execute(subject.in_order).fetchall()]
    dirty = {rid for (rid,) in database.execute(f"SELECT rid FROM {subject.dirty}").fetchall()}
    sides = _sides(database, subject)
    standing = [rid for (rid,) in database.execute(f"SELECT rid FROM {subject.places}").fetchall()]
    if set(standing) - dirty != set(rows) - dirty or not _is_one(database, subject):
        return False
    for start in range(0, len(standing), _BULK):
        some = standing[start : start + _BULK]
        new, old = subject.read(database, some), documents(database, subject, some)
        for rid in some:
            place, document = old[rid]
            if document is None or (rid not in dirty and document != new[rid]):
                return False
            for side in sides:
                side.put(place, document)
    return all(side.is_right(database) for side in sides)


class _Side:
    """A text index and what has to stand in it, up to a place."""

    def __init__(self, database: ReplicaDatabase, subject: Subject, last: int) -> None:
        self._table, self._last = subject.words, last
        self._words = frequent(database, subject)
        self._pairs = set[tuple[str, int]]()

    def put(self, place: int, document: Document) -> None:
        if place <= self._last:
            self._pairs.update((word, place) for word in self._words.put(document.words))

    def is_right(self, database: ReplicaDatabase) -> bool:
        database.execute(f"CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', '{self._table}', 'instance')")
        found = set(database.execute("SELECT term, doc FROM temp.vocabulary").fetchall())
        database.execute("DROP TABLE temp.vocabulary")
        return found == self._pairs and not self._words.news()  # all that stands together has been noted as met


def _sides(database: ReplicaDatabase, subject: Subject) -> list[_Side]:
    """The text index that is asked, and as far as it has come the one that is made beside it."""
    filled = growth.filled(database, subject)
    beside = [] if filled is None else [_Side(database, subject.beside, filled)]
    return [_Side(database, subject, LAST_PLACE), *beside]
