"""Searching among a million orders, kind by kind, beside SQLite's own LIKE over the same rows."""

import random
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from app.replica.queries.order_list import OrderFilter, first_orders
from app.replica.reader import open_reader
from benchmarks.measure import Figure, figure, quantile
from benchmarks.replicas import MANY, QUICK, file_of, kept, seconds_of_index

GOAL_MS = 10
LIKES = 5
_FACTS = (
    "SELECT o.no, c.name, c.phone, c.address, l.title FROM orders o JOIN order_contacts c ON c.order_id = o.id"
    " JOIN order_lines l ON l.order_id = o.id WHERE o.rid = ?"
)
_LIKE = "SELECT order_id FROM order_contacts WHERE name LIKE ? LIMIT 1000"


class Asked:
    """What people type, made of what stands on orders of all ages."""

    def __init__(self, connection: sqlite3.Connection, count: int) -> None:
        self._chance, self._connection, self._count = random.Random(5), connection, count

    def _order(self) -> tuple[str, ...]:
        while True:
            found = self._connection.execute(_FACTS, (self._chance.randrange(1, self._count),)).fetchone()
            if found is not None and len(found[1]) > 1:
                return tuple(found)

    def kinds(self) -> dict[str, Callable[[], OrderFilter]]:
        order, chance = self._order, self._chance

        def part(text: str, size: int) -> str:
            start = chance.randrange(max(1, len(text) - size))
            return text[start : start + size].strip()

        def both(one: int, some: slice, other: int, more: slice) -> OrderFilter:
            facts = order()
            return OrderFilter(words=f"{facts[one][some]} {facts[other][more]}")

        return {
            "whole order number": lambda: OrderFilter(words=order()[0]),
            "head of an order number, 4 signs": lambda: OrderFilter(words=order()[0][:4]),
            "head of an order number, 8 signs": lambda: OrderFilter(words=order()[0][:8]),
            "head of an order number, 10 signs": lambda: OrderFilter(words=order()[0][:10]),
            "head of an order number, 12 signs": lambda: OrderFilter(words=order()[0][:12]),
            "tail of an order number": lambda: OrderFilter(words=order()[0][-6:]),
            "whole name": lambda: OrderFilter(words=order()[1]),
            "name of two characters": lambda: OrderFilter(words=order()[1][:2]),
            "single character of a name": lambda: OrderFilter(words=chance.choice(order()[1])),
            "whole phone": lambda: OrderFilter(words=order()[2]),
            "last four digits of a phone": lambda: OrderFilter(words=order()[2][-4:]),
            "head of a phone": lambda: OrderFilter(words=order()[2][:7]),
            "part of an address": lambda: OrderFilter(words=part(order()[3], 5)),
            "house in an address": lambda: OrderFilter(words=order()[3].split(" 号")[0][-8:].replace(" ", "")),
            "part of a title": lambda: OrderFilter(words=part(order()[4], 3)),
            "name and address": lambda: both(1, slice(None), 3, slice(3, 6)),
            "title and phone": lambda: both(4, slice(4), 2, slice(-4, None)),
            "name within a tab": lambda: OrderFilter("completed", order()[1]),
            "name within a tab of few": lambda: OrderFilter("paid,partly_shipped", order()[1]),
            "single character within a tab of few": lambda: OrderFilter("paid", chance.choice(order()[1])),
            "title within a tab of few": lambda: OrderFilter("paid", part(order()[4], 3)),
            "address within a tab of few": lambda: OrderFilter("shipped", part(order()[3], 5)),
            "what stands nowhere": lambda: OrderFilter(words=f"{chance.randrange(10**9):09}"),
        }


def searches(is_quick: bool) -> Iterator[Figure]:
    count, rounds = (QUICK, 40) if is_quick else (MANY, 200)
    folder = kept(count)
    for name, waits, likes in measured(folder, count, rounds):
        yield figure(f"search in {count:,} orders, p99: {name}", quantile(waits, 0.99), "ms", goal=f"<= {GOAL_MS}")
        if likes:
            share = statistics.median(waits)
            yield figure(f"search in {count:,} orders, p50, beside LIKE: {name}", share, "ms", statistics.median(likes))
    yield figure(f"all indices of {count:,} orders, processors' time", seconds_of_index(folder), "s")
    yield figure(f"replica of {count:,} orders on disk", file_of(folder).stat().st_size / 2**20, "MB")


def measured(folder: Path, count: int, rounds: int) -> Iterator[tuple[str, list[float], list[float]]]:
    """By kind: how long each search took, and LIKE over the names beside the first kinds, in milliseconds of CPU."""
    with closing(open_reader(file_of(folder))) as connection:
        asked = Asked(connection, count)
        for name, make in asked.kinds().items():
            waits, likes = [], []
            for number in range(rounds):
                wanted = make()
                waits.append(_ms(partial(first_orders, connection, wanted)))
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
