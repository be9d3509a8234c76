"""The service is killed at random moments: what it had acknowledged is there when it comes back."""

import os
import random
import subprocess
import sys
import threading
from pathlib import Path

from app.domain.stock.commands import ReceiveStock
from services.db.engine import Store
from tests.services.authority import books
from tests.support.clocks import FixedClock
from tests.support.shop import CLERK, PLACE, Shop, intent
from tests.support.stores import new_url

ROOT = Path(__file__).parents[3]
KILLS = int(os.environ.get("ZHANGGUI_KILLS", "25"))
"""A soak run sets it to 200."""
SEED = 20261125
LIFE = 4_000
"""More deliveries than one life of the service suffices for."""


def acknowledged_until_killed(url: str, first: int, after_lines: int, wait_s: float) -> list[str]:
    """Kills the service ``wait_s`` after its ``after_lines``-th acknowledgement; answers all that it printed whole."""
    program = [sys.executable, "-m", "tests.services.authority.killed_writer", url, str(first)]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(after_lines)]
        timer = threading.Timer(wait_s, process.kill)
        timer.start()
        lines += process.stdout.readlines()
        timer.join()
    assert process.returncode != 0
    return [line.decode().strip() for line in lines if line.endswith(b"\n")]


def test_a_service_that_is_killed_has_stored_what_it_acknowledged(tmp_path: Path) -> None:
    url = new_url("sqlite", tmp_path)
    store = Store(url)
    shop = Shop(store, FixedClock()).found()
    shop.product(stock=0)
    shop.close()
    store.close()
    chance = random.Random(SEED)
    acknowledged: list[str] = []
    for kill in range(KILLS):
        printed = acknowledged_until_killed(url, 1 + kill * LIFE, chance.randrange(1, 40), chance.random() / 20)
        assert printed, f"kill {kill}"
        acknowledged += printed
    assert len(set(acknowledged)) == len(acknowledged)
    store = Store(url)
    stored = [ref for (ref,) in books.rows(store, "SELECT ref_id FROM stock_movements")]
    assert len(stored) == len(set(stored))
    books.tally(f"service killed {KILLS} times", store, acknowledged, set(stored) | set(acknowledged))
    # What it had not acknowledged is unknown: asking again with the same ids settles it, once.
    shop = Shop(store, FixedClock())
    last = 1 + (KILLS - 1) * LIFE
    again = [intent(ReceiveStock("p1-s", PLACE, n), CLERK, FixedClock().now()) for n in range(last, last + 400)]
    assert all(future.result(30).is_applied for future in [shop.executor.submit(one) for one in again])
    shop.close()
    books.tally("asked again", store, acknowledged, {one.command_id for one in again} | set(acknowledged))
    store.close()
