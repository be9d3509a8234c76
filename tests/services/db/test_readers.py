"""Readers are kept from one snapshot to the next, and a snapshot is one all the same."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.db.engine import MOST_CONNECTIONS, OpenDatabase, Store
from services.db.errors import DBAPIError
from tests.support.clocks import FixedClock
from tests.support.shop import Shop
from tests.support.stores import new_url

COUNT = "SELECT count(*) FROM products"


@pytest.fixture
def shop(store: Store) -> Shop:
    return Shop(store, FixedClock()).found()


def test_a_snapshot_stays_as_it_was_and_the_next_one_is_new(shop: Shop) -> None:
    with shop.store.reading() as database:
        before = database.execute(COUNT).fetchone()
        shop.product()
        assert database.execute(COUNT).fetchone() == before == (0,)
    with shop.store.reading() as database:
        assert database.execute(COUNT).fetchone() == (1,)
    shop.close()


def test_nothing_is_written_in_a_snapshot(shop: Shop) -> None:
    for _ in range(2):  # a fresh reader, and one that was kept
        with pytest.raises(DBAPIError), shop.store.reading() as database:
            database.execute("DELETE FROM staff")
        with shop.store.reading() as database:
            assert database.execute("SELECT count(*) FROM staff").fetchone() == (2,)
    shop.close()


def test_a_reader_that_the_server_has_ended_is_replaced(shop: Shop) -> None:
    if not shop.store.is_sqlite:
        with shop.store.reading() as database:
            kept = database.execute("SELECT pg_backend_pid()").fetchone()
        shop.executor.chore(lambda writing: writing.execute("SELECT pg_terminate_backend(%s::int)", kept)).result(30)
    with shop.store.reading() as database:
        assert database.execute("SELECT count(*) FROM staff").fetchone() == (2,)
    shop.close()


def test_more_readers_than_are_kept_read_at_once(shop: Shop) -> None:
    first, second = shop.store.reading(), shop.store.reading()
    with first as one, second as two:
        assert one is not two
        assert one.execute(COUNT).fetchone() == two.execute(COUNT).fetchone()
    shop.close()


def test_a_refusal_costs_no_connection(store: Store) -> None:
    with pytest.raises(LookupError), store.reading() as first:
        raise LookupError("what somebody asked for is not there")
    with store.reading() as second:
        assert second is first


def test_a_service_takes_no_more_of_a_servers_connections_than_is_told(tmp_path: Path) -> None:
    """Whatever is asked of it at once: 32 who read, 32 who glance, and what a service keeps besides."""
    store = Store(new_url("postgresql", tmp_path))

    def seen(database: OpenDatabase) -> int:
        database.execute("SELECT pg_sleep(0.02)")
        mine = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        return int(database.execute(mine).fetchone()[0])

    def read() -> int:
        with store.reading() as database:
            return seen(database)

    def glance() -> int:
        with store.glancing() as database:
            return seen(database)

    store.claim()
    with store.writing(), store.connect(), ThreadPoolExecutor(32) as asking:  # the second stands for who listens
        asked = [asking.submit(read) for _ in range(32)] + [store.glance(glance) for _ in range(32)]
        assert max(one.result(30) for one in asked) <= MOST_CONNECTIONS
    store.close()
