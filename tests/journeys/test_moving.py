"""A shop on PostgreSQL moves into a file: never under a service that sells, and none sells there afterwards."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from app.buyer.answers import Contact, Quote
from app.buyer.client import ShopClient
from app.buyer.refusals import NoAnswer, Refusal, TooOften
from app.kernel.ids import uuid7
from services.db.engine import Store
from services.db.tables import METADATA
from tests.architecture.tree import ROOT
from tests.journeys.several import Chain, chain
from tests.support.processes import freeze, thaw
from tests.support.stores import new_url
from tests.support.waiting import until

HOME = Contact("林晓雨", "13812348888", "浙江省杭州市西湖区文三路 90 号 2 幢 301 室", "330106")
COLD = "冷萃咖啡液"
IN_USE = 4
MOVED = (503, "store.moved")
BUYERS, PAUSE_S = 4, 0.2


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Chain]:
    folder = tmp_path / "掌柜"
    with chain(new_url("postgresql", folder), folder) as found:
        yield found


def move(shop: Chain, file: Path) -> tuple[int, str]:
    """As it is typed; answers the exit code and what was said."""
    command = [sys.executable, str(ROOT / "main.py"), "move", "--from", shop.database, "--to", f"sqlite:///{file}"]
    done = subprocess.run(
        [*command, "--data", str(shop.folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def sku_of(buyer: ShopClient) -> str:
    return str(buyer.product(buyer.products(search=COLD).items[0].id).skus[0].id)


def orders_until(stop: threading.Event, buyer: ShopClient) -> list[str]:
    """One order after the other, as many as one buyer may; answers those that the shop has acknowledged."""
    sku, done = sku_of(buyer), list[str]()
    while not stop.is_set():
        try:
            done.append(buyer.place_order(buyer.quote([(sku, 1)]), HOME, uuid7()).id)
            buyer.cancel(done[-1], uuid7())  # the shelf is small
        except TooOften:
            break
        stop.wait(PAUSE_S)
    return done


def told(act: Callable[[], object]) -> tuple[int, str]:
    try:
        act()
    except Refusal as refused:
        return refused.status, refused.code
    except NoAnswer:
        return 0, "no answer"
    return 200, "done"


def everything(store: Store) -> dict[str, list[str]]:
    with store.reading() as database:
        return {
            table.name: sorted(repr(tuple(row)) for row in database.execute(f'SELECT * FROM "{table.name}"').fetchall())
            for table in METADATA.sorted_tables
        }


def ids(store: Store) -> set[str]:
    with store.reading() as database:
        return {row[0] for row in database.execute("SELECT id FROM orders").fetchall()}


def cut_off(shop: Chain) -> None:
    """The server ends the sessions of everybody, and with them every lock."""
    with shop.store.connect() as line:
        line.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_shop_that_sells_is_not_moved_and_goes_on_selling(shop: Chain, tmp_path: Path) -> None:
    stop = threading.Event()
    buyers = [shop.buyer(f"load-{n}") for n in range(BUYERS)]
    with ThreadPoolExecutor(BUYERS) as crowd:
        work = [crowd.submit(orders_until, stop, buyer) for buyer in buyers]
        try:
            until(lambda: len(ids(shop.store)) >= 5, "orders come in", 60)
            code, said = move(shop, tmp_path / "new.db")
        finally:
            stop.set()
        acknowledged = {order for future in work for order in future.result(60)}
    with shop.buyer("late") as late, shop.at(shop.second, late) as elsewhere:
        quote = late.quote([(sku_of(late), 1)])
        acknowledged |= {at.place_order(quote, HOME, uuid7()).id for at in (late, elsewhere)}
    for buyer in buyers:
        buyer.close()
    assert code == IN_USE and "请先关闭服务" in said, said
    assert shop.rows("SELECT moved_to FROM feed_head") == [("",)]
    assert acknowledged <= ids(shop.store)


def test_a_service_that_slept_through_the_move_sells_nothing_more(shop: Chain, tmp_path: Path) -> None:
    """Two of them: both computers sleep, the server forgets them, the owner moves the shop, and they wake up."""
    with shop.buyer("one") as buyer, shop.at(shop.second, buyer) as elsewhere:
        quote = buyer.quote([(sku_of(buyer), 1)])
        acknowledged = {at.place_order(quote, HOME, uuid7()).id for at in (buyer, elsewhere) for _ in range(3)}
        unpaid = min(acknowledged)
        asleep = [each.process.pid for each in (shop.first, shop.second)]
        for pid in asleep:
            freeze(pid)
        try:
            cut_off(shop)
            code, said = move(shop, tmp_path / "new.db")
            left = everything(shop.store)
        finally:
            for pid in asleep:
                thaw(pid)
        assert code == 0, said
        _require_refused(buyer, quote, unpaid)
        _require_refused(elsewhere, quote, unpaid)
        with closing(shop.phone("two")) as phone, ShopClient(shop.second.url) as stranger:
            assert told(lambda: stranger.login(phone.login_code())) == MOVED
    assert everything(shop.store) == left
    with closing(Store(f"sqlite:///{tmp_path / 'new.db'}")) as new:
        assert acknowledged <= ids(new)


def _require_refused(buyer: ShopClient, quote: Quote, unpaid: str) -> None:
    """As soon as the service has its connections again."""
    ms = until(lambda: told(lambda: buyer.place_order(quote, HOME, uuid7())) == MOVED, "refused", 60)
    print(f"MOVED an order at a service that woke up is refused after {ms} ms")
    assert told(lambda: buyer.pay(unpaid)) == MOVED
    assert told(lambda: buyer.cancel(unpaid, uuid7())) == MOVED
