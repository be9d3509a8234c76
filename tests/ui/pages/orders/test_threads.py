"""The page over the desktop's own threads: nothing waits in the window's thread, and everything still arrives."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.support.counter import Counter
from tests.ui.support.over_threads import over_threads
from ui.pages.orders.dialogs import ShipDialog
from ui.pages.orders.label_dialog import LabelDialog
from ui.pages.orders.page import OrdersPage


@pytest.fixture
def page(counter: Counter, qtbot: QtBot) -> Iterator[OrdersPage]:
    with over_threads(counter, OrdersPage, qtbot) as shown:
        yield shown


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
