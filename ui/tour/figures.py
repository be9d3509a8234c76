"""Whether every figure is the same wherever it stands: side bar, overview, tab, list, pickup page."""

import re
from collections.abc import Callable, Iterable

from app.desk.queries import TO_COLLECT, OrderFilter
from ui.pages.dashboard.page import DashboardPage
from ui.pages.orders.page import OrdersPage
from ui.pages.pickup.page import PickupPage
from ui.shell.main_window import MainWindow
from ui.shell.page import Page


def differing(window: MainWindow, pages: Iterable[Page], settle: Callable[[], None] = lambda: None) -> list[str]:
    """What differs, in words; ``settle`` waits until what was asked for has come."""
    entries = {page.key: page for page in pages}
    found = []
    for name, figures in _read(window, entries, settle).items():
        if len(set(figures.values())) > 1:
            found.append(f"{name}: {figures}")
    return found


def _read(window: MainWindow, entries: dict[str, Page], settle: Callable[[], None]) -> dict[str, dict[str, int]]:
    """Each figure with its places."""
    window.go("overview")
    settle()
    overview = window.page_widget("overview")
    if not isinstance(overview, DashboardPage):
        raise TypeError(overview)
    said = {key: _number(card.figure_label.text()) for key, card in overview.figure_cards.items()}
    window.go("pickup")
    settle()
    pickup = window.page_widget("pickup")
    if not isinstance(pickup, PickupPage):
        raise TypeError(pickup)
    at = pickup.presenter.at
    lists = at.lists if at is not None else None
    to_ship = {"side bar": entries["orders"].count() or 0, "overview": said["ship"]}
    read = {"to ship": to_ship | _listed(window, OrderFilter("paid,partly_shipped"), settle)}
    if lists is not None:
        told = {"overview": said["collect"], "pickup page": lists.ready_count + lists.preparing_count}
        is_whole_shop = len(lists.points) == 1
        read["to collect"] = told | (_listed(window, OrderFilter(TO_COLLECT), settle) if is_whole_shop else {})
        read["ready"] = {"side bar": entries["pickup"].count() or 0, "pickup page": lists.ready_count}
    waiting = window.top_bar.bell_button.waiting
    read["issues"] = {
        "bell": waiting,
        "badge": window.badge.state().issue_count,
        "centre": window.issue_centre.waiting_count(),
    }
    return read


def _listed(window: MainWindow, wanted: OrderFilter, settle: Callable[[], None]) -> dict[str, int]:
    """The tab's own count and the rows under it."""
    window.go("orders", wanted)
    settle()
    page = window.page_widget("orders")
    if not isinstance(page, OrdersPage):
        raise TypeError(page)
    return {"tab": page.tabs.count(page.tabs.current()), "list": page.model.rowCount()}


def _number(text: str) -> int:
    digits = re.sub(r"\D", "", text)
    return int(digits) if digits else 0
