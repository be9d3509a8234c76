"""A service whose plug is pulled, again and again, in a process of its own; it prints what came of it as JSON.

python -m tests.services.authority.power_cuts TEMPLATE FOLDER CUTS full|normal
"""

import json
import logging
import random
import shutil
import sys
from concurrent.futures import Future
from pathlib import Path

from app.domain.registry import shop_registry
from app.domain.stock.commands import ReceiveStock
from app.kernel.clock import SystemClock
from app.kernel.errors import KnownError
from services.authority.commandlog import broken_link
from services.authority.executor import Executor
from services.authority.submission import Answer
from services.db.engine import OpenDatabase, Store
from services.db.errors import DBAPIError
from tests.support.power import Disk, Layer
from tests.support.shop import CLERK, PLACE, intent

AT_ONCE = 4


class WishfulStore(Store):
    """The planted fault: it acknowledges what the disk was not asked to keep."""

    def connect(self) -> OpenDatabase:
        database = super().connect()
        database.execute("PRAGMA synchronous=NORMAL")
        return database


def acknowledged(store: Store, seed: int) -> list[str]:
    """Books deliveries until the power goes; answers the ids of those that were acknowledged."""
    executor = Executor(store, shop_registry(), SystemClock())
    done: list[str] = []
    executor.start()
    try:
        for start in range(seed * 10_000, seed * 10_000 + 2_000, AT_ONCE):
            sent = [
                intent(ReceiveStock("p1-s", PLACE, n + 1), CLERK, SystemClock().now())
                for n in range(start, start + AT_ONCE)
            ]
            futures: list[Future[Answer]] = [executor.submit(one) for one in sent]
            for one, future in zip(sent, futures, strict=True):
                if future.exception(30) is not None:
                    return done
                done.append(one.command_id)
        return done
    finally:
        executor.close()


def trial(layer: Layer, template: Path, folder: Path, seed: int, kind: type[Store]) -> tuple[bool, int, int]:
    """Whether the file is whole, how many were acknowledged, and how many of those are gone."""
    chance = random.Random(seed)
    live, after = folder / f"live-{seed}", folder / f"after-{seed}"
    live.mkdir()
    shutil.copy(template, live / "shop.db")
    disk = layer.disk = Disk(cut_at=chance.randrange(10, 400))
    store = kind(f"sqlite:///{live / 'shop.db'}")
    try:
        done = acknowledged(store, seed)
        store.close()
    except (DBAPIError, KnownError):
        done = []
    layer.disk = None
    disk.left(after, chance, some_survive=seed % 2 == 0)
    is_whole, stored = examined(after / "shop.db")
    shutil.rmtree(live)
    shutil.rmtree(after)
    return is_whole, len(done), len(set(done) - stored)


def examined(file: Path) -> tuple[bool, set[str]]:
    store = Store(f"sqlite:///{file}")
    try:
        with store.reading() as database:
            is_whole = (
                database.execute("PRAGMA integrity_check").fetchone()[0] == "ok" and broken_link(database) is None
            )
            effects = {ref for (ref,) in database.execute("SELECT ref_id FROM stock_movements").fetchall()}
            logged = {i for (i,) in database.execute("SELECT command_id FROM command_log").fetchall()}
        return is_whole, effects & logged
    except DBAPIError:
        return False, set()
    finally:
        store.close()


def main(template: Path, folder: Path, cuts: int, sync: str) -> None:
    logging.disable(logging.CRITICAL)  # a disk without power is in the log at every step
    layer = Layer()
    layer.install()
    kind = Store if sync == "full" else WishfulStore
    found = [trial(layer, template, folder, seed, kind) for seed in range(1, cuts + 1)]
    whole, acked, lost = (sum(column) for column in zip(*found, strict=True))
    sys.stdout.write(json.dumps({"intact": whole, "acked": acked, "lost": lost}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
