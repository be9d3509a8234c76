"""Searching among a million orders, kind by kind, beside SQLite's own LIKE over the same rows."""

import os
import random
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from app.replica.queries.order_list import OrderFilter, first_orders
from app.replica.reader import open_reader
from benchmarks.measure import Figure, figure, quantile, told_by
from benchmarks.replicas import MANY, QUICK, copied, file_of, kept, seconds_of_index

GOAL_MS, PAGE_MS = 10, 16
"""For the search, and for a page of the table once that has answered."""
LIKES = 5
TYPED = 30
"""So many searches of each kind are played in the window: each waits for all that comes behind its first rows."""
IN_VIEW = 10
"""So many rows a counter's window of 1366 by 768 shows."""
_FACTS = (
    "SELECT o.no, c.name, c.phone, c.address, l.title, l.code, l.barcode, coalesce(p.waybill_no, '')"
    " FROM orders o JOIN order_contacts c ON c.order_id = o.id JOIN order_lines l ON l.order_id = o.id"
    " LEFT JOIN parcels p ON p.order_id = o.id WHERE o.rid = ?"
)
_LIKE = "SELECT order_id FROM order_contacts WHERE name LIKE ? LIMIT 1000"


class Facts(NamedTuple):
    """What stands on an order."""

    no: str
    name: str
    phone: str
    address: str
    title: str
    code: str
    barcode: str
    waybill_no: str

    @property
    def street(self) -> str:
        """Road and house as the address has them."""
        return self.address.split(" 号")[0][-8:]


class Asked:
    """What people type, made of what stands on orders of all ages."""

    def __init__(self, connection: sqlite3.Connection, count: int, seed: int) -> None:
        self.chance, self._connection, self._count = random.Random(seed), connection, count

    def order(self) -> Facts:
        while True:
            found = self._connection.execute(_FACTS, (self.chance.randrange(1, self._count),)).fetchone()
            if found is not None and len(found[1]) > 1:
                return Facts(*found)

    def kinds(self) -> dict[str, Callable[[], OrderFilter]]:
        return {name: partial(self._filter, make) for name, make in _KINDS.items()}

    def _filter(self, make: "Kind") -> OrderFilter:
        asked = make(self.order(), self.chance)
        return asked if isinstance(asked, OrderFilter) else OrderFilter(words=asked)


Kind = Callable[[Facts, random.Random], "str | OrderFilter"]


def _part(text: str, size: int, chance: random.Random) -> str:
    start = chance.randrange(max(1, len(text) - size))
    return text[start : start + size].strip() or text[:size]


def _in_groups(text: str, sizes: Sequence[int]) -> str:
    """As it is copied from a message or a label; what is left over is a group of four each."""
    parts, rest = [], text
    for size in (*sizes, *[4] * len(text)):
        parts.append(rest[:size])
        rest = rest[size:]
    return " ".join(part for part in parts if part)


_KINDS: dict[str, Kind] = {
    "whole order number": lambda f, _: f.no,
    "head of an order number, 4 signs": lambda f, _: f.no[:4],
    "head of an order number, 6 signs": lambda f, _: f.no[:6],
    "head of an order number, 8 signs": lambda f, _: f.no[:8],
    "head of an order number, 10 signs": lambda f, _: f.no[:10],
    "head of an order number, 12 signs": lambda f, _: f.no[:12],
    "order number pasted with blanks": lambda f, c: _in_groups(f.no, c.choice(((2,), (2, 8), (2, 4), (6,)))),
    "tail of an order number": lambda f, c: f.no[-c.choice((4, 5, 6, 8)) :],
    "middle of an order number": lambda f, c: _part(f.no, c.choice((5, 7)), c),
    "whole name": lambda f, _: f.name,
    "name of two characters": lambda f, _: f.name[:2],
    "single character of a name": lambda f, c: c.choice(f.name),
    "whole phone": lambda f, _: f.phone,
    "phone in groups": lambda f, c: _in_groups(f.phone, c.choice(((3, 4, 4), (3, 3, 5)))),
    "last four digits of a phone": lambda f, _: f.phone[-4:],
    "head of a phone": lambda f, c: f.phone[: c.choice((3, 5, 7))],
    "part of an address": lambda f, c: _part(f.address, c.choice((4, 5, 8)), c),
    "house in an address": lambda f, _: f.street.replace(" ", ""),
    "street and house number": lambda f, _: f.street,
    "part of a title": lambda f, c: _part(f.title, c.choice((2, 3, 4)), c),
    "two words of goods": lambda f, c: f"{_part(f.title, 2, c)} {f.title.split()[-1]}",
    "code or barcode of goods": lambda f, c: c.choice((f.code, f.barcode)),
    "code of goods and a part of their title": lambda f, c: f"{f.code[-4:]} {_part(f.title, 3, c)}",
    "whole waybill number": lambda f, _: f.waybill_no or f.no,
    "tail of a waybill number": lambda f, c: f.waybill_no[-c.choice((4, 6, 8)) :] or f.no[-6:],
    "name and address": lambda f, _: f"{f.name} {f.address[3:6]}",
    "name and last four digits of a phone": lambda f, _: f"{f.name} {f.phone[-4:]}",
    "surname and last four digits of a phone": lambda f, _: f"{f.name[:1]} {f.phone[-4:]}",
    "name and goods": lambda f, c: f"{f.name} {_part(f.title, 3, c)}",
    "title and phone": lambda f, _: f"{f.title[:4]} {f.phone[-4:]}",
    "head of an order number and surname": lambda f, _: f"{f.no[:6]} {f.name[:1]}",
    "waybill's carrier and a town": lambda f, _: f"sf {f.address[3:6]}",
    "name within a tab": lambda f, _: OrderFilter("completed", f.name),
    "name within a tab of few": lambda f, _: OrderFilter("paid,partly_shipped", f.name),
    "single character within a tab of few": lambda f, c: OrderFilter("paid", c.choice(f.name)),
    "title within a tab of few": lambda f, c: OrderFilter("paid", _part(f.title, 3, c)),
    "address within a tab of few": lambda f, c: OrderFilter("shipped", _part(f.address, 5, c)),
    "what stands nowhere": lambda _, c: f"{c.randrange(10**9):09}",
    "a name that stands nowhere": lambda f, _: f"{f.name[-1]}{f.name[0]}{f.name[-1]}",
    "two streets, of which an order has one": lambda f, _: (
        f"{f.street[:2]} {'长安街' if '长安' not in f.street else '学院路'}"
    ),
}


