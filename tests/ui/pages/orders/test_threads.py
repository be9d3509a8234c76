"""The page over the desktop's own threads: nothing waits in the window's thread, and everything still arrives."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
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
from ui.pages.orders.dialogs import ShipDialog
from ui.pages.orders.label_dialog import LabelDialog
from ui.pages.orders.page import OrdersPage


@pytest.fixture
def page(counter: Counter, qtbot: QtBot) -> Iterator[OrdersPage]:
    counter.desktop.holder.close()
    registry = shop_registry()
    writer = WriterThread(lambda: ReplicaHolder(counter.desktop.folder, registry))
    readers = ReaderThreads(writer)
    writer.start().result(10)
    readers.start()
    desk = Desk(writer, readers, lambda: registry, counter.world.clock, IdSource())
    desk.on_duty = OnDuty("owner", "李敏", Role.OWNER)
    runner = QtRunner(desk)
    faults: list[object] = []
    for signal in (runner.refused, runner.failed, runner.crashed):
        signal.connect(faults.append)
    shown = OrdersPage(PageServices(desk, runner, lambda _: None, lambda _key, _row: None))
    qtbot.addWidget(shown)
    shown.resize(1134, 680)
    shown.show()
    yield shown
    shown.presenter.close()
    runner.close()
    readers.close()
    writer.close()
    assert faults == []


def test_ships_and_saves_the_label_while_the_service_is_away(page: OrdersPage, qtbot: QtBot, tmp_path: Path) -> None:
    qtbot.waitUntil(lambda: page.presenter.detail is not None and page.model.loaded_count() == 3)
    page.ship()
    dialog = page.dialog
    assert isinstance(dialog, ShipDialog)
    dialog.number_field.setText("SF1688124306257")
    dialog.qty_fields["o3-1"].set_value(1)
    dialog.ship_button.click()
    dialog.ship_button.click()
    qtbot.waitUntil(lambda: page.presenter.detail is not None and len(page.presenter.detail.parcels) == 1)
    assert page.presenter.detail is not None and page.presenter.detail.order.state == "partly_shipped"
    page.print_label()
    label = page.dialog
    assert isinstance(label, LabelDialog)
    assert not label.save_button.isEnabled(), "nothing to save before it is drawn"
    qtbot.waitUntil(label.save_button.isEnabled, timeout=20_000)
    qtbot.waitUntil(label.save_button.hasFocus)
    assert label.unsynced_notice.isVisible()
    label.use_folder(tmp_path / "labels")
    qtbot.keyClick(label.save_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: label.saved_path is not None)
    assert [file.suffix for file in (tmp_path / "labels").iterdir()] == [".pdf"]
    label.accept()
