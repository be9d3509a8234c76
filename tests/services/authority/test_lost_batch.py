"""The storage fails in the middle of a batch: whoever was told *applied* finds it stored, once."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.registry import shop_registry
from app.domain.stock.commands import ReceiveStock
from services.authority.executor import Executor
from services.authority.submission import Busy
from services.db.engine import OpenDatabase, Store
from tests.services.authority import books
from tests.services.authority.desktop import Desktop
from tests.services.authority.faults import FaultyStore, broken, nothing
from tests.services.authority.gate import Gate
from tests.support.clocks import FixedClock
from tests.support.shop import CLERK, PLACE, Shop, intent
from tests.support.stores import new_url

pytestmark = pytest.mark.warns_in_log("storage that fails is what these tests are about")
CLOCK = FixedClock()


def founded(url: str) -> str:
    """A shop with one article and nothing on its shelf; answers the article."""
    store = Store(url)
    shop = Shop(store, CLOCK).found()
    sku = shop.product(stock=0)
    shop.close()
    store.close()
    return sku


def deliveries(sku: str, *numbers: int) -> list[ReceiveStock]:
    return [ReceiveStock(sku, PLACE, number) for number in numbers]


def ids(commands: list[ReceiveStock]) -> list[str]:
    return [intent(command, CLERK, CLOCK.now()).command_id for command in commands]


@pytest.fixture
def sqlite_shop(tmp_path: Path) -> Iterator[tuple[FaultyStore, Executor, str]]:
    url = new_url("sqlite", tmp_path)
    sku = founded(url)
    store = FaultyStore(url)
    executor = Executor(store, shop_registry(), CLOCK)
    executor.start()
    yield store, executor, sku
    executor.close()
    store.close()


@pytest.mark.parametrize("room", range(1, 13))
def test_a_disk_that_fills_within_a_batch_loses_nothing_that_was_acknowledged(
    sqlite_shop: tuple[FaultyStore, Executor, str], room: int
) -> None:
    store, executor, sku = sqlite_shop
    pages = books.rows(store, "PRAGMA page_count")[0][0]
    store.max_pages = pages + room
    commands = deliveries(sku, *range(1, 61))
    with Gate(executor):
        pass  # the connection with little room is there now
    with Gate(executor) as gate:
        intents = [intent(command, CLERK, CLOCK.now()) for command in commands]
        futures = [executor.submit(one) for one in intents]
        gate.open()
        results = books.gather(intents, futures)
    assert results.unknown, "the disk was meant to be full"
    stored = books.tally(f"full disk after {room} pages", store, results.acknowledged, ids(commands))
    assert stored == set(results.acknowledged)

    store.max_pages = None
    executor.chore(lambda db: db.execute("PRAGMA max_page_count = 1000000")).result(30)
    again = books.send(executor, commands, CLOCK.now())
    assert not again.unknown
    assert books.tally("space is back", store, again.acknowledged, ids(commands)) == set(ids(commands))
    assert books.rows(store, "SELECT on_hand_qty FROM stock_levels") == [(sum(range(1, 61)),)]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_commit_that_fails_or_whose_answer_is_lost_is_told_as_what_is_stored(
    sqlite_shop: tuple[FaultyStore, Executor, str], when: str
) -> None:
    store, executor, sku = sqlite_shop
    commands = deliveries(sku, 3, 4, 5)
    faults = iter([True])

    def strike(sql: str, database: OpenDatabase) -> None:
        if sql == "COMMIT" and next(faults, False):
            raise broken(sql)

    with Gate(executor) as gate:
        intents = [intent(command, CLERK, CLOCK.now()) for command in commands]
        futures = [executor.submit(one) for one in intents]
        gate.opening(lambda: setattr(store, when, strike))
        results = books.gather(intents, futures)
    assert next(faults, None) is None, "no commit has failed"
    assert not results.unknown
    books.tally(f"commit fails {when} it is done", store, results.acknowledged, ids(commands))
    assert books.rows(store, "SELECT on_hand_qty FROM stock_levels") == [(12,)]


def test_while_no_commit_succeeds_everybody_is_told_to_ask_again(
    sqlite_shop: tuple[FaultyStore, Executor, str],
) -> None:
    store, executor, sku = sqlite_shop

    def strike(sql: str, database: OpenDatabase) -> None:
        if sql == "COMMIT":
            raise broken(sql, "no space left on device")

    store.before = strike
    commands = deliveries(sku, 3, 4)
    results = books.send(executor, commands, CLOCK.now())
    chore = executor.chore(lambda db: db.execute("DELETE FROM jobs"))
    assert isinstance(chore.exception(30), Busy)
    assert results.unknown == ids(commands)
    assert books.tally("no commit succeeds", store, results.acknowledged, ids(commands)) == set()
    store.before = nothing
    assert books.send(executor, commands, CLOCK.now()).acknowledged == ids(commands)
    books.tally("commits succeed again", store, ids(commands), ids(commands))


def test_work_that_is_no_command_is_not_repeated_when_the_commit_answer_was_lost(
    sqlite_shop: tuple[FaultyStore, Executor, str],
) -> None:
    store, executor, sku = sqlite_shop
    faults = iter([True])

    def strike(sql: str, database: OpenDatabase) -> None:
        if sql == "COMMIT" and next(faults, False):
            raise broken(sql)

    def count(database: Any) -> None:
        database.execute("UPDATE locations SET row_version = row_version + 1")

    before = books.rows(store, "SELECT row_version FROM locations")[0][0]
    store.after = strike
    with pytest.raises(Busy):
        executor.chore(count).result(30)
    assert books.rows(store, "SELECT row_version FROM locations") == [(before + 1,)]


def test_an_error_that_a_chore_swallows_does_not_let_the_rest_commit_one_by_one(
    sqlite_shop: tuple[FaultyStore, Executor, str],
) -> None:
    """A full disk ends SQLite's transaction; a later savepoint would open one of its own and commit it."""
    store, executor, sku = sqlite_shop
    commands = deliveries(sku, 3, 4)

    def swallow(database: Any) -> None:
        database.execute("ROLLBACK")  # what SQLite does by itself on a full disk
        database.execute("SAVEPOINT one")

    with Gate(executor) as gate:
        intents = [intent(command, CLERK, CLOCK.now()) for command in commands]
        first = executor.submit(intents[0])
        executor.chore(swallow)
        second = executor.submit(intents[1])
        gate.open()
        results = books.gather(intents, [first, second])
    assert not results.unknown
    books.tally("swallowed error", store, results.acknowledged, ids(commands))


