"""Ctrl+K searches this page, or goes to where an order is found."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.support.counter import Counter
from tests.ui.pages.orders.scene import Scene
from tests.ui.support.shop_window import GoodsWidget, SamplePage
from ui.pages.orders.page import OrdersPage
from ui.shell.main_window import MainWindow
from ui.shell.state import ShopIdentity


class OrdersWidget(QWidget):
    """A page with a search field of its own."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = QLineEdit(self)
        self.field.setAccessibleName("搜索")
        QVBoxLayout(self).addWidget(self.field)

    def focus_search(self) -> None:
        self.field.setFocus()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    pages = (
        SamplePage("overview", "business", "overview", "概览", "Overview"),
        SamplePage("orders", "business", "orders", "订单", "Orders", widget=OrdersWidget),
        SamplePage("products", "goods", "products", "商品", "Products", widget=GoodsWidget),
    )
    found = MainWindow(pages, ShopIdentity("山野咖啡", "1 号柜台"))
    qtbot.addWidget(found)
    found.show()
    found.activateWindow()
    qtbot.waitUntil(found.isActiveWindow)
    yield found


def press(window: QWidget, qtbot: QtBot) -> QWidget | None:
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    return window.focusWidget()


def test_a_page_that_is_searched_in_the_top_bar_stays(window: MainWindow, qtbot: QtBot) -> None:
    window.go("products")
    assert press(window, qtbot) is window.top_bar.search_field
    assert window.current_page() == "products"


def test_from_a_page_without_a_search_it_goes_to_the_orders(window: MainWindow, qtbot: QtBot) -> None:
    window.go("overview")
    field = press(window, qtbot)
    orders = window.page_widget("orders")
    assert window.current_page() == "orders" and isinstance(orders, OrdersWidget) and field is orders.field


def test_the_orders_page_leads_to_its_own_field(tmp_path: Path, qtbot: QtBot) -> None:
    counter = Counter(tmp_path)
    scene = Scene(counter)
    window = scene.window
    assert window is not None
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    page = window.page_widget("orders")
    assert isinstance(page, OrdersPage)
    assert press(window, qtbot) is page.search_field
    scene.close()
    counter.close()
