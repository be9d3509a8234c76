"""Complete checkouts a second: quote, order, prepay and paid, by WeChat Pay's own protocol against the stand-in."""

import asyncio
import json
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.crowd import Line, crowd
from benchmarks.measure import Figure, figure, quantile
from benchmarks.shops import Served, postgres_url, served

BUYERS = 32
ORDERS_EACH = 10
DOOR = "pretended-wechat-door.json"
CONTACT = {"name": "林晓雨", "phone": "13800138000", "region_code": "330106", "address": "浙江省杭州市文三路 90 号"}
VENDURE_ORDERS = 6.0
"""Orders a second on this kind of machine, PostgreSQL, eight at once: docs/benchmarks has where it comes from."""


@dataclass(frozen=True, slots=True)
class Buyer:
    shop: Line
    phone: Line


def checkouts(is_quick: bool) -> Iterator[Figure]:
    count = 64 if is_quick else 640
    limit = _group_commit_limit(1.0 if is_quick else 3.0)
    yield figure("bare transaction in groups of 32 waiting threads, SQLite FULL", limit, "1/s")
    for database in ("sqlite", "postgresql"):
        with postgres_url() as url, served(url if database == "postgresql" else "") as shop:
            seconds, tally = asyncio.run(_play(shop, count))
            rate = count / seconds
            name = f"complete checkouts a second, 32 buyers, {database}"
            yield figure(name, rate, "1/s", VENDURE_ORDERS, ">= 100", "against Vendure's 5–7 orders/s")
            yield figure(f"{name}, as a share of group commit", rate, "1/s", limit, ">= 0.25")
            yield figure(f"p99 of a checkout, {database}", quantile(tally, 0.99), "ms")
            yield figure(f"memory after load, {database}", shop.memory_mb(), "MB", goal="<= 100")
            yield figure(f"start to first answer, {database}", shop.start_s, "s", goal="<= 1")


