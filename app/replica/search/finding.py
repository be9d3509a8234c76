"""Finds rows by what was typed: in the index, and among the rows that have changed since without it."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from app.replica.search.cutting import MARKS, Wanted, expression, wanted, words_of
from app.replica.search.subject import Subject

_DIRTY_READ: Final = 500


@dataclass(frozen=True, slots=True)
class Search:
    """What to find: all of ``asked``, and one of ``marks`` if there are any."""

    subject: Subject
    asked: tuple[Wanted, ...]
    marks: tuple[str, ...] = ()


def search_for(subject: Subject, typed: str, marks: Sequence[str] = ()) -> Search | None:
    """None when there is nothing that could be looked up, so nothing is found."""
    asked = wanted(typed, with_initials=subject.with_initials)
    return None if asked is None else Search(subject, asked, tuple(marks))


def rows(connection: sqlite3.Connection, search: Search, limit: int = -1) -> list[int]:
    """The rows that fit, newest first; with a limit, the newest of them at once."""
    fresh = _fresh(connection, search)
    indexed = _indexed(connection, search, limit)
    if not fresh:
        return [rid for _, rid in indexed]
    both = sorted([*indexed, *fresh], reverse=True)
    return [rid for _, rid in (both if limit < 0 else islice(both, limit))]


def _indexed(connection: sqlite3.Connection, search: Search, limit: int) -> Iterator[tuple[int, int]]:
    subject = search.subject
    to_prove = [one.text for one in search.asked if not one.is_exact]
    proofs = " AND instr(d.text, ?) > 0" * len(to_prove)
    return connection.execute(
        f"SELECT d.place, d.rid FROM {subject.words} w"
        f" CROSS JOIN {subject.documents} d ON d.place = w.rowid"
        f" WHERE {subject.words} MATCH ?{proofs}"
        f" AND NOT EXISTS (SELECT 1 FROM {subject.dirty} x WHERE x.rid = d.rid)"
        f" ORDER BY w.rowid DESC LIMIT ?",
        (expression(search.asked, search.marks), *to_prove, limit),
    )


def _fresh(connection: sqlite3.Connection, search: Search) -> list[tuple[int, int]]:
    subject = search.subject
    rids = [rid for (rid,) in connection.execute(f"SELECT rid FROM {subject.dirty}").fetchall()]
    found = []
    marks = {MARKS + mark for mark in search.marks}
    for start in range(0, len(rids), _DIRTY_READ):
        for rid, document in subject.read(connection, rids[start : start + _DIRTY_READ]).items():
            words = words_of(document.text)
            if (not marks or marks & words) and all(one.fits(document.text, words) for one in search.asked):
                found.append((document.place, rid))
    return found
