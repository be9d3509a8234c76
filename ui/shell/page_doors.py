"""The pages of the program. Each says its place in the side bar at once; its widget is imported when it is shown."""

import importlib
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtWidgets import QWidget

from ui.bridge.services import PageServices
from ui.pages.catalog.entry import ProductsEntry
from ui.pages.dashboard.entry import DashboardEntry
from ui.pages.orders.entry import OrdersEntry
from ui.pages.pickup.entry import PickupEntry
from ui.pages.printing.entry import PrintingEntry
from ui.pages.settings.entry import SettingsEntry
from ui.shell.page import Page


def _page_of(name: str) -> Callable[..., QWidget]:
    """Makes a page's widget; what that needs is imported when the page is shown first."""
    return lambda *given: importlib.import_module(f"ui.pages.{name}.page").make_page(*given)


PAGES: Final[Sequence[Callable[[PageServices], Page]]] = (
    lambda services: DashboardEntry(services, _page_of("dashboard")),
    lambda services: OrdersEntry(services, _page_of("orders")),
    lambda services: PickupEntry(services, _page_of("pickup")),
    lambda services: ProductsEntry(services, _page_of("catalog")),
    lambda services: PrintingEntry(services, _page_of("printing")),
    lambda services: SettingsEntry(services, _page_of("settings")),
)
