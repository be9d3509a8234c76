"""One figure is one figure: side bar, overview, tab, list and pickup page of one shop say the same."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.desk.preferences import PreferenceStore
from app.desk.queries import OrderFilter
from app.desk.session import OnDuty
from app.domain.permission import Role
from app.domain.pickup.model import PickupPoint
from app.kernel.ids import IdSource
from tests.support.clocks import FixedClock
from tests.support.shelf import MONDAY, Shelf
from tests.ui.pages.dashboard.scene import READY, TO_DISPATCH, TO_PREPARE, TO_SHIP, UNPAID, Runner, fill
from tests.ui.support.shop_window import SHOP
from ui.bridge.services import PageServices
from ui.pages.dashboard.page import DashboardPage
from ui.pages.dashboard.page import entry as overview_page
from ui.pages.orders.page import OrdersPage
from ui.pages.orders.page import entry as orders_page
from ui.pages.pickup.page import PickupPage
from ui.pages.pickup.page import entry as pickup_page
from ui.shell.main_window import MainWindow
from ui.tour.figures import differing


@pytest.fixture
def house(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The window with the three pages, over a shop with work of every kind."""
    folder = tmp_path_factory.mktemp("figures")
    shelf = Shelf(folder / "replica.db")
    fill(shelf)
    shelf.put(PickupPoint("point", "文三路店", "文三路 398 号", "", {}))
    desk = SimpleNamespace(clock=FixedClock(MONDAY), ids=IdSource(), on_duty=OnDuty("o", "李敏", Role.OWNER))
    runner, windows = Runner(shelf), list[MainWindow]()
    services = PageServices(
        desk,  # type: ignore[arg-type]
        runner,
        lambda _text: None,
        lambda key, row: windows[0].go(key, row or None),
        PreferenceStore(folder),
        lambda: windows[0].refresh_counts() if windows else None,
    )
    pages = [make(services) for make in (overview_page, orders_page, pickup_page)]
    window = MainWindow(pages, SHOP, lambda: MONDAY)
    windows.append(window)
    window.show()
    yield SimpleNamespace(window=window, pages={page.key: page for page in pages}, shelf=shelf, runner=runner)
    for kind in (DashboardPage, OrdersPage, PickupPage):
        for page in window.findChildren(kind):
            page.presenter.close()
    window.page_widget("pickup").wedge.set_listening(False)  # type: ignore[attr-defined]
    window.close()
    window.deleteLater()
    shelf.database.close()


def test_every_figure_is_the_same_wherever_it_stands(house: Any) -> None:
    assert differing(house.window, house.pages.values()) == []
    assert house.pages["orders"].count() == TO_SHIP + TO_DISPATCH
    assert house.pages["pickup"].count() == READY
    house.window.go("orders", OrderFilter("unpaid"))
    assert house.window.page_widget("orders").model.rowCount() == UNPAID
    assert TO_PREPARE


def test_a_figure_that_differs_is_named(house: Any) -> None:
    house.window.go("overview")
    house.window.page_widget("overview")
    house.pages["orders"].count = lambda: 99
    assert any("99" in told for told in differing(house.window, house.pages.values()))
