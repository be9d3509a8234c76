"""Keeps the index: made anew from all rows, or fed with the rows that have changed, in small batches.

Triggers note what changes in the same transaction, so rewind, apply and replay cannot forget it. The feeding comes
after the commit, when the writer has nothing better to do: a row put into a text index costs more than the order.
"""

from array import array
from collections.abc import Sequence
from typing import Final

from app.replica.database import ReplicaDatabase
from app.replica.search.cutting import SIGNS, VERSION, words_of
from app.replica.search.subject import SLOTS, SUBJECTS, Document, Feeder, Subject

BATCH: Final = 100
_BULK: Final = 2_000
_PAGES: Final = 64
_EVENTS: Final = ("INSERT", "UPDATE", "DELETE")


def make(database: ReplicaDatabase) -> None:
    """Make the index anew from all rows, and note what changes from now on."""
    with database.transaction():
        database.execute("DROP TABLE IF EXISTS search_versions")
        database.execute(
            "CREATE TABLE search_versions"
            " (subject TEXT PRIMARY KEY, version INTEGER NOT NULL, has_remains INTEGER NOT NULL) WITHOUT ROWID"
        )
    for subject in SUBJECTS:
        with database.transaction():
            _drop(database, subject)
            _create(database, subject)
        rids, places = _placed(database, subject)
        for start in range(0, len(rids), _BULK):
            with database.transaction():
                _fill(database, subject, rids[start : start + _BULK], places[start : start + _BULK])
        with database.transaction():  # one piece is asked in half the time that many take
            database.execute(f"INSERT INTO {subject.words} ({subject.words}) VALUES ('optimize')")
            database.execute("INSERT INTO search_versions VALUES (?, ?, 0)", (subject.name, VERSION))


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
                _exchange(database, subject, rids)
                database.execute_many(f"DELETE FROM {subject.dirty} WHERE rid = ?", ((rid,) for rid in rids))
            return True
    return any([_merge_remains(database, subject) for subject in SUBJECTS])


def drift(database: ReplicaDatabase) -> tuple[str, ...]:
    """The subjects whose index is not what making it anew would give, changed rows aside; none, or it is a bug."""
    return tuple(subject.name for subject in SUBJECTS if not _is_right(database, subject))


def _create(database: ReplicaDatabase, subject: Subject) -> None:
    database.execute(
        f"CREATE TABLE {subject.documents} (place INTEGER PRIMARY KEY, wish INTEGER NOT NULL, text TEXT NOT NULL)"
    )
    database.execute(f"CREATE TABLE {subject.places} (place INTEGER PRIMARY KEY, rid INTEGER NOT NULL UNIQUE)")
    database.execute(
        f"CREATE VIRTUAL TABLE {subject.words} USING fts5"
        "(words, content='', columnsize=0, detail=none, tokenize=\"ascii tokenchars '^=~_#'\")"
    )
    database.execute(f"CREATE TABLE {subject.dirty} (rid INTEGER PRIMARY KEY)")
    for feeder in subject.feeders:
        for event in _EVENTS:
            database.execute(_trigger(subject, feeder, event))


def _drop(database: ReplicaDatabase, subject: Subject) -> None:
    for feeder in subject.feeders:
        for event in _EVENTS:
            database.execute(f"DROP TRIGGER IF EXISTS {_trigger_name(subject, feeder, event)}")
    for table in (subject.words, subject.documents, subject.places, subject.dirty):
        database.execute(f"DROP TABLE IF EXISTS {table}")


def _trigger_name(subject: Subject, feeder: Feeder, event: str) -> str:
    return f"{subject.dirty}_of_{feeder.table}_{event.lower()}"


def _trigger(subject: Subject, feeder: Feeder, event: str) -> str:
    rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[event]
    when = ""
    if event == "UPDATE":  # an upsert names all columns, though it changes few of them
        when = " WHEN " + " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in feeder.columns)
    body = " ".join(f"INSERT INTO {subject.dirty} {feeder.rids.format(r=row)} ON CONFLICT DO NOTHING;" for row in rows)
    return (
        f"CREATE TRIGGER {_trigger_name(subject, feeder, event)} AFTER {event} ON {feeder.table}{when} BEGIN {body} END"
    )


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


