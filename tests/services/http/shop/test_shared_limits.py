"""What one process of a shop lets through is missing at the others: two of them are no way around a limit."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.db.engine import Store
from services.http.buckets import MOST_DEBT, Buckets, Rate, Taken
from services.http.exchange import CHANNEL, MOST_BYTES, SharedCounts
from services.http.poke import FeedWatch, PokeHub
from services.http.problem import Problem
from services.http.shop.limits import Limits, Rates
from tests.support.clocks import FixedClock
from tests.support.stores import new_url
from tests.support.waiting import until

RATE = Rates().order
"""Twenty at once, and one every two seconds."""
_WORDS = itertools.count()


@contextmanager
def process(url: str, clock: FixedClock) -> Iterator[Limits]:
    """One process's limits, and the line by which it hears of the others."""
    store = Store(url)
    limits = Limits(clock, Rates())
    watch = FeedWatch(store, PokeHub(), counts=limits.shared())
    watch.start()
    try:
        yield limits
    finally:
        watch.close()
        store.close()


def allowed(limits: Limits, count: int, kind: str = "order", who: str = "alice") -> int:
    """How many of so many requests are let through."""
    done = 0
    for _ in range(count):
        try:
            limits.check(kind, who, RATE)
        except Problem:
            break
        done += 1
    return done


def hear_out(*all_of_them: Limits) -> None:
    """Until each has heard what every other one has let through, and a word of it after that."""
    for teller, hearer in itertools.permutations(all_of_them, 2):
        words: list[str] = []

        def is_heard(teller: Limits = teller, hearer: Limits = hearer, words: list[str] = words) -> bool:
            words.append(f"word {next(_WORDS)}")  # a new one each time: who did not listen yet never hears the others
            allowed(teller, 1, who=words[-1])
            return any(("order", word) in hearer._buckets._buckets for word in words)

        until(is_heard, "it is heard")


def test_orders_at_one_process_count_at_the_other(tmp_path: Path) -> None:
    url, clock = new_url("postgresql", tmp_path), FixedClock()
    with process(url, clock) as here, process(url, clock) as there, process(url, clock) as third:
        hear_out(here, there, third)  # each listens by now
        assert allowed(here, 30) == RATE.burst
        hear_out(here, there, third)
        assert [allowed(each, 5) for each in (here, there, third)] == [0, 0, 0]
        assert [allowed(each, 5, who="bob") for each in (here, there)] == [5, 5], "others have their own count"
        clock.advance(seconds=4)
        assert allowed(there, 5) == 2


def test_what_was_let_through_at_the_same_moment_is_owed() -> None:
    clock = FixedClock()
    here, there = Limits(clock, Rates()), Limits(clock, Rates())
    lines = [each.shared() for each in (here, there)]
    assert [allowed(each, 30) for each in (here, there)] == [RATE.burst] * 2, "neither has heard of the other"
    told = [list(each.untold()) for each in lines]
    for hearing, texts in zip(lines, reversed(told), strict=True):
        for text in texts:
            hearing.hear(text)
    clock.advance(seconds=40)  # the twenty that were too many are paid back
    assert [allowed(each, 5) for each in (here, there)] == [0, 0]
    clock.advance(seconds=4)
    assert [allowed(each, 5) for each in (here, there)] == [2, 2]


def test_a_buyer_of_one_process_is_not_counted_twice(tmp_path: Path) -> None:
    url, clock = new_url("postgresql", tmp_path), FixedClock()
    with process(url, clock) as here, process(url, clock) as there:
        assert allowed(here, 15) == 15
        hear_out(here, there)
        assert allowed(here, 30) == RATE.burst - 15


@pytest.mark.warns_in_log("a notice that no service of ours sends")
def test_a_notice_that_nobody_understands_changes_nothing(tmp_path: Path) -> None:
    url, clock = new_url("postgresql", tmp_path), FixedClock()
    with process(url, clock) as here, Store(url).connect() as stranger:
        told = '[{"kind":"order","key":"carol","rate":{"burst":20,"per_minute":30},"count":20}]'

        def is_heard() -> bool:
            for text in ("", "{", "[1]", '[{"kind":"order"}]', '{"kind":"order"}', told):
                stranger.execute("SELECT pg_notify(%s, %s)", (CHANNEL, text))
            return ("order", "carol") in here._buckets._buckets

        until(is_heard, "what can be read is heard after all of that")
        assert allowed(here, 1, who="carol") == 0
        assert allowed(here, 30) == RATE.burst


def test_many_who_were_let_through_fit_into_notices() -> None:
    here, there = Buckets(FixedClock()), Buckets(FixedClock())
    telling, hearing = SharedCounts(here, "order"), SharedCounts(there, "order")
    for number in range(1_000):
        assert here.take("order", f"buyer-{number:040}", RATE) == 0
        here.take("something else", "alice", RATE)
    texts = list(telling.untold())
    assert max(len(text) for text in texts) <= 8_000 and len(texts) > 1 and MOST_BYTES < 8_000
    for text in texts:
        hearing.hear(text)
    assert there.size == 1_000 and list(telling.untold()) == list(hearing.untold()) == []


def test_nobody_owes_more_than_time_can_pay_back() -> None:
    clock = FixedClock()
    buckets = Buckets(clock)
    for _ in range(100):
        buckets.hear(Taken("order", "alice", Rate(20, 30), 10_000))
    wait_s = buckets.take("order", "alice", Rate(20, 30))
    assert wait_s == (MOST_DEBT * 20 + 1) * 2
    clock.advance(seconds=wait_s)
    assert buckets.take("order", "alice", Rate(20, 30)) == 0
