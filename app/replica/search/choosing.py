"""Chooses which of the words that have to be there the index is asked for; the document proves the others.

Going through two lists together costs by the longer one, where each step in it does not land on another page; a text
that is read to prove it costs as much as a hundred steps. So the rarest words are asked for: where it is known which
words are frequent, by that, and else by where a word's list begins and where the next one does.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from operator import itemgetter
from typing import Final

from app.replica.search.cutting import Choice, Wanted
from app.replica.search.frequent import COMMON, Known
from app.replica.search.subject import Subject

LEAST_ASKED: Final = 2
"""Reading a text to prove it costs more than a step in a second list, as long as that is not of a frequent word."""
MOST_ASKED: Final = 3
NEAR: Final = 8
"""A list that is so many times as long as the shortest one tells too little for what it costs."""
_ALL: Final = 10_000
_RARE: Final = 15
"""So many rows in ten thousand a word is taken to have of which nothing is known: as four digits do."""
_READ_COSTS: Final = 60
"""So many steps in a list are made while one text is read."""
_AKIN: Final = 0.1
"""Words of one text stand together: however rare a second one is, of what the first one left it leaves so much."""
_LEAST_TO_MEET: Final = 2
_START: Final = "0"
"""The text index has this sign before each of its words."""

Group = Sequence[Choice]
"""Of these choices one has to be there."""


def chosen(groups: Iterable[Group], pages: Mapping[str, int]) -> list[Group]:
    """The choices of each one with fewer words in them: the rarest two, and another that is not much more frequent."""
    return [tuple(_fewer_by_pages(choice, pages) for choice in group) for group in groups]


def asked_and_proven(
    wishes: Sequence[Wanted], marks: Sequence[Group], known: Mapping[str, Known]
) -> tuple[list[Group], list[str]] | None:
    """What the index is asked, and which texts have to stand in the document; None when no row can have it all.

    The rarest are asked for first. As soon as so few rows are left that to read them costs less than to go through
    another list, what its text says as well is left to the documents.
    """
    groups = possible([*marks, *(one.choices for one in wishes)], known)
    if groups is None:
        return None
    asked, texts, left = groups[: len(marks)], list[str](), 1.0
    pairs = zip(wishes, groups[len(marks) :], strict=True)
    ranked = sorted(((_share(group, known), one, group) for one, group in pairs), key=itemgetter(0))
    for share, one, group in ranked:
        is_left = bool(asked) and one.is_sure and not _pays(share, left)
        if is_left or not one.is_exact:
            texts.append(one.text)
        if not is_left:
            asked.append(tuple(_fewer(choice, known, left) for choice in group))
            left *= share
    return asked, texts


def possible(groups: Sequence[Group], known: Mapping[str, Known]) -> list[Group] | None:
    """The choices whose words have ever met; None when no row can have all that has to be there."""
    if len(known) < _LEAST_TO_MEET:
        return list(groups)
    found = [[choice for choice in group if _may_meet(choice, choice, known)] for group in groups]
    for place, group in enumerate(found):
        if not group:
            return None
        for other in found[:place]:
            if not any(_may_meet(one, another, known) for one, another in product(group, other)):
                return None
    return list(found)


def pages_of(connection: sqlite3.Connection, subject: Subject, groups: Iterable[Group]) -> dict[str, int]:
    """On how many pages of the index the rows of a word stand, for words that are not alone; none if it is empty."""
    words = list(dict.fromkeys(word for group in groups for choice in group if len(choice) > 1 for word in choice))
    return dict(connection.execute(_pages_sql(subject.words, len(words)), words).fetchall()) if words else {}


def _may_meet(one: Choice, other: Choice, known: Mapping[str, Known]) -> bool:
    there = [known[word] for word in one if word in known]
    return all(a.may_meet(known[word]) for word in other if word in known for a in there)


def _share(group: Group, known: Mapping[str, Known]) -> float:
    """On which part of all rows one of the choices may be."""
    return max(min(_share_of(word, known) for word in choice) for choice in group)


def _share_of(word: str, known: Mapping[str, Known]) -> float:
    return (known[word].share if word in known else _RARE) / _ALL


def _pays(share: float, left: float) -> bool:
    """Whether it costs less to go through a list than to read those of the rows ``left`` that are not in it."""
    return share <= left * _READ_COSTS * (1 - share)


def _fewer(choice: Choice, known: Mapping[str, Known], left: float) -> Choice:
    if len(choice) == 1:
        return choice
    rare = sorted((word for word in choice if word not in known), key=len, reverse=True)
    if rare:
        return tuple(rare[:LEAST_ASKED])
    few = list[str]()
    for share, word in sorted((_share_of(word, known), word) for word in choice if known[word].share < COMMON):
        if few and not _pays(share, left):
            break
        left *= max(share, _AKIN) if few else share
        few.append(word)
    if few:
        return tuple(few)
    real = tuple(word for word in choice if not known[word].is_common)
    return real[:1] or choice


def _fewer_by_pages(choice: Choice, pages: Mapping[str, int]) -> Choice:
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