def _fill(database: ReplicaDatabase, subject: Subject, rids: Sequence[int], places: Sequence[int]) -> None:
    """Put rows into an index that has none of them, in the order of their places."""
    new = subject.read(database, rids)
    documents, words = [], []
    for rid, place in zip(rids, places, strict=True):
        documents.append((place, new[rid].place, new[rid].text))
        words.append((place, _joined(new[rid].text)))
    database.execute_many(f"INSERT INTO {subject.documents} VALUES (?, ?, ?)", documents)
    database.execute_many(f"INSERT INTO {subject.places} VALUES (?, ?)", zip(places, rids, strict=True))
    database.execute_many(f"INSERT INTO {subject.words} (rowid, words) VALUES (?, ?)", words)


def _exchange(database: ReplicaDatabase, subject: Subject, rids: Sequence[int]) -> None:
    """Exchange the documents of these rows for what the rows say now; those of rows that are gone leave."""
    new, old = subject.read(database, rids), _documents(database, subject, rids)
    steps: list[tuple[int, bool, str]] = []
    has_remains = False
    for rid in rids:
        after, (place, before) = new.get(rid), old.get(rid, (None, None))
        if before == after:
            continue
        if place is not None and before is not None:
            for table in (subject.documents, subject.places):
                database.execute(f"DELETE FROM {table} WHERE place = ?", (place,))
            steps.append((place, False, before.text))
            has_remains = has_remains or not _persons(before) <= _persons(after)
        if after is not None:
            if place is None or before is None or before.place != after.place:
                place = _free_place(database, subject, after.place)
            database.execute(f"INSERT INTO {subject.documents} VALUES (?, ?, ?)", (place, after.place, after.text))
            database.execute(f"INSERT INTO {subject.places} VALUES (?, ?)", (place, rid))
            steps.append((place, True, after.text))
    for place, is_new, text in sorted(steps):  # a text index is quickest when it is written in order
        verb = "" if is_new else "'delete', "
        columns = "rowid, words" if is_new else f"{subject.words}, rowid, words"
        database.execute(f"INSERT INTO {subject.words} ({columns}) VALUES ({verb}?, ?)", (place, _joined(text)))
    if has_remains:
        database.execute("UPDATE search_versions SET has_remains = 1 WHERE subject = ?", (subject.name,))


def _persons(document: Document | None) -> set[str]:
    return {said for said in document.text.split("\n") if said[:1] == SIGNS} if document is not None else set()


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


def _documents(
    database: ReplicaDatabase, subject: Subject, rids: Sequence[int]
) -> dict[int, tuple[int | None, Document | None]]:
    marks = ", ".join("?" * len(rids))
    records = database.execute(
        f"SELECT p.rid, p.place, d.wish, d.text FROM {subject.places} p JOIN {subject.documents} d USING (place)"
        f" WHERE p.rid IN ({marks})",
        rids,
    ).fetchall()
    return {rid: (place, Document(wish, text)) for rid, place, wish, text in records}


def _free_place(database: ReplicaDatabase, subject: Subject, wish: int) -> int:
    """The first number from there down that comes before what is taken."""
    block = wish
    while True:
        first = database.execute(
            f"SELECT min(place) FROM {subject.places} WHERE place > ? AND place <= ?", (block - SLOTS, block)
        ).fetchone()[0]
        if first is None or first > block - SLOTS + 1:
            return block if first is None else int(first) - 1
        block -= SLOTS


def _joined(text: str) -> str:
    return " ".join(words_of(text))


def _is_right(database: ReplicaDatabase, subject: Subject) -> bool:
    """The documents are what the rows say, and each stands in the index under its words and no other."""
    rows = [rid for rid, _ in database.execute(subject.in_order).fetchall()]
    dirty = {rid for (rid,) in database.execute(f"SELECT rid FROM {subject.dirty}").fetchall()}
    standing = [rid for (rid,) in database.execute(f"SELECT rid FROM {subject.places}").fetchall()]
    if set(standing) - dirty != set(rows) - dirty:
        return False
    pairs: set[tuple[str, int]] = set()
    for start in range(0, len(standing), _BULK):
        some = standing[start : start + _BULK]
        new, old = subject.read(database, some), _documents(database, subject, some)
        for rid in some:
            place, document = old[rid]
            if document is None or (rid not in dirty and document != new[rid]):
                return False
            pairs.update((word, place or 0) for word in words_of(document.text))
    database.execute(f"CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', '{subject.words}', 'instance')")
    found = set(database.execute("SELECT term, doc FROM temp.vocabulary").fetchall())
    database.execute("DROP TABLE temp.vocabulary")
    return found == pairs
