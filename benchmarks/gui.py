"""The orders page in its real window over a replica, as a process of its own: ``python -m benchmarks.gui FOLDER``.

Everything is as in the program: the one writing thread, the readers, the hub, the runner, the page's model and view.
Only the service is missing: what it would send is applied by the same function, on the same thread.
"""

import gc
import json
import random
import sqlite3
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.desk.desk import Desk
from app.desk.session import OnDuty
from app.desk.threads import ReaderThreads, WriterThread
from app.domain.orders.commands import NoteOrder
from app.domain.orders.model import Order, OrderState
from app.domain.permission import Role
from app.domain.registry import shop_registry
from app.kernel import i18n
from app.kernel.clock import SystemClock
from app.kernel.ids import IdSource
from app.replica import meta
from app.replica.apply import apply_page
from app.replica.holder import ReplicaHolder
from app.tables.mapper import mapper_of
from app.wire.messages import ChangeMessage, PullReply
from benchmarks.measure import quantile
from tests.support import bulk
from ui.bridge.runner import QtRunner
from ui.bridge.services import PageServices
from ui.pages.orders.entry import OrdersEntry
from ui.pages.orders.page import OrdersPage
from ui.shell.main_window import MainWindow
from ui.shell.state import ShopIdentity
from ui.theme.apply import apply

BEAT_MS = 5
PAGE_ROWS = 50
A_SECOND = 1_000


