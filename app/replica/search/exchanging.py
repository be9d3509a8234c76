"""Exchanges what the index has of some rows for what they say now, and puts rows into it that it has not."""

from collections.abc import Iterable, Iterator, Sequence, Set
from operator import itemgetter
from typing import Final, NamedTuple

from app.replica.database import ReplicaDatabase
from app.replica.search import growth
from app.replica.search.cutting import SIGNS, expression
from app.replica.search.frequent import frequent, known, news_sql
from app.replica.search.layout import drop_words
from app.replica.search.subject import SLOTS, Document, Subject
from app.replica.version import OUTDATED

_NOTHING: Final = frozenset[str]()


def exchange(database: ReplicaDatabase, subject: Subject, rids: Sequence[int]) -> None:
    """Exchange the documents of these rows for what the rows say now; those of rows that are gone leave."""
    new, old = subject.read(database, rids), documents(database, subject, rids)
    steps: list[_Step] = []
    gone = set[str]()
    for rid in rids:
        (place, before), after = old.get(rid, (0, None)), new.get(rid)
        if before == after:
            continue
        if before is not None and not _persons(before) <= _persons(after):
            gone |= before.words
        if before is not None and after is not None and before.place == after.place:
            _change(database, subject, place, after)
            steps.append(_Step(place, before.words, after.words))
            continue
        if before is not None:
            _remove(database, subject, place)
            steps.append(_Step(place, before.words, None))
        if after is not None:
            place = _free_place(database, subject, after.place)
            _insert(database, subject, place, rid, after)
            steps.append(_Step(place, None, after.words))
    _play(database, subject, steps)
    last = growth.filled(database, subject)
    if last is not None:
        _play(database, subject.beside, [step for step in steps if step.place <= last])
    if gone:
        _forget(database, subject, gone)
        if last is not None:
            _forget_beside(database, subject, gone)
        database.execute("UPDATE search_versions SET has_remains = 1 WHERE subject = ?", (subject.name,))


class _Step(NamedTuple):
    """A row of the text index: the words that it had and those that it has; none before it comes, and after it left."""

    place: int
    before: frozenset[str] | None
    after: frozenset[str] | None


def _play(database: ReplicaDatabase, subject: Subject, steps: list[_Step]) -> None:
    """Only what differs is written: most changes are those of an order's state, and that is one of its words."""
    words = _NOTHING.union(*(step.after or () for step in steps))
    come = _NOTHING.union(*(step.after - (step.before or _NOTHING) for step in steps if step.after is not None))
    met = frequent(database, subject, come)
    if come < words and met.has_some_of(come):
        met = frequent(database, subject, words)
    steps.sort(key=itemgetter(0))  # a text index is quickest when it is written in order
    for place, before, after in steps:
        had = _NOTHING if before is None else met.shown(before)
        has = _NOTHING if after is None else met.put(after)
        if had == has:
            continue
        if before is not None:  # even if no word leaves: the text index counts its rows, and each has to leave and come
            sql = f"INSERT INTO {subject.words} ({subject.words}, rowid, words) VALUES ('delete', ?, ?)"
            database.execute(sql, (place, " ".join(had - has)))
        if after is not None:
            database.execute(f"INSERT INTO {subject.words} (rowid, words) VALUES (?, ?)", (place, " ".join(has - had)))
    database.execute_many(news_sql(subject), met.news())


def _insert(database: ReplicaDatabase, subject: Subject, place: int, rid: int, said: Document) -> None:
    insert_documents(database, subject, [(place, rid, said)])
    database.execute(f"INSERT INTO {subject.places} {subject.its_places} WHERE place = ?", (place,))


def insert_documents(database: ReplicaDatabase, subject: Subject, new: Sequence[tuple[int, int, Document]]) -> None:
    """Write the documents of rows that have none, each with its place and the row's number."""
    marks = f"(SELECT id FROM {subject.marks} WHERE said = ?)"
    _name(database, subject, {said.marks for _, _, said in new})
    rows = ((place, said.place, rid, said.marks, said.total_fen, said.text) for place, rid, said in new)
    database.execute_many(f"INSERT INTO {subject.documents} VALUES (?, ?, ?, {marks}, ?, ?)", rows)


