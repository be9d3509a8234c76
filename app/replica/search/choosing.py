"""Chooses which of the words that have to be there the index is asked for; the document proves the others.

Going through two lists together costs by the shorter one, unless the longer one is so much longer that each step in it
lands on another page. How long a list is, is read from where it begins and where the next one does.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from app.replica.search.cutting import Choice, Wanted
from app.replica.search.subject import Subject

LEAST_ASKED: Final = 2
"""Reading a text to prove it costs more than a step in a second list, however long that is."""
MOST_ASKED: Final = 3
NEAR: Final = 16
"""A list that is so many times as long as the shortest one tells too little for what it costs."""
_START: Final = "0"
"""The text index has this sign before each of its words."""


def chosen(asked: Sequence[Wanted], pages: Mapping[str, int]) -> tuple[tuple[Choice, ...], ...]:
    """The choices of each one with fewer words in them: the rarest two, and another that is not much more frequent."""
    return tuple(tuple(_fewer(choice, pages) for choice in one.choices) for one in asked)


def pages_of(connection: sqlite3.Connection, subject: Subject, asked: Iterable[Wanted]) -> dict[str, int]:
    """On how many pages of the index the rows of a word stand, for words that are not alone; none if it is empty."""
    words = list(dict.fromkeys(word for one in asked for choice in one.choices if len(choice) > 1 for word in choice))
    return dict(connection.execute(_pages_sql(subject.words, len(words)), words).fetchall()) if words else {}


def _fewer(choice: Choice, pages: Mapping[str, int]) -> Choice:
    if len(choice) == 1:
        return choice
    ranked = sorted(choice, key=lambda word: pages.get(word, 0))
    most = NEAR * max(1, pages.get(ranked[0], 0))
    near = [word for word in ranked[LEAST_ASKED:MOST_ASKED] if pages.get(word, 0) <= most]
    return (*ranked[:LEAST_ASKED], *near)


def _pages_sql(index: str, count: int) -> str:
    """Each of the index's pieces says which word each of its pages begins with; a long list has pages of its own."""
    bound = f"CAST('{_START}' || w.word AS BLOB)"
    here = (
        f"SELECT i.pgno / 2 FROM {index}_idx i WHERE i.segid = s.id AND i.term <= {bound} ORDER BY i.term DESC LIMIT 1"
    )
    after = f"SELECT i.pgno / 2 FROM {index}_idx i WHERE i.segid = s.id AND i.term > {bound} ORDER BY i.term LIMIT 1"
    next_piece = f"SELECT min(i.segid) FROM {index}_idx i WHERE i.segid > s.id"
    return (
        f"WITH RECURSIVE w (word) AS (VALUES {', '.join(['(?)'] * count)}), s (id) AS ("
        f"SELECT min(segid) FROM {index}_idx UNION ALL SELECT ({next_piece}) FROM s WHERE s.id IS NOT NULL)"
        f" SELECT w.word, 1 + coalesce(sum(({after}) - ({here})), 0) FROM w, s WHERE s.id IS NOT NULL GROUP BY w.word"
    )
