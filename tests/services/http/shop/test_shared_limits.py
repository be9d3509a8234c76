"""What one process of a shop lets through is missing at the others: two of them are no way around a limit."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
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


@contextmanager
def process(url: str, clock: FixedClock, unheard: int = 0) -> Iterator[Limits]:
    """One process's limits, and the line by which it hears of the others, after so many orders of alice's."""
    store = Store(url)
    limits = Limits(clock, Rates())
    watch = FeedWatch(store, PokeHub(), counts=limits.shared())
    assert allowed(limits, unheard) == unheard
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


def is_heard(limits: Limits, who: str) -> bool:
    return allowed(limits, 1, "order", who) == 0


def hear_out(*all_of_them: Limits) -> None:
    """Until each has heard what every other one has let through: a last word of each, about somebody else."""
    for teller in all_of_them:
        for hearer in all_of_them:
            if hearer is not teller:
                who = f"{id(teller)} to {id(hearer)}"
                allowed(teller, RATE.burst, who=who)
                until(partial(is_heard, hearer, who), "it is heard")


def test_orders_at_one_process_count_at_the_other(tmp_path: Path) -> None:
    url, clock = new_url("postgresql", tmp_path), FixedClock()
    with process(url, clock) as here, process(url, clock) as there, process(url, clock) as third:
        assert allowed(here, 30) == RATE.burst
        hear_out(here, there, third)
        assert [allowed(each, 5) for each in (here, there, third)] == [0, 0, 0]
        assert [allowed(each, 5, who="bob") for each in (here, there)] == [5, 5], "others have their own count"
        clock.advance(seconds=4)
        assert allowed(there, 5) == 2


def test_what_was_let_through_at_the_same_moment_is_owed(tmp_path: Path) -> None:
    url, clock = new_url("postgresql", tmp_path), FixedClock()
    with process(url, clock, RATE.burst) as here, process(url, clock, RATE.burst) as there:
        hear_out(here, there)
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
        for text in ("", "{", "[1]", '[{"kind":"order"}]', '{"kind":"order"}'):
            stranger.execute("SELECT pg_notify(%s, %s)", (CHANNEL, text))
        told = '[{"kind":"order","key":"carol","rate":{"burst":20,"per_minute":30},"count":20}]'
        stranger.execute("SELECT pg_notify(%s, %s)", (CHANNEL, told))
        until(partial(is_heard, here, "carol"), "what can be read is heard after all of that")
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