class Bench:
    """A desktop without its service."""

    def __init__(self, folder: Path, make: Callable[[PageServices, QWidget], QWidget] = OrdersPage) -> None:
        """``make`` makes the page, which is the program's own or one of its kind that tells more."""
        self.app = QApplication([])
        i18n.set_language("zh_CN")
        apply(self.app, "light")
        registry = shop_registry()
        self.writer = WriterThread(lambda: ReplicaHolder(folder / "replica", registry))
        self.readers = ReaderThreads(self.writer)
        self.writer.start().result()
        self.readers.start()
        self.desk = Desk(self.writer, self.readers, lambda: registry, SystemClock(), IdSource())
        self.desk.on_duty = OnDuty("owner", "李敏", Role.OWNER)
        self.runner = QtRunner(self.desk)
        services = PageServices(self.desk, self.runner, lambda _: None, lambda _key, _row: None, recount=self.recount)
        self.window: MainWindow | None = None
        self.entry = OrdersEntry(services, make)
        self.window = MainWindow((self.entry,), ShopIdentity("掌柜", "1 号柜台"))
        self.runner.listen(lambda _: self.recount())
        page = self.window.page_widget("orders")
        assert isinstance(page, OrdersPage)
        self.page = page
        self.window.resize(1440, 900)
        self.window.show()
        self.until(lambda: page.model.rowCount() > 0 and page.model.rowid_at(page.model.rowCount() - 1) is not None)
        self.until(lambda: page.model.row_at(0) is not None)
        gc.freeze()  # as ui/start.py does when the window is there

    def recount(self) -> None:
        if self.window is not None:
            self.window.refresh_counts()

    def until(self, is_so: Callable[[], bool], seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > end:
                raise TimeoutError
            self.app.processEvents()
            time.sleep(0.0005)

    def spend(self, seconds: float) -> None:
        loop = QEventLoop()  # ending the application's own would close its window
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()

    def close(self) -> None:
        self.page.presenter.close()
        self.runner.close()
        self.readers.close()
        self.writer.close()


def paints(bench: Bench, count: int) -> dict[str, float]:
    """How long the table takes to show a page once its rows are there: at random places, and wheel by wheel."""
    table, model = bench.page.table, bench.page.model
    bar, chance = table.verticalScrollBar(), random.Random(1)
    jumps, wheels = [], []

    def is_loaded() -> bool:
        ends = (QPoint(5, 5), QPoint(5, table.viewport().height() - 5))
        return all(model.row_at(table.indexAt(end).row()) is not None for end in ends)

    for _ in range(count):
        bar.setValue(chance.randrange(bar.maximum()))
        bench.until(is_loaded)
        jumps.append(_cpu_ms(table.viewport().repaint))
    bar.setValue(bar.maximum() // 2)
    for _ in range(count):
        wheel = QWheelEvent(
            QPointF(50, 50), table.viewport().mapToGlobal(QPointF(50, 50)), QPoint(), QPoint(0, -120),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QCoreApplication.sendEvent(table.viewport(), wheel)
        bench.until(is_loaded)
        wheels.append(_cpu_ms(table.viewport().repaint))
    bar.setValue(0)
    return {
        "jump_p50": statistics.median(jumps),
        "jump_p99": quantile(jumps, 0.99),
        "wheel_p50": statistics.median(wheels),
        "wheel_p99": quantile(wheels, 0.99),
    }


def _cpu_ms(work: Callable[[], object]) -> float:
    started = time.thread_time()
    work()
    return (time.thread_time() - started) * 1000


class Heart(QObject):
    """Beats in the windows' thread and writes down how late, and how much work of that thread lay in between."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[tuple[float, float]] = []
        self._last = (time.perf_counter(), time.thread_time())
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._timer.start(BEAT_MS)

    def _on_timer_timeout(self) -> None:
        now = (time.perf_counter(), time.thread_time())
        self.gaps.append(((now[0] - self._last[0]) * 1000, (now[1] - self._last[1]) * 1000))
        self._last = now

    def stop(self) -> None:
        self._timer.stop()


class Feed:
    """The service's side: a thousand rows a second, half of them new orders, half orders that change."""

    def __init__(self, bench: Bench, count: int) -> None:
        self._bench = bench
        self._rows = self._changes(count)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.applied = 0
        self.cpu: list[float] = []

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        due = time.perf_counter()
        while not self._stop.is_set():
            changes = [next(self._rows) for _ in range(PAGE_ROWS)]
            self._bench.desk.hub.publish(self._bench.writer.call(partial(self._apply, rows=changes)))
            self.applied += len(changes)
            due += PAGE_ROWS / A_SECOND
            self._stop.wait(max(0.0, due - time.perf_counter()))

    def _apply(self, holder: ReplicaHolder, rows: list[tuple[str, str, dict[str, Any]]]) -> Any:
        started = time.thread_time()
        here = meta.read(holder.database)
        changes = tuple(
            ChangeMessage(here.cursor + n, table, "u", pk, image) for n, (table, pk, image) in enumerate(rows, 1)
        )
        page = PullReply(here.feed_epoch, here.cursor, here.cursor + len(rows), here.cursor + len(rows), changes)
        applied = apply_page(holder.database, holder.registry, page, datetime.now(UTC)).changes
        self.cpu.append((time.thread_time() - started) * 1000)
        return applied

    def _changes(self, count: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
        chance = random.Random(2)
        known: list[dict[str, Any]] = []
        number = count
        while True:
            made = dict(bulk.records_of(range(number, number + 20), count, seed=number))
            number += 20
            for pattern, records in made.items():
                kind = pattern.kind
                for record in records:
                    image = mapper_of(kind).image(record)
                    pk = "/".join(str(image[column]) for column in kind.KEY)
                    if kind is Order:
                        known.append(image)
                    yield kind.TABLE, pk, image
                    if known:
                        old = chance.choice(known)
                        state = chance.choice((OrderState.PAID, OrderState.SHIPPED, OrderState.COMPLETED))
                        yield Order.TABLE, old["id"], old | {"state": str(state)}


def flood(bench: Bench, seconds: float) -> dict[str, float]:
    """What the windows' thread feels while a thousand rows a second arrive."""
    bench.spend(0.5)
    feed, heart = Feed(bench, bench.page.model.rowCount()), Heart()
    before = bench.page.model.rowCount()
    started = time.perf_counter()
    feed.start()
    bench.spend(seconds)
    feed.stop()
    heart.stop()
    took = time.perf_counter() - started
    bench.until(lambda: bench.page.model.rowCount() > before)
    wall, cpu = [gap for gap, _ in heart.gaps], [work for _, work in heart.gaps]
    return {
        "rate": feed.applied / took,
        "wall_max": max(wall),
        "wall_p99": quantile(wall, 0.99),
        "cpu_max": max(cpu),
        "cpu_p99": quantile(cpu, 0.99),
        "apply_cpu_p50": statistics.median(feed.cpu),
        "new_rows": bench.page.model.rowCount() - before,
    }


def notes(bench: Bench, count: int) -> dict[str, float]:
    """How long it takes until what a clerk does is durable and told, while nothing else happens."""
    ids = [order_id for (order_id,) in bench.desk.query(_some_orders).result()]
    cpu, wall = [], []
    for number in range(count):
        command = NoteOrder(ids[number % len(ids)], f"放门口 {number}")
        started = time.perf_counter()
        used = bench.writer.call(lambda _: time.thread_time())
        bench.desk.perform(command).result()
        cpu.append((bench.writer.call(lambda _: time.thread_time()) - used) * 1000)
        wall.append((time.perf_counter() - started) * 1000)
    return {"perform_cpu_p50": statistics.median(cpu), "perform_wall_p99": quantile(wall, 0.99)}


def _some_orders(connection: sqlite3.Connection) -> list[tuple[str]]:
    return connection.execute("SELECT id FROM orders ORDER BY placed_at DESC LIMIT 100").fetchall()


def main() -> int:
    bench = Bench(Path(sys.argv[1]))
    is_quick = "--quick" in sys.argv
    told = {"count": float(bench.page.model.rowCount())}
    told |= paints(bench, 40 if is_quick else 200)
    told |= flood(bench, 3 if is_quick else 10)
    told |= notes(bench, 50 if is_quick else 200)
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        told["memory_mb"] = int(line.split()[1]) / 1024
    bench.close()
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