def test_a_device_whose_command_is_unknown_gets_the_rest_of_its_slice_back(
    sqlite_shop: tuple[FaultyStore, Executor, str],
) -> None:
    store, executor, sku = sqlite_shop
    desktop = Desktop(executor)
    commands = deliveries(sku, 3, 4, 5)
    intents = [desktop.intent(command, number, CLOCK.now()) for number, command in enumerate(commands, start=1)]

    def strike(sql: str, database: OpenDatabase) -> None:
        if sql == "COMMIT":
            raise broken(sql)

    with Gate(executor) as gate:
        futures = [executor.submit(one) for one in intents]
        gate.opening(lambda: setattr(store, "before", strike))
        errors = [future.exception(30) for future in futures]
    assert [getattr(e, "code", e) for e in errors] == ["storage_unavailable"] + ["command.earlier_failed"] * 2
    store.before = nothing
    assert not books.gather(intents, [executor.submit(one) for one in intents]).unknown


def test_a_server_process_killed_at_each_statement_of_a_batch_loses_nothing(tmp_path: Path) -> None:
    url = new_url("postgresql", tmp_path)
    sku = founded(url)
    store = FaultyStore(url)
    executor = Executor(store, shop_registry(), CLOCK)
    executor.start()
    admin = Store(url)
    acknowledged: list[str] = []
    sent: list[str] = []
    kills = 0
    with admin.connect() as surgeon:
        for target in itertools.count(1):
            victim = Victim(surgeon, target)
            commands = deliveries(sku, 3 * target, 3 * target + 1, 3 * target + 2)
            intents = [intent(command, CLERK, CLOCK.now()) for command in commands]
            with Gate(executor) as gate:
                futures = [executor.submit(one) for one in intents]
                gate.opening(lambda victim=victim: setattr(store, "before", victim))
                results = books.gather(intents, futures)
            store.before = nothing
            acknowledged += results.acknowledged
            sent += ids(commands)
            if not victim.is_dead:
                break
            kills += 1
            assert not results.unknown, f"killed at statement {target}"
    executor.close()
    admin.close()
    assert kills > 30
    stored = books.tally(f"server process killed at {kills} statements", store, acknowledged, sent)
    assert stored == set(sent)
    store.close()


class Victim:
    """Kills the writer's server process just before its ``target``-th statement from now on, once."""

    def __init__(self, surgeon: OpenDatabase, target: int) -> None:
        self._surgeon = surgeon
        self._left = target
        self.is_dead = False

    def __call__(self, sql: str, database: OpenDatabase) -> None:
        self._left -= 1
        if self._left == 0:
            found = self._surgeon.execute(
                "SELECT pg_terminate_backend(%s::int, 5000)", (database.raw.info.backend_pid,)
            ).fetchone()
            self.is_dead = bool(found and found[0])
