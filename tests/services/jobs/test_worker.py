"""Jobs are done once, tried again after faults, and taken over from who does not come back."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from app.domain.incidents.commands import GoOnAfterRestore
from app.domain.staff.commands import RecordRestore
from app.kernel.errors import KnownError
from services.authority import jobs
from services.authority.jobs import Job
from services.db.engine import OpenDatabase, Store
from services.jobs.upkeep import trimming
from services.jobs.worker import LEASE, Handler, Timer, Worker, pause_after
from tests.services.authority.faults import FaultyStore
from tests.support.clocks import FixedClock
from tests.support.shop import SERVICE, Shop


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def shop(store: Store, clock: FixedClock) -> Iterator[Shop]:
    shop = Shop(store, clock)
    yield shop
    shop.close()


def add(shop: Shop, key: str = "k", kind: str = "close", **payload: Any) -> None:
    now = shop.clock.now()
    shop.executor.chore(lambda database: jobs.enqueue(database, kind, key, payload, now)).result(10)


def worker(shop: Shop, run: Callable[[Job], None], **how: Any) -> Worker:
    return Worker(shop.store, shop.executor, shop.clock, [Handler("close", run, **how)])


def refuse(job: Job) -> None:
    raise KnownError("carrier.away", "The carrier does not answer.")


def test_a_job_is_done_once_with_what_it_was_given(shop: Shop) -> None:
    done: list[Job] = []
    add(shop, order_id="o1", fen=6800)
    add(shop, order_id="another body under the same key")
    at_work = worker(shop, done.append)
    assert (at_work.do_one(), at_work.do_one()) == (True, False)
    assert [(job.key, dict(job.payload), job.attempts) for job in done] == [("k", {"order_id": "o1", "fen": 6800}, 1)]
    assert shop.rows("jobs", "state, error") == [("done", "")]


def test_a_job_waits_for_its_time(shop: Shop, clock: FixedClock) -> None:
    later = clock.now() + timedelta(minutes=30)
    shop.executor.chore(lambda database: jobs.enqueue(database, "close", "k", {}, later)).result(10)
    done: list[Job] = []
    at_work = worker(shop, done.append)
    assert not at_work.do_one()
    clock.advance(minutes=30)
    assert at_work.do_one() and len(done) == 1


def test_a_failed_job_is_tried_again_later_and_later(shop: Shop, clock: FixedClock) -> None:
    add(shop)
    at_work = worker(shop, refuse)
    for attempts in (1, 2, 3):
        assert at_work.do_one()
        assert not at_work.do_one()
        clock.at += pause_after(attempts) - timedelta(microseconds=1)
        assert not at_work.do_one()
        clock.at += timedelta(microseconds=1)
    assert shop.rows("jobs", "state, attempts, error") == [("waiting", 3, "KnownError: The carrier does not answer.")]
    assert [pause_after(n).seconds for n in (1, 2, 3, 30)] == [5, 10, 20, 3600]


@pytest.mark.warns_in_log("giving a job up is told")
def test_a_hopeless_job_is_given_up(shop: Shop, clock: FixedClock) -> None:
    add(shop)
    at_work = worker(shop, refuse, most_attempts=2)
    at_work.do_one()
    clock.advance(hours=1)
    at_work.do_one()
    clock.advance(days=1)
    assert not at_work.do_one()
    assert shop.rows("jobs", "state, attempts") == [("failed", 2)]


def test_a_job_whose_worker_died_is_taken_over_and_ends_once(shop: Shop, clock: FixedClock) -> None:
    add(shop)
    lost = shop.executor.chore(lambda db: jobs.claim(db, ["close"], clock.now(), LEASE)).result(10)
    assert lost is not None
    done: list[Job] = []
    at_work = worker(shop, done.append)
    assert not at_work.do_one()
    clock.at += LEASE
    assert at_work.do_one() and done[0].attempts == 2
    assert shop.executor.chore(lambda db: jobs.put_off(db, lost, clock.now(), "late")).result(10) is False
    assert shop.rows("jobs", "state") == [("done",)]


def test_what_spends_money_waits_while_the_shop_may_be_an_old_one(shop: Shop) -> None:
    shop.found()
    shop.must(RecordRestore("d1", 900, 10), SERVICE)
    add(shop)
    done: list[Job] = []
    assert not worker(shop, done.append, spends_money=True).do_one()
    shop.must(GoOnAfterRestore(shop.rows("incidents", "id")[0][0]))
    assert worker(shop, done.append, spends_money=True).do_one()


def test_the_thread_works_as_soon_as_a_command_has_written_a_job(shop: Shop) -> None:
    shop.found()
    import threading

    did = threading.Event()
    at_work = worker(shop, lambda job: did.set(), table="products")
    at_work.start()
    add(shop)
    shop.product()
    assert did.wait(10)
    at_work.close()


def test_commits_that_bring_no_job_wake_nobody(store_url: str, clock: FixedClock) -> None:
    """Each claim is a commit of its own: an order would cost two."""
    store, claims = FaultyStore(store_url), list[str]()
    shop = Shop(store, clock).found()

    def note(sql: str, _: OpenDatabase) -> None:
        if "FROM jobs" in sql:
            claims.append(sql)

    store.before = note
    at_work = worker(shop, refuse)
    at_work.start()
    for number in range(60):
        shop.product(f"p{number}")
    at_work.close()
    shop.close()
    store.close()
    assert len(claims) < 30, "once a second it looks all the same"


def test_timers_ring_at_once_and_then_at_their_pace(shop: Shop, clock: FixedClock) -> None:
    rung: list[int] = []
    timer = Timer("t", timedelta(hours=1), lambda: rung.append(1))
    at_work = Worker(shop.store, shop.executor, clock, [], [timer, trimming(shop.executor, clock)])
    at_work.ring()
    at_work.ring()
    clock.advance(hours=1)
    at_work.ring()
    assert len(rung) == 2


def test_the_log_is_trimmed_by_its_timer(shop: Shop, clock: FixedClock) -> None:
    shop.found()
    head = shop.rows("feed_head", "last_seq")[0][0]
    clock.advance(days=31)
    Worker(shop.store, shop.executor, clock, [], [trimming(shop.executor, clock)]).ring()
    assert shop.rows("change_log", "seq") == []
    assert shop.rows("feed_head", "oldest_seq, last_seq") == [(head + 1, head)]
