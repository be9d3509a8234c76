"""Chooses which of the words that have to be there the index is asked for; the document proves the others.

Going through two lists together costs by the longer one, where each step in it does not land on another page; a text
that is read to prove it costs as much as a hundred steps. So the rarest words are asked for: where it is known which
words are frequent, by that, and else by where a word's list begins and where the next one does.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import Final

from app.replica.search.cutting import Choice, Wanted
from app.replica.search.frequent import COMMON, Known
from app.replica.search.subject import Subject

LEAST_ASKED: Final = 2
"""Reading a text to prove it costs more than a step in a second list, as long as that is not of a frequent word."""
MOST_ASKED: Final = 3
NEAR: Final = 8
"""A list that is so many times as long as the shortest one tells too little for what it costs."""
_LEAST_TO_MEET: Final = 2
_START: Final = "0"
"""The text index has this sign before each of its words."""

Group = Sequence[Choice]
"""Of these choices one has to be there."""


def chosen(groups: Iterable[Group], pages: Mapping[str, int]) -> list[Group]:
    """The choices of each one with fewer words in them: the rarest two, and another that is not much more frequent."""
    return [tuple(_fewer_by_pages(choice, pages) for choice in group) for group in groups]


def chosen_by(groups: Iterable[Group], known: Mapping[str, Known]) -> list[Group]:
    """The choices of each one with fewer words in them: the rarest two, by what is known of the frequent ones."""
    return [tuple(_fewer(choice, known) for choice in group) for group in groups]


def asked_and_proven(
    wishes: Sequence[Wanted], marks: Sequence[Group], known: Mapping[str, Known]
) -> tuple[list[Group], list[str]] | None:
    """What the index is asked, and which texts have to stand in the document; None when no row can have it all.

    Where a rare word is asked for anyway, a frequent one is left to the document if its text says as much.
    """
    groups = possible([*marks, *(one.choices for one in wishes)], known)
    if groups is None:
        return None
    asked, texts = groups[: len(marks)], list[str]()
    pairs = list(zip(wishes, groups[len(marks) :], strict=True))
    has_rare = any(_is_rare(group, known) for _, group in pairs)
    for one, group in pairs:
        is_left = has_rare and one.is_sure and not _is_rare(group, known)
        if is_left or not one.is_exact:
            texts.append(one.text)
        if not is_left:
            asked.append(group)
    return chosen_by(asked, known), texts


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


def _is_rare(group: Group, known: Mapping[str, Known]) -> bool:
    return all(any(word not in known for word in choice) for choice in group)


def _fewer(choice: Choice, known: Mapping[str, Known]) -> Choice:
    if len(choice) == 1:
        return choice
    rare = sorted((word for word in choice if word not in known), key=len, reverse=True)
    if rare:
        return tuple(rare[:LEAST_ASKED])
    frequent = sorted((word for word in choice if known[word].share < COMMON), key=_share_in(known))
    if frequent:
        most = NEAR * known[frequent[0]].share
        return tuple(word for word in frequent[:LEAST_ASKED] if known[word].share <= most)
    real = tuple(word for word in choice if not known[word].is_common)
    return real[:1] or choice


def _share_in(known: Mapping[str, Known]) -> Callable[[str], int]:
    return lambda word: known[word].share


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
