"""The bare parts that a checkout is measured beside: the transaction, the web server, the signatures."""

import asyncio
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.crowd import Line, crowd

BUYERS = 32
SIGNATURES = 4
"""Of a checkout: the shop signs its question and the payment sheet, WeChat its answer and its notice."""
SIGNING = "signing"
ANSWER = b'{"id":"7f1d0f0e","no":"WX20261126000001","state":"unpaid","total_fen":12800,"lines":[]}'


def signing_limit(seconds: float) -> float:
    """Checkouts a second of which one core could make the signatures, and do nothing else."""
    sign, count = _signing(), 0
    stop = time.process_time() + seconds
    while time.process_time() < stop:
        sign()
        count += 1
    return count / SIGNATURES / seconds


def _signing() -> Callable[[], object]:
    """Makes one signature, as the shop makes its own."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    from services.adapters.wechat_pay.crypto import sign

    return partial(sign, rsa.generate_private_key(65537, 2048), b"x" * 300)


def web_limit(seconds: float) -> float:
    """Requests a second of the same web server, for the same crowd, answering the same bytes to everybody."""
    with _serving() as port:
        return asyncio.run(_asked([port], seconds))


def checkout_limit(seconds: float) -> float:
    """Checkouts a second that this machine can make at all: a bare server on every core, and nothing in an answer.

    A checkout is four requests and four signatures, so each request is answered with one: no shop, no database, no
    WeChat, and nobody waits for anybody.
    """
    with ExitStack() as servers:
        ports = [servers.enter_context(_serving(SIGNING)) for _ in range(os.cpu_count() or 1)]
        return asyncio.run(_asked(ports, seconds)) / SIGNATURES


@contextmanager
def _serving(*how: str) -> Iterator[int]:
    """A bare server in a process of its own; answers its port."""
    command = [sys.executable, "-m", "benchmarks.bare", *how]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdin is not None and child.stdout is not None
    try:
        yield int(child.stdout.readline())
    finally:
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()


async def _asked(ports: Sequence[int], seconds: float) -> float:
    places = cycle(ports)
    stop = time.perf_counter() + seconds

    async def ask(waits: list[float]) -> None:
        line = Line("127.0.0.1", next(places), {})
        while time.perf_counter() < stop:
            await line.ask("POST", "/", {"qty": 1})
            waits.append(0.0)
        line.close()

    return len(await crowd([ask] * BUYERS, BUYERS)) / seconds


def _serve(*, signs: bool) -> None:
    """The server alone, in a process of its own: says its port and goes on until it is killed."""
    import uvicorn

    from services.door import listen

    head = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(ANSWER))]}
    work = _signing() if signs else lambda: None

    async def app(scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
        while (await receive()).get("more_body"):
            pass
        work()
        await send(head)
        await send({"type": "http.response.body", "body": ANSWER})

    door = listen("127.0.0.1", 0)
    print(door.getsockname()[1], flush=True)
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, lifespan="off")
    uvicorn.Server(config).run(sockets=[door])


def group_commit_limit(url: str, seconds: float) -> float:
    """The same disk, the same durability, and nothing else: 32 threads wait for one that commits for all of them.

    Without a ``url`` it is a SQLite file.
    """
    with tempfile.TemporaryDirectory() as folder:
        bare = _Bare(_postgresql(url) if url else _sqlite(Path(folder) / "bare.db"), "%s" if url else "?")
        stop = time.perf_counter() + seconds
        with ThreadPoolExecutor(BUYERS) as pool:
            counts = list(pool.map(partial(_until, bare), [stop] * BUYERS))
        bare.close()
        return sum(counts) / seconds


def _until(bare: "_Bare", stop: float) -> int:
    return bare.until(stop)


def _sqlite(file: Path) -> Any:
    import sqlite3

    database = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    return database


def _postgresql(url: str) -> Any:
    import psycopg

    database = psycopg.connect(url, autocommit=True)
    for table in ("bare_stock", "bare_orders", "bare_lines", "bare_log"):
        database.execute(f"DROP TABLE IF EXISTS {table}")
    return database


class _Bare:
    """Two conditional stock updates, an order, two lines and a log row, committed in groups."""

    def __init__(self, database: Any, mark: str) -> None:
        self._database = database
        run = database.execute
        run("CREATE TABLE bare_stock (id BIGINT PRIMARY KEY, qty BIGINT NOT NULL CHECK (qty >= 0))")
        run("CREATE TABLE bare_orders (id BIGINT PRIMARY KEY, no TEXT UNIQUE, buyer BIGINT, total BIGINT, state TEXT)")
        run("CREATE TABLE bare_lines (id BIGINT PRIMARY KEY, order_id BIGINT, sku BIGINT, qty BIGINT, fen BIGINT)")
        run("CREATE TABLE bare_log (id BIGINT PRIMARY KEY, what TEXT)")
        run("CREATE INDEX bare_by_buyer ON bare_orders (buyer)")
        run("CREATE INDEX bare_by_order ON bare_lines (order_id)")
        for n in range(100):
            run(f"INSERT INTO bare_stock VALUES ({mark}, 1000000000)", (n,))
        self._take = f"UPDATE bare_stock SET qty = qty - 1 WHERE id = {mark} AND qty >= 1"
        self._order = f"INSERT INTO bare_orders VALUES ({mark}, {mark}, {mark}, 100, 'unpaid')"
        self._line = f"INSERT INTO bare_lines VALUES ({mark}, {mark}, 1, 1, 50), ({mark}, {mark}, 2, 1, 50)"
        self._log = f"INSERT INTO bare_log VALUES ({mark}, 'order.placed')"
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
            self._database.execute("BEGIN")
            for _ in taken:
                self._one()
            self._database.execute("COMMIT")
            for done in taken:
                done.set()

    def _one(self) -> None:
        run, self._number = self._database.execute, self._number + 1
        n = self._number
        for sku in sorted((n % 100, (n + 7) % 100)):
            run(self._take, (sku,))
        run(self._order, (n, f"WX{n:012}", n % 500))
        run(self._line, (2 * n, n, 2 * n + 1, n))
        run(self._log, (n,))

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            self._lock.notify()
        self._thread.join()
        self._database.close()


if __name__ == "__main__":
    _serve(signs=SIGNING in sys.argv)
