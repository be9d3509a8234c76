"""The message over a counter's window that tells of a new order."""

from PySide6.QtWidgets import QWidget

from app.desk.sounds import Sound
from app.kernel.i18n import tr
from ui.pages.orders.page import OrdersPage
from ui.tour.counters import Counter
from ui.tour.goods import press
from ui.tour.record import StepFailed
from ui.tour.stage import wait_until
from ui.widgets.button import Button
from ui.widgets.money import format_fen


def wait_for_message(counter: Counter, total_fen: int) -> None:
    """It chimes, and a message with that amount is on the screen."""

    def is_shown() -> bool:
        shown = counter.opened.window.over.toasts.shown()
        return shown is not None and format_fen(total_fen) in shown.said()

    wait_until(lambda: counter.ears.count(Sound.NEW_ORDER) == 1, f"{counter.name} chimes")
    wait_until(is_shown, f"{counter.name} shows the message")


def follow_message(counter: Counter, order_id: str) -> None:
    """Press the message's button: the order opens."""
    press(_button(counter))
    wait_until(lambda: _shown_order(counter) == order_id, f"{counter.name} opens the order")


def _button(counter: Counter) -> QWidget:
    verb, page = tr("View"), counter.opened.window.page_widget("orders")
    for button in counter.opened.window.findChildren(Button):
        # In Chinese the page's own button for showing the receiver has the same word.
        if button.isVisible() and button.text() == verb and not page.isAncestorOf(button):
            return button
    raise StepFailed(f"{counter.name}: the message has no button")


def _shown_order(counter: Counter) -> str:
    """The order that is open on the orders page; empty when another page is in front."""
    window = counter.opened.window
    page = window.page_widget("orders")
    if window.current_page() != "orders" or not isinstance(page, OrdersPage) or page.presenter.detail is None:
        return ""
    return str(page.presenter.detail.order.id)
