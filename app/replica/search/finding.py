"""Finds rows by what was typed: in the index, and among the rows that have changed since without it."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Final

from app.replica.search.choosing import chosen, pages_of
from app.replica.search.cutting import MARKS, Wanted, as_one, expression, wanted, words_of
from app.replica.search.subject import Subject

_DIRTY_READ: Final = 500


@dataclass(frozen=True, slots=True)
class Search:
    """What to find: all of ``asked``, and of each group of ``marks`` one."""

    subject: Subject
    asked: tuple[Wanted, ...]
    marks: tuple[tuple[str, ...], ...] = ()


def search_for(subject: Subject, typed: str) -> Search | None:
    """None when there is nothing that could be looked up, so nothing is found."""
    asked = wanted(typed, with_initials=subject.with_initials)
    return None if asked is None else Search(subject, asked)


def searches_for(subject: Subject, typed: str) -> tuple[Search, ...]:
    """The ways in which it may be meant, in turn: as soon as one of them finds rows, those are what is found.

    A number is found at once, where its groups would have to be sought for in the numbers of all orders.
    """
    ways = as_one(typed), wanted(typed, with_initials=subject.with_initials)
    return tuple(Search(subject, asked) for asked in ways if asked is not None)


def found_by(
    connection: sqlite3.Connection, searches: Sequence[Search], limit: int = -1
) -> tuple[Search | None, list[int]]:
    """Which of the searches finds, and its rows; the last one and none if nothing is found."""
    search, found = None, list[int]()
    for search in searches:
        found = rows(connection, search, limit)
        if found:
            break
    return search, found


def rows(connection: sqlite3.Connection, search: Search, limit: int = -1) -> list[int]:
    """The rows that fit, newest first; with a limit, the newest of them at once."""
    is_fresh = connection.execute(f"SELECT EXISTS (SELECT 1 FROM {search.subject.dirty})").fetchone() != (0,)
    indexed = _indexed(connection, search, limit, is_fresh=is_fresh)
    if not is_fresh:
        return [rid for _, rid in indexed]
    fresh = sorted(_fresh(connection, search), key=_newest_first)
    both = merge(indexed, fresh, key=_newest_first)
    return [rid for _, rid in (both if limit < 0 else islice(both, limit))]


def _newest_first(row: tuple[int, int]) -> tuple[int, int]:
    place, rid = row
    return place, -rid


def _indexed(
    connection: sqlite3.Connection, search: Search, limit: int, *, is_fresh: bool
) -> Iterator[tuple[int, int]]:
    subject, proof = search.subject, ""
    to_prove = [one.text for one in search.asked if not one.is_exact]
    if to_prove:
        standing = " AND instr(d.text, ?) > 0" * len(to_prove)
        proof = f" CROSS JOIN {subject.documents} d ON d.place = w.rowid{standing}"
    unchanged = f" AND NOT EXISTS (SELECT 1 FROM {subject.dirty} x WHERE x.rid = p.rid)" if is_fresh else ""
    asked = chosen(search.asked, pages_of(connection, subject, search.asked))
    return connection.execute(
        f"SELECT p.place, p.rid FROM {subject.words} w{proof} CROSS JOIN {subject.places} p ON p.place = w.rowid"
        f" WHERE {subject.words} MATCH ?{unchanged} ORDER BY w.rowid LIMIT ?",
        (*to_prove, expression(asked, search.marks), limit),
    )


def _fresh(connection: sqlite3.Connection, search: Search) -> list[tuple[int, int]]:
    subject = search.subject
    rids = [rid for (rid,) in connection.execute(f"SELECT rid FROM {subject.dirty}").fetchall()]
    found = []
    marks = [{MARKS + mark for mark in group} for group in search.marks]
    for start in range(0, len(rids), _DIRTY_READ):
        for rid, document in subject.read(connection, rids[start : start + _DIRTY_READ]).items():
            words = words_of(document.text)
            is_marked = all(group & words for group in marks)
            if is_marked and all(one.fits(document.text, words) for one in search.asked):
                found.append((document.place, rid))
    return found