def _change(database: ReplicaDatabase, subject: Subject, place: int, said: Document) -> None:
    _name(database, subject, {said.marks})
    facts = f"marks = (SELECT id FROM {subject.marks} WHERE said = ?), total_fen = ?"
    database.execute(f"UPDATE {subject.places} SET {facts} WHERE place = ?", (said.marks, said.total_fen, place))
    database.execute(
        f"UPDATE {subject.documents} SET {facts}, text = ? WHERE place = ?",
        (said.marks, said.total_fen, said.text, place),
    )


def _name(database: ReplicaDatabase, subject: Subject, marks: Iterable[str]) -> None:
    sql = f"INSERT INTO {subject.marks} (said) VALUES (?) ON CONFLICT DO NOTHING"
    database.execute_many(sql, ((said,) for said in marks))


def _remove(database: ReplicaDatabase, subject: Subject, place: int) -> None:
    for table in (subject.documents, subject.places):
        database.execute(f"DELETE FROM {table} WHERE place = ?", (place,))


def _persons(document: Document | None) -> set[str]:
    return {said for said in document.text.split("\n") if said[:1] == SIGNS} if document is not None else set()


def _forget(database: ReplicaDatabase, subject: Subject, words: Set[str]) -> None:
    """Frequent words that no row has any more may have been those of a person.

    A common one, where it is not, stands in all the index: that is made anew at the next start.
    """
    for word, one in known(database, subject, words)[0].items():
        if _stands(database, subject, word, is_common=one.is_common):
            continue
        if one.is_common:
            database.execute("UPDATE search_versions SET version = 0 WHERE subject = ?", (subject.name,))
            database.execute(f"PRAGMA user_version = {OUTDATED}")
        else:
            database.execute(f"DELETE FROM {subject.frequent} WHERE word = ?", (word,))


def _forget_beside(database: ReplicaDatabase, subject: Subject, words: Set[str]) -> None:
    """The same of the index that is made beside: which words are left is known by the one that has all rows.

    When a common one is not, what has been made of it is thrown away, and the words are counted anew.
    """
    asked = known(database, subject, words)[0]
    for word, one in known(database, subject.beside, words)[0].items():
        if _stands(database, subject, word, is_common=word in asked and asked[word].is_common):
            continue
        if one.is_common:
            drop_words(database, subject.beside)
            growth.begin_again(database, subject)
            return
        database.execute(f"DELETE FROM {subject.beside.frequent} WHERE word = ?", (word,))


def _stands(database: ReplicaDatabase, subject: Subject, word: str, *, is_common: bool) -> bool:
    """Whether a row has it."""
    asked = expression([[(word,)]], {word} if is_common else ())
    sql = f"SELECT 1 FROM {subject.words} WHERE {subject.words} MATCH ?"
    return database.execute(sql, (asked,)).fetchone() is not None


def documents(
    database: ReplicaDatabase, subject: Subject, rids: Sequence[int]
) -> dict[int, tuple[int, Document | None]]:
    """What the index has of these rows, and where."""
    marks = ", ".join("?" * len(rids))
    records = database.execute(
        f"SELECT p.rid, p.place, d.wish, d.text, m.said, p.total_fen FROM {subject.places} p"
        f" JOIN {subject.documents} d USING (place) JOIN {subject.marks} m ON m.id = p.marks"
        f" WHERE p.rid IN ({marks})",
        rids,
    ).fetchall()
    return {rid: (place, Document(*said)) for rid, place, *said in records}


def documents_at(database: ReplicaDatabase, subject: Subject, places: Sequence[int]) -> Iterator[tuple[int, Document]]:
    """The documents from the first of these places to the last."""
    rows = database.execute(
        f"SELECT d.place, d.wish, d.text, m.said, d.total_fen FROM {subject.documents} d"
        f" CROSS JOIN {subject.marks} m ON m.id = d.marks WHERE d.place BETWEEN ? AND ? ORDER BY d.place",
        (places[0], places[-1]),
    ).fetchall()
    return ((place, Document(*said)) for place, *said in rows)


def documents_after(database: ReplicaDatabase, subject: Subject, place: int, limit: int) -> list[tuple[int, Document]]:
    """The first documents behind this place, in order."""
    rows = database.execute(
        f"SELECT d.place, d.wish, d.text, m.said, d.total_fen FROM {subject.documents} d"
        f" CROSS JOIN {subject.marks} m ON m.id = d.marks WHERE d.place > ? ORDER BY d.place LIMIT ?",
        (place, limit),
    ).fetchall()
    return [(place, Document(*said)) for place, *said in rows]


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