async def _play(shop: Served, count: int) -> tuple[float, list[float]]:
    buyers = await _log_in(shop, max(BUYERS, count // ORDERS_EACH))
    sku = await _article(buyers[0])
    started = time.perf_counter()
    tally = await crowd([partial(_shop_on, buyer, sku, count // len(buyers)) for buyer in buyers], BUYERS)
    await _until_paid(buyers, count)
    seconds = time.perf_counter() - started
    for buyer in buyers:
        buyer.shop.close()
        buyer.phone.close()
    return seconds, tally


async def _log_in(shop: Served, count: int) -> list[Buyer]:
    door = json.loads((shop.folder / DOOR).read_text())
    place = urlsplit(door["host"])
    buyers = []
    for number in range(count):
        phone = Line(str(place.hostname), int(place.port or 0), {"X-Standin-Token": door["token"]})
        code = (await phone.ask("POST", "/_control/login-codes", {"user": f"bench-{number}"}))["code"]
        stranger = Line("127.0.0.1", shop.port, {})
        token = (await stranger.ask("POST", "/shop/v1/login", {"code": code}))["token"]
        stranger.close()
        buyers.append(Buyer(Line("127.0.0.1", shop.port, {"Authorization": f"Bearer {token}"}), phone))
    return buyers


async def _article(buyer: Buyer) -> str:
    """The article with the most pieces: the bench must not sell it out."""
    page = await buyer.shop.ask("GET", "/shop/v1/products?limit=20")
    details = [await buyer.shop.ask("GET", f"/shop/v1/products/{item['id']}") for item in page["items"]]
    stock = [entry for detail in details for entry in detail["stock"]]
    return str(max(stock, key=lambda entry: int(entry["available_qty"]))["sku_id"])


async def _shop_on(buyer: Buyer, sku: str, count: int, waits: list[float]) -> None:
    for number in range(count):
        started = time.perf_counter()
        await _check_out(buyer, sku, f"bench-key-of-order-{number:06}")
        waits.append((time.perf_counter() - started) * 1000)


async def _check_out(buyer: Buyer, sku: str, key: str) -> None:
    lines = [{"sku_id": sku, "qty": 1}]
    quote = await buyer.shop.ask("POST", "/shop/v1/quotes", {"lines": lines, "region_code": "330106"})
    wanted = {"lines": lines, "contact": CONTACT, "expected_total_fen": quote["total_fen"], "delivery_kind": "express"}
    order = await buyer.shop.ask("POST", "/shop/v1/orders", wanted, f"Idempotency-Key: {key}\r\n")
    payment = await buyer.shop.ask("POST", f"/shop/v1/orders/{order['id']}/pay")
    await buyer.phone.ask("POST", "/_control/payments", {"payment": payment["wx_payment"]})


async def _until_paid(buyers: list[Buyer], count: int) -> None:
    """The last notices are still on their way when the last phone has confirmed."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        unpaid = 0
        for buyer in buyers:
            page = await buyer.shop.ask("GET", "/shop/v1/orders?limit=50")
            unpaid += sum(order["state"] == "unpaid" for order in page["items"])
        if unpaid == 0:
            return
    raise TimeoutError("orders stay unpaid")


def _group_commit_limit(seconds: float) -> float:
    """The same disk, the same durability, and nothing else: 32 threads wait for one that commits for all of them."""
    with tempfile.TemporaryDirectory() as folder:
        bare = _Bare(Path(folder) / "bare.db")
        stop = time.perf_counter() + seconds
        with ThreadPoolExecutor(BUYERS) as pool:
            counts = list(pool.map(lambda _: bare.until(stop), range(BUYERS)))
        bare.close()
        return sum(counts) / seconds


class _Bare:
    """Two conditional stock updates, an order, two lines and a log row, committed in groups."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        run = self._database.execute
        run("PRAGMA journal_mode=WAL")
        run("PRAGMA synchronous=FULL")
        run("CREATE TABLE stock (id INTEGER PRIMARY KEY, qty INTEGER NOT NULL CHECK (qty >= 0))")
        run("CREATE TABLE orders (id INTEGER PRIMARY KEY, no TEXT UNIQUE, buyer INTEGER, total INTEGER, state TEXT)")
        run("CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INTEGER, sku INTEGER, qty INTEGER, fen INTEGER)")
        run("CREATE TABLE log (id INTEGER PRIMARY KEY, what TEXT)")
        run("CREATE INDEX by_buyer ON orders (buyer)")
        run("CREATE INDEX by_order ON lines (order_id)")
        self._database.executemany("INSERT INTO stock VALUES (?, 1000000000)", [(n,) for n in range(100)])
        self._waiting: list[threading.Event] = []
        self._lock = threading.Condition()
        self._is_closed = False
        self._number = 0
        self._thread = threading.Thread(target=self._commit)
        self._thread.start()

    def until(self, stop: float) -> int:
        count = 0
        while time.perf_counter() < stop:
            done = threading.Event()
            with self._lock:
                self._waiting.append(done)
                self._lock.notify()
            done.wait()
            count += 1
        return count

    def _commit(self) -> None:
        while True:
            with self._lock:
                self._lock.wait_for(lambda: self._waiting or self._is_closed)
                if self._is_closed and not self._waiting:
                    return
                taken, self._waiting = self._waiting, []
            self._database.execute("BEGIN IMMEDIATE")
            for _ in taken:
                self._one()
            self._database.execute("COMMIT")
            for done in taken:
                done.set()

    def _one(self) -> None:
        run, self._number = self._database.execute, self._number + 1
        n = self._number
        for sku in (n % 100, (n + 7) % 100):
            run("UPDATE stock SET qty = qty - 1 WHERE id = ? AND qty >= 1", (sku,))
        run("INSERT INTO orders VALUES (?, ?, ?, 100, 'unpaid')", (n, f"WX{n:012}", n % 500))
        run("INSERT INTO lines VALUES (NULL, ?, 1, 1, 50), (NULL, ?, 2, 1, 50)", (n, n))
        run("INSERT INTO log VALUES (NULL, 'order.placed')")

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            self._lock.notify()
        self._thread.join()
        self._database.close()
