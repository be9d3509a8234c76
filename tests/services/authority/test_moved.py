"""A shop that has moved away: whoever still writes here is refused, and nobody turns to the outside for it."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.stock.commands import ReceiveStock
from services.authority import jobs
from services.authority.jobs import Job
from services.authority.submission import Moved
from services.db.engine import Store
from services.db.tables import METADATA
from services.jobs.worker import Handler, Timer, Worker
from tests.support.clocks import FixedClock
from tests.support.shop import OWNER, PLACE, Shop, intent
from tests.support.stores import new_url
from tests.support.waiting import until

pytestmark = pytest.mark.warns_in_log("that the shop is left is told once")


@pytest.fixture
def shop(store: Store) -> Iterator[Shop]:
    shop = Shop(store, FixedClock()).found()
    yield shop
    shop.close()


def leave(shop: Shop) -> None:
    shop.executor.chore(lambda db: db.execute("UPDATE feed_head SET moved_to = 'sqlite:////new/shop.db'")).result(30)


def everything(store: Store) -> dict[str, list[str]]:
    with store.reading() as database:
        return {
            table.name: sorted(repr(tuple(row)) for row in database.execute(f'SELECT * FROM "{table.name}"').fetchall())
            for table in METADATA.sorted_tables
        }


def refused(future: Any) -> bool:
    return isinstance(future.exception(30), Moved)


def test_commands_and_chores_of_a_shop_that_is_left_are_refused_and_nothing_is_written(shop: Shop) -> None:
    sku = shop.product(stock=5)
    before = ReceiveStock(sku, PLACE, 1)
    shop.must(before)
    now = shop.clock.now()
    leave(shop)
    stored = everything(shop.store)
    assert refused(shop.executor.submit(intent(ReceiveStock(sku, PLACE, 7), OWNER, now)))
    assert refused(shop.executor.submit(intent(before, OWNER, now))), "what it said before may not hold any more"
    assert refused(shop.executor.chore(lambda db: jobs.enqueue(db, "close", "k", {}, now)))
    assert everything(shop.store) == stored


def test_a_crowd_that_waits_while_the_shop_leaves_is_refused_to_the_last(shop: Shop) -> None:
    sku = shop.product(stock=5)
    leave(shop)
    now = shop.clock.now()
    crowd = [shop.executor.submit(intent(ReceiveStock(sku, PLACE, n), OWNER, now)) for n in range(1, 200)]
    assert all(refused(one) for one in crowd)


def test_a_shop_that_comes_back_to_its_database_writes_again(shop: Shop, store: Store) -> None:
    """As ``restore`` does it, and a move that was taken back: the refusal is read anew for each batch."""
    sku = shop.product(stock=5)
    leave(shop)
    assert refused(shop.executor.chore(lambda db: None))
    with store.connect() as connection:
        connection.execute("UPDATE feed_head SET moved_to = ''")
    shop.must(ReceiveStock(sku, PLACE, 7))


def test_no_timer_rings_and_no_job_is_done_in_a_shop_that_is_left(shop: Shop) -> None:
    now = shop.clock.now()
    shop.executor.chore(lambda db: jobs.enqueue(db, "close", "k", {}, now)).result(30)
    leave(shop)
    rung, done = list[str](), list[Job]()
    timer = Timer("ask WeChat", timedelta(0), lambda: rung.append("WeChat"))
    worker = Worker(shop.store, shop.executor, shop.clock, [Handler("close", done.append, spends_money=True)], [timer])
    worker.start()
    until(lambda: not worker.is_at_work, "the jobs' thread ends by itself")
    worker.close()
    assert (rung, done) == ([], [])


def test_a_job_in_hand_while_the_shop_leaves_is_the_last_one(shop: Shop) -> None:
    now = shop.clock.now()
    shop.executor.chore(lambda db: jobs.enqueue(db, "close", "one", {}, now)).result(30)
    shop.executor.chore(lambda db: jobs.enqueue(db, "close", "two", {}, now)).result(30)
    done: list[str] = []

    def run(job: Job) -> None:
        done.append(job.key)
        leave(shop)

    worker = Worker(shop.store, shop.executor, shop.clock, [Handler("close", run)])
    worker.start()
    until(lambda: not worker.is_at_work, "the jobs' thread ends by itself")
    worker.close()
    assert len(done) == 1
    assert [state for (state,) in shop.rows("jobs", "state")].count("done") == 0, "the new shop does it once more"


def test_another_process_is_refused_as_well(tmp_path: Path) -> None:
    url = new_url("postgresql", tmp_path)
    with (
        closing(Store(url)) as here,
        closing(Store(url)) as there,
        closing(Shop(here, FixedClock())) as shop,
        closing(Shop(there, FixedClock())) as other,
    ):
        sku = shop.found().product(stock=5)
        other.must(ReceiveStock(sku, PLACE, 2))
        leave(shop)
        assert refused(other.executor.submit(intent(ReceiveStock(sku, PLACE, 7), OWNER, other.clock.now())))
