"""A page over the desktop's own threads, as it is in the program: writer, readers, and Qt's runner before them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.desk.desk import Desk
from app.desk.session import OnDuty
from app.desk.threads import ReaderThreads, WriterThread
from app.domain.permission import Role
from app.domain.registry import shop_registry
from app.kernel.ids import IdSource
from app.replica.holder import ReplicaHolder
from tests.support.counter import Counter
from ui.bridge.runner import QtRunner
from ui.bridge.services import PageServices

P = TypeVar("P", bound=QWidget)
OWNER = OnDuty("owner", "李敏", Role.OWNER)


@contextmanager
def over_threads(
    counter: Counter, make: Callable[[PageServices], P], qtbot: QtBot, on_duty: OnDuty = OWNER
) -> Iterator[P]:
    """The shown page over the counter's replica; at the end nothing may have gone wrong on any thread."""
    counter.desktop.holder.close()
    registry = shop_registry()
    writer = WriterThread(lambda: ReplicaHolder(counter.desktop.folder, registry))
    readers = ReaderThreads(writer)
    writer.start().result(10)
    readers.start()
    desk = Desk(writer, readers, lambda: registry, counter.world.clock, IdSource())
    desk.on_duty = on_duty
    runner = QtRunner(desk)
    faults: list[object] = []
    for signal in (runner.refused, runner.failed, runner.crashed):
        signal.connect(faults.append)
    page: Any = make(PageServices(desk, runner, lambda _: None, lambda _key, _row: None))
    qtbot.addWidget(page)
    page.resize(1134, 680)
    page.show()
    yield page
    page.presenter.close()
    runner.close()
    readers.close()
    writer.close()
    assert faults == []