def searches(is_quick: bool) -> Iterator[Figure]:
    count, rounds = (QUICK, 40) if is_quick else (MANY, 200)
    folder, seed = kept(count), drawn()
    note = f"drawn by {seed}"
    for name, waits, likes in measured(folder, count, rounds, seed):
        yield figure(
            f"search in {count:,} orders, p99: {name}", quantile(waits, 0.99), "ms", goal=f"<= {GOAL_MS}", note=note
        )
        if likes:
            share = statistics.median(waits)
            yield figure(f"search in {count:,} orders, p50, beside LIKE: {name}", share, "ms", statistics.median(likes))
    painted = [wait for waits in typed(count, 10 if is_quick else TYPED, seed).values() for wait in waits]
    of = f"search in {count:,} orders until what it found is painted, all kinds"
    yield figure(f"{of}, p99", quantile(painted, 0.99), "ms", goal=f"<= {GOAL_MS + PAGE_MS}", note=note)
    yield figure(f"{of}, p50", statistics.median(painted), "ms", note=note)
    yield figure(f"all indices of {count:,} orders, processors' time", seconds_of_index(folder), "s")
    yield figure(f"replica of {count:,} orders on disk", file_of(folder).stat().st_size / 2**20, "MB")


@cache
def typed(count: int, rounds: int, seed: int) -> dict[str, list[float]]:
    """By kind: the processors' time from the words to the painted rows, in milliseconds; a process of its own."""
    with copied(count) as folder:
        found: dict[str, list[float]] = told_by("benchmarks.typed", str(folder), str(count), str(rounds), str(seed))
    return found


@cache
def drawn() -> int:
    """Another one in every run: what is asked each time is soon what the program is made for."""
    return int.from_bytes(os.urandom(3))


def measured(
    folder: Path, count: int, rounds: int, seed: int, before: int = 0
) -> Iterator[tuple[str, list[float], list[float]]]:
    """By kind: how long each search took, and LIKE over the names beside the first kinds, in milliseconds of CPU.

    So many searches of each kind are made ``before``. A page of the file costs ten microseconds when a process looks at
    it first: ten thousand orders have all been looked at soon, and a million after some thousands of searches.
    """
    with closing(open_reader(file_of(folder))) as connection:
        asked = Asked(connection, count, seed)
        first_orders(connection, OrderFilter(words="wx"))  # what searches is imported behind the first picture
        for make in list(asked.kinds().values()) * before:
            first_orders(connection, make(), IN_VIEW)
        for name, make in asked.kinds().items():
            waits, likes = [], []
            for number in range(rounds):
                wanted = make()
                waits.append(_ms(partial(first_orders, connection, wanted, IN_VIEW)))
                if name == "whole name" and number < LIKES:
                    likes.append(_ms(partial(_like, connection, wanted.words)))
            yield name, waits, likes


def _like(connection: sqlite3.Connection, words: str) -> list[tuple[str]]:
    return connection.execute(_LIKE, (f"%{words}%",)).fetchall()


def _ms(work: Callable[[], object]) -> float:
    """The thread's own time: what others do on the same cores meanwhile is not our cost."""
    started = time.thread_time()
    work()
    return (time.thread_time() - started) * 1000
