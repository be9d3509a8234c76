"""One order of everything: commits are shared, processes are kept apart or put in line."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from app.domain.catalog.commands import CreateCategory
from app.domain.registry import shop_registry
from app.domain.staff.commands import ChangeSetting
from app.domain.stock.commands import AdjustStock, ReceiveStock
from app.domain.stock.model import MovementReason
from app.kernel.errors import KnownError
from app.tables.statements import Database
from services.authority.executor import Executor
from services.authority.lanes import BATCH_LIMIT, BULK_SHARE, CAPACITY, Lane, Lanes
from services.authority.submission import Answer, Busy, Item
from services.db.engine import OpenDatabase, Store
from tests.services.authority import books
from tests.services.authority.faults import FaultyStore
from tests.services.authority.gate import Gate
from tests.support.clocks import FixedClock
from tests.support.shop import CLERK, OWNER, PLACE, Shop, intent
from tests.support.stores import new_url

CLOCK = FixedClock()
ROOT = Path(__file__).parents[3]


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Shop, Shop]]:
    """Two service processes of one shop, as far as the database can tell."""
    url = new_url("postgresql", tmp_path)
    first_store, second_store = Store(url), Store(url)
    first, second = Shop(first_store, CLOCK).found(), Shop(second_store, CLOCK)
    yield first, second
    for shop, store in ((first, first_store), (second, second_store)):
        shop.close()
        store.close()


def test_commands_that_wait_together_share_their_commit(store_url: str) -> None:
    store = FaultyStore(store_url)
    shop = Shop(store, CLOCK, batch_ms=60_000).found()  # a busy machine ends batches by their time
    commits: list[str] = []

    def count(sql: str, database: OpenDatabase) -> None:
        if sql == "COMMIT":
            commits.append(sql)

    sent = [CreateCategory(f"c{n}", "", f"分类 {n}") for n in range(BATCH_LIMIT)]
    with Gate(shop.executor) as gate:
        futures = [shop.executor.submit(intent(command, OWNER, CLOCK.now())) for command in sent]
        gate.opening(lambda: setattr(store, "after", count))
        assert all(future.result(30).is_applied for future in futures)
    shop.close()
    assert len(commits) == 1
    books.check_numbers(store)
    store.close()


class Watch:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def ticks(self) -> float:
        return self.seconds

    def taking(self, ms: int) -> Callable[[Database], None]:
        """A chore that takes so long."""

        def work(database: Database) -> None:
            self.seconds += ms / 1000

        return work


@pytest.mark.parametrize(
    ("each_ms", "batches"),
    [(3, [7, 7, 7, 3]), (6, [4, 4, 4, 4, 4, 4]), (19, [2] * 12), (500, [1] * 24)],
    ids=["quick", "ordinary", "slow", "slower than a whole batch"],
)
def test_a_batch_ends_when_its_time_is_over_and_what_is_left_is_next(
    store_url: str, each_ms: int, batches: list[int]
) -> None:
    """Who came first is answered after 20 ms of deciding, whatever waits behind; one is decided in any case."""
    store, watch = FaultyStore(store_url), Watch()
    executor = Executor(store, shop_registry(), CLOCK, ticks=watch.ticks)
    executor.start()
    done: list[str] = []

    def note(sql: str, database: OpenDatabase) -> None:
        if sql in ("RELEASE SAVEPOINT one", "COMMIT"):
            done.append(sql)

    with Gate(executor) as gate:
        futures = [executor.chore(watch.taking(each_ms), lane) for lane in (Lane.LIVE, Lane.BULK) for _ in range(12)]
        gate.opening(lambda: setattr(store, "after", note))
        for future in futures:
            future.result(30)
    executor.close()
    store.close()
    assert [part.count("RELEASE") for part in " ".join(done).split("COMMIT")[:-1]] == batches


def test_each_command_of_a_shared_commit_ends_its_own_part_of_the_feed(store: Store) -> None:
    shop = Shop(store, CLOCK).found()
    with Gate(shop.executor) as gate:
        futures = [
            shop.executor.submit(intent(CreateCategory(f"c{n}", "", f"分类 {n}"), OWNER, CLOCK.now())) for n in range(9)
        ]
        gate.open()
        ends = [future.result(30).commit_seq for future in futures]
    assert ends == list(range(ends[0], ends[0] + 9))
    shop.close()


def test_a_second_program_on_the_same_file_is_turned_away_until_the_first_has_gone(tmp_path: Path) -> None:
    folder = tmp_path / "店铺 一"
    folder.mkdir()
    store = Store(new_url("sqlite", folder))
    shop = Shop(store, CLOCK)
    program = (
        "import sys; from services.db.engine import OpenDatabase, Store\n"
        "from app.kernel.errors import KnownError\n"
        "store = Store(sys.argv[1])\n"
        "try: store.claim()\n"
        "except KnownError as error: print(error.code)\n"
        "else: print('claimed')\n"
    )

    def second() -> str:
        run = [sys.executable, "-c", program, store.url.shown]
        return subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout.strip()

    assert second() == "store.in_use"
    shop.close()
    store.close()
    assert second() == "claimed"


def test_a_second_store_in_the_same_program_is_turned_away_too(tmp_path: Path) -> None:
    url = new_url("sqlite", tmp_path)
    first, second = Store(url), Store(url)
    first.claim()
    with pytest.raises(KnownError, match="used by another program"):
        second.claim()
    first.close()
    second.claim()
    second.close()


def test_two_processes_put_their_batches_in_one_order(pair: tuple[Shop, Shop]) -> None:
    first, _ = pair
    sku = first.product(stock=50)
    answers: list[Answer] = []

    def buy(shop: Shop, start: int) -> None:
        sent = [intent(ReceiveStock(sku, PLACE, n), CLERK, CLOCK.now()) for n in range(start, start + 30)]
        taken = [
            intent(AdjustStock(sku, PLACE, -1, MovementReason.DAMAGED), CLERK, CLOCK.now(), f"take-{n + start}")
            for n in range(30)
        ]
        both = [one for pair in zip(sent, taken, strict=True) for one in pair]
        answers.extend(future.result(60) for future in [shop.executor.submit(one) for one in both])

    threads = [threading.Thread(target=buy, args=(shop, 1 + 100 * i)) for i, shop in enumerate(pair)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 120 and all(answer.is_applied for answer in answers)
    books.check_numbers(first.store)
    expected = 50 + sum(range(1, 31)) + sum(range(101, 131)) - 60
    assert first.rows("stock_levels", "on_hand_qty") == [(expected,)]


def test_both_processes_may_be_asked_the_same_thing_and_it_happens_once(pair: tuple[Shop, Shop]) -> None:
    sku = pair[0].product(stock=0)
    sent = [intent(ReceiveStock(sku, PLACE, n), CLERK, CLOCK.now()) for n in range(1, 21)]
    futures = [[shop.executor.submit(one) for one in sent] for shop in pair]
    pairs = [(a.result(30), b.result(30)) for a, b in zip(*futures, strict=True)]
    assert all(a.duplicate != b.duplicate and a.commit_seq == b.commit_seq for a, b in pairs)
    assert pair[0].rows("stock_levels", "on_hand_qty") == [(sum(range(1, 21)),)]
    books.check_numbers(pair[0].store)


def test_settings_changed_by_one_process_count_at_once_in_the_other(pair: tuple[Shop, Shop]) -> None:
    first, second = pair
    sku = first.product(stock=5)
    assert second.order("o1", sku).is_applied  # the other one has read the settings now
    first.must(ChangeSetting("freight_fen", "800"))
    refused = second.order("o2", sku)
    assert (refused.code, refused.params) == ("order.price_changed", {"total_fen": 7600})


def test_the_last_piece_is_sold_once_to_many_buyers_on_two_processes(pair: tuple[Shop, Shop]) -> None:
    first, _ = pair
    sku = first.product(stock=1)
    answers: list[Answer] = []

    def buy(number: int) -> None:
        answers.append(pair[number % 2].order(f"o{number}", sku))

    threads = [threading.Thread(target=buy, args=(n,)) for n in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.code for answer in answers) == [""] + ["order.out_of_stock"] * 31
    assert first.rows("stock_levels", "on_hand_qty, reserved_qty") == [(1, 1)]
    assert first.rows("orders", "count(*)") == [(1,)]
    assert first.rows("reservations", "qty, state") == [(1, "held")]
    assert first.rows("order_contacts", "count(*)") == [(1,)]


def waiting(source: str) -> Item:
    """An item that only has to be told from others."""
    return Item(Future(), source, chore=lambda db: None)


def test_what_can_wait_takes_at_most_a_quarter_of_a_batch_while_people_wait() -> None:
    lanes = Lanes()
    for n in range(100):
        lanes.put(Lane.BULK, waiting(f"bulk{n}"))
        lanes.put(Lane.LIVE, waiting(f"live{n}"))
    batch = [item.source for item in lanes.take(0)]
    assert len(batch) == BATCH_LIMIT
    assert [s for s in batch if s.startswith("bulk")] == [f"bulk{n}" for n in range(BULK_SHARE)]
    rest = [item.source for _ in range(4) for item in lanes.take(0)]
    assert [s for s in rest if s.startswith("live")] == [f"live{n}" for n in range(BATCH_LIMIT - BULK_SHARE, 100)]
    assert [s for s in rest if s.startswith("bulk")] == [f"bulk{n}" for n in range(BULK_SHARE, 100)]


def test_what_is_given_back_comes_first_again_in_its_order() -> None:
    lanes = Lanes()
    for n in range(4):
        lanes.put(Lane.LIVE, waiting(str(n)))
    batch = lanes.take(0)
    lanes.put(Lane.LIVE, waiting("later"))
    lanes.give_back(batch[2:])
    assert [item.source for item in lanes.take(0)] == ["2", "3", "later"]


def test_a_full_lane_and_a_service_that_stops_say_so() -> None:
    lanes = Lanes()
    for _ in range(CAPACITY["bulk"]):
        lanes.put(Lane.BULK, waiting("x"))
    with pytest.raises(Busy) as full:
        lanes.put(Lane.BULK, waiting("x"))
    assert (full.value.code, full.value.retry_after_s) == ("service.busy", 1)
    lanes.put(Lane.LIVE, waiting("people still come through"))
    lanes.close()
    with pytest.raises(Busy) as stopping:
        lanes.put(Lane.LIVE, waiting("x"))
    assert stopping.value.code == "service.stopping"
    assert not lanes.is_drained


def test_what_was_accepted_before_the_end_is_still_decided(store: Store) -> None:
    shop = Shop(store, CLOCK).found()
    with Gate(shop.executor) as gate:
        futures = [
            shop.executor.submit(intent(CreateCategory(f"c{n}", "", "茶"), OWNER, CLOCK.now())) for n in range(150)
        ]
        closer = threading.Thread(target=shop.close)
        closer.start()
        gate.open()
        closer.join(30)
    assert all(future.done() and future.result().is_applied for future in futures)
