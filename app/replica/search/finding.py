"""Finds rows by what was typed: in the index, and among the rows that have changed since without it."""

import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Final

from app.replica.search.choosing import Group, asked_and_proven, chosen, pages_of
from app.replica.search.cutting import MARKS, Wanted, as_one, expression, wanted
from app.replica.search.frequent import known
from app.replica.search.subject import Subject

_DIRTY_READ: Final = 500
_PLACED: Final = "p.place, p.rid"
_BETWEEN: Final = "\n"


@dataclass(frozen=True, slots=True)
class Search:
    """What to find: all of ``asked``, and of each group of ``marks`` one."""

    subject: Subject
    asked: tuple[Wanted, ...]
    marks: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Rows, newest first; ``told``, if the index knows them all, are their marks and what they come to, as texts."""

    rids: "array[int]"
    told: tuple[str, str] | None = None

    def facts(self) -> Iterator[tuple[int, str, int]]:
        """Of each row its number, its marks and what it comes to; nothing if the index does not know them all."""
        marks, sums = self.told or ("", "")
        if marks:
            yield from zip(self.rids, marks.split(_BETWEEN), map(int, sums.split(",")), strict=True)


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
) -> tuple[Search | None, Found]:
    """Which of the searches finds, and its rows; the last one and none if nothing is found."""
    search, found = None, Found(array("q"))
    for search in searches:
        found = rows(connection, search, limit)
        if found.rids:
            break
    return search, found


def rows(connection: sqlite3.Connection, search: Search, limit: int = -1) -> Found:
    """The rows that fit, newest first; with a limit, the newest of them at once."""
    asking = _asking(connection, search)
    if not asking.is_fresh:
        return _at_once(connection, asking, limit) if limit >= 0 else _all(connection, asking)
    indexed = iter(()) if asking.match is None else connection.execute(asking.sql(_PLACED), (*asking.params, limit))
    fresh = sorted(_fresh(connection, search), key=_newest_first)
    both = merge(indexed, fresh, key=_newest_first)
    return Found(array("q", [rid for _, rid in (both if limit < 0 else islice(both, limit))]))


@dataclass(frozen=True, slots=True)
class Gathered:
    """Of all that is found: by the rows' marks how many there are and what they come to, and some of the rows."""

    sums: Mapping[str, tuple[int, int]]
    rids: "array[int]"


def gathered(connection: sqlite3.Connection, search: Search, is_listed: Callable[[str], bool]) -> Gathered | None:
    """All that is found, told by the index alone, and those rows, newest first, whose marks are listed.

    None while rows wait for the index: of those it does not know what they are.
    """
    asking = _asking(connection, search)
    if asking.is_fresh:
        return None
    if asking.match is None:
        return Gathered({}, array("q"))
    marks = asking.subject.marks
    facts = (
        f"SELECT marks, count(*) AS held, sum(total_fen) AS fen FROM ({asking.sql('p.marks, p.total_fen')}) GROUP BY 1"
    )
    sql = f"SELECT m.id, m.said, f.held, f.fen FROM ({facts}) f JOIN {marks} m ON m.id = f.marks"
    found = connection.execute(sql, (*asking.params, -1)).fetchall()
    listed = [mark for mark, said, _, _ in found if is_listed(said)]
    some = "" if len(listed) == len(found) else f" AND p.marks IN ({', '.join(map(str, listed))})"
    sql = f"SELECT group_concat(rid) FROM ({asking.sql('p.rid', some)})"
    (rids,) = connection.execute(sql, (*asking.params, -1)).fetchone()
    return Gathered(
        {said: (held, fen) for _, said, held, fen in found},
        array("q", map(int, rids.split(","))) if rids else array("q"),
    )


def _newest_first(row: tuple[int, int]) -> tuple[int, int]:
    place, rid = row
    return place, -rid


@dataclass(frozen=True, slots=True)
class _Asking:
    """What the index is asked, None if it has nothing; ``is_fresh``: rows wait for it that are searched without it."""

    subject: Subject
    match: str | None
    to_prove: Sequence[str]
    is_fresh: bool

    @property
    def params(self) -> tuple[str | None, ...]:
        return (*self.to_prove, self.match)

    def sql(self, columns: str, more: str = "") -> str:
        """What selects ``columns`` of the rows ``p``, newest first; where texts prove, all is read from beside them."""
        subject = self.subject
        table = subject.documents if self.to_prove else subject.places
        proof = " AND instr(p.text, ?) > 0" * len(self.to_prove)
        unchanged = f" AND NOT EXISTS (SELECT 1 FROM {subject.dirty} x WHERE x.rid = p.rid)" if self.is_fresh else ""
        return (
            f"SELECT {columns} FROM {subject.words} w CROSS JOIN {table} p ON p.place = w.rowid{proof}{more}"
            f" WHERE {subject.words} MATCH ?{unchanged} ORDER BY w.rowid LIMIT ?"
        )


def _asking(connection: sqlite3.Connection, search: Search) -> _Asking:
    subject = search.subject
    marks: list[Group] = [[(MARKS + mark,) for mark in group] for group in search.marks]
    groups = [*marks, *(one.choices for one in search.asked)]
    told, is_told, is_fresh = known(connection, subject, _words(groups))
    if not is_told:
        asked = chosen(groups, pages_of(connection, subject, groups))
        return _Asking(subject, expression(asked), [one.text for one in search.asked if not one.is_exact], is_fresh)
    found = asked_and_proven(search.asked, marks, told)
    if found is None:
        return _Asking(subject, None, (), is_fresh)
    asked, texts = found
    return _Asking(subject, expression(asked, [word for word, one in told.items() if one.is_common]), texts, is_fresh)


def _words(groups: Iterable[Group]) -> list[str]:
    return list(dict.fromkeys(word for group in groups for choice in group for word in choice))


def _all(connection: sqlite3.Connection, asking: _Asking) -> Found:
    if asking.match is None:
        return Found(array("q"))
    return Found(array("q", [rid for (rid,) in connection.execute(asking.sql("p.rid"), (*asking.params, -1))]))


def _at_once(connection: sqlite3.Connection, asking: _Asking, limit: int) -> Found:
    """A few rows as one text: a step for each row would hand the interpreter from thread to thread each time."""
    if asking.match is None:
        return Found(array("q"))
    facts = asking.sql("p.rid, m.said, p.total_fen", f" CROSS JOIN {asking.subject.marks} m ON m.id = p.marks")
    sql = f"SELECT group_concat(rid), group_concat(said, '{_BETWEEN}'), group_concat(total_fen) FROM ({facts})"
    found = connection.execute(sql, (*asking.params, limit)).fetchone()
    rids, *told = (said or "" for said in found)
    return Found(array("q", map(int, rids.split(",")) if rids else ()), (told[0], told[1]))


def _fresh(connection: sqlite3.Connection, search: Search) -> list[tuple[int, int]]:
    subject = search.subject
    rids = [rid for (rid,) in connection.execute(f"SELECT rid FROM {subject.dirty}").fetchall()]
    found = []
    marks = [{MARKS + mark for mark in group} for group in search.marks]
    for start in range(0, len(rids), _DIRTY_READ):
        for rid, document in subject.read(connection, rids[start : start + _DIRTY_READ]).items():
            words = document.words
            is_marked = all(group & words for group in marks)
            if is_marked and all(one.fits(document.text, words) for one in search.asked):
                found.append((document.place, rid))
    return found
