"""What is known of the more frequent words: how many rows have them, and which of the most frequent never met on one.

It is found out when the index is made, from some of the rows, and from all of them which words meet. Words come into
and out of fashion after that, which costs time and nothing else; only that two words have met is noted at once. When
the rows have grown to twice as many, it is found out anew.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence, Set
from typing import Final, NamedTuple

from app.replica.search.cutting import ABSENT, EVERYWHERE, HEAD, NUMBER, words_of
from app.replica.search.subject import Document, Reads, Subject

LEAST_ROWS: Final = 500
"""With fewer rows nothing is known, and nothing has to be."""
COMMON: Final = 5_000
"""From so many rows in ten thousand on, it is kept where a word does not stand."""
_RARE: Final = 30
"""Of words that are on fewer rows in ten thousand nothing is kept."""
_MOST_MET: Final = 512
_LOOKED_AT: Final = 4_000
_BULK: Final = 500
_BYTES: Final = _MOST_MET // 8
_COLUMNS: Final = "word, number, share, met"


class Known(NamedTuple):
    """``share``: how many rows in ten thousand have the word; ``met``: a bit for the number of each that it met.

    Beyond the most frequent ones a word has no number, and nobody knows what it met; nor have those of the rows' own
    numbers, which are in fashion for a year, but for how these begin.
    """

    number: int | None
    share: int
    met: bytes

    @property
    def is_common(self) -> bool:
        return self.share >= COMMON and self.number is not None

    def may_meet(self, other: "Known") -> bool:
        number = other.number
        if self.number is None or number is None or self.is_common or other.is_common:
            return True
        return bool(self.met[number >> 3] >> (number & 7) & 1)


class Frequent:
    """The most frequent words of a subject while rows are put into its index or taken out of it."""

    def __init__(self, known: Iterable[tuple[str, Known]]) -> None:
        numbered = {word: one for word, one in known if one.number is not None}
        self.common = frozenset(word for word, one in numbered.items() if one.is_common)
        self._bits = {word: 1 << (one.number or 0) for word, one in numbered.items() if not one.is_common}
        self._met = {word: int.from_bytes(numbered[word].met, "little") for word in self._bits}
        self._new = set[str]()

    def has_some_of(self, words: Set[str]) -> bool:
        return not words.isdisjoint(self._bits)

    def put(self, words: frozenset[str]) -> frozenset[str]:
        """The words under which the index has a row; notes that they have met."""
        here, bits, met = words & self._bits.keys(), self._bits, self._met
        together = 0
        for word in here:
            together |= bits[word]
        for word in here:
            before = met[word]
            if before | together != before:
                met[word] = before | together
                self._new.add(word)
        return self.shown(words)

    def shown(self, words: frozenset[str]) -> frozenset[str]:
        """The words under which the index has a row."""
        absent = [ABSENT + word for word in self.common - words]
        return (words - self.common).union([EVERYWHERE], absent)

    def news(self) -> list[tuple[bytes, str]]:
        """Those that have met others since they were read: what each has met by now, and the word."""
        return [(self._met[word].to_bytes(_BYTES, "little"), word) for word in self._new]


class Counting:
    """Counts the words of some rows, of which ``found`` tells the more frequent ones."""

    def __init__(self) -> None:
        self.rows = 0
        self._counts = Counter[str]()
        self._of_numbers = set[str]()

    def add(self, document: Document) -> None:
        self.rows += 1
        self._counts.update(document.words)
        numbers = (words_of(said) for said in document.text.split("\n") if said[:1] == NUMBER)
        self._of_numbers.update(word for words in numbers for word in words if word[:1] != HEAD)

    def found(self) -> list[tuple[str, Known]]:
        """What is known of the more frequent words before any have met."""
        counts = self._counts.items()
        shares = {word: share for word, count in counts if (share := 10_000 * count // self.rows) >= _RARE}
        ranked = sorted((word for word in shares.keys() - self._of_numbers), key=lambda word: (-shares[word], word))
        met = {word: Known(number, shares[word], bytes(_BYTES)) for number, word in enumerate(ranked[:_MOST_MET])}
        return [*({word: Known(None, share, b"") for word, share in shares.items()} | met).items()]


def looked_at(rids: Sequence[int]) -> Sequence[int]:
    """Some of the rows, from all over the years; none if there are too few to tell anything."""
    enough = min(max(LEAST_ROWS, len(rids) // 10), _LOOKED_AT)
    return rids[:: len(rids) // enough] if len(rids) >= enough else []


def counted(connection: Reads, subject: Subject, rids: Sequence[int]) -> list[tuple[str, Known]]:
    """The more frequent words of these rows, found by looking at some of them."""
    counting, some = Counting(), looked_at(rids)
    for start in range(0, len(some), _BULK):
        for document in subject.read(connection, some[start : start + _BULK]).values():
            counting.add(document)
    return counting.found()


def frequent(connection: Reads, subject: Subject, words: Collection[str] | None = None) -> Frequent:
    """Those that the index was made with; with a few ``words``, these and the common ones."""
    sql, params = f"SELECT {_COLUMNS} FROM {subject.frequent} WHERE number IS NOT NULL", list[str]()
    if words is not None and len(words) < _MOST_MET:
        sql = f"{sql} AND share >= {COMMON} UNION ALL {sql} AND word IN (SELECT value FROM json_each(?))"
        params = [json.dumps(list(words))]
    return Frequent((word, Known(*facts)) for word, *facts in connection.execute(sql, params).fetchall())


def known(connection: Reads, subject: Subject, words: Collection[str]) -> tuple[dict[str, Known], bool, bool]:
    """What is known of these words, whether anything is known at all, and whether rows wait for the index."""
    marks = ", ".join("?" * len(words))
    first, *found = connection.execute(
        f"SELECT '', EXISTS (SELECT 1 FROM {subject.frequent}), EXISTS (SELECT 1 FROM {subject.dirty}), ''"
        f" UNION ALL SELECT {_COLUMNS} FROM {subject.frequent} WHERE word IN ({marks})",
        (*words,),
    ).fetchall()
    return {word: Known(*facts) for word, *facts in found}, first[1] == 1, first[2] == 1


def table_sql(subject: Subject) -> tuple[str, str]:
    """The table, and what finds the common ones among its words."""
    return (
        f"CREATE TABLE {subject.frequent} (word TEXT PRIMARY KEY, number INTEGER, share INTEGER NOT NULL,"
        " met BLOB NOT NULL) WITHOUT ROWID",
        f"CREATE INDEX ix_{subject.frequent} ON {subject.frequent} (share)"
        f" WHERE number IS NOT NULL AND share >= {COMMON}",
    )


def new_sql(subject: Subject) -> str:
    return f"INSERT INTO {subject.frequent} ({_COLUMNS}) VALUES (?, ?, ?, ?)"


def news_sql(subject: Subject) -> str:
    return f"UPDATE {subject.frequent} SET met = ? WHERE word = ?"
