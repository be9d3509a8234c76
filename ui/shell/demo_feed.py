"""The button that calls a buyer into the demo shop."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from app.kernel.i18n import tr
from ui.shell.main_window import MainWindow
from ui.widgets.toast import Toast


class Buyers(Protocol):
    """Who comes when called; both answers are given on another thread."""

    on_ordered: Callable[[], None]
    on_failed: Callable[[str], None]

    def order_now(self) -> None: ...


class DemoFeed(QObject):
    """Between the demo's buyers and the top bar. A buyer who was called and could not buy is told once."""

    _ordered = Signal()
    _failed = Signal(object)

    def __init__(self, buyers: Buyers, window: MainWindow) -> None:
        super().__init__(window)
        self._buyers = buyers
        self._window = window
        self._had_keyboard = False
        self._ordered.connect(self._on_ordered)
        self._failed.connect(self._on_failed)
        buyers.on_ordered = self._ordered.emit
        buyers.on_failed = self._failed.emit
        window.top_bar.demo_order_pressed.connect(self._on_top_bar_demo_order_pressed)

    def show(self, *, is_demo: bool) -> None:
        """Offer the button in a demo shop, and only there."""
        self._window.top_bar.demo_button.setVisible(is_demo)

    def _on_top_bar_demo_order_pressed(self) -> None:
        button = self._window.top_bar.demo_button
        self._had_keyboard = button.hasFocus()
        button.clearFocus()  # else the keyboard would move on to the next button, which nobody chose
        button.setEnabled(False)
        self._buyers.order_now()

    def _offer_again(self) -> None:
        button = self._window.top_bar.demo_button
        button.setEnabled(True)
        if self._had_keyboard and QApplication.focusWidget() in (None, self._window.centralWidget()):
            button.setFocus()

    def _on_ordered(self) -> None:
        self._offer_again()

    def _on_failed(self, why: object) -> None:
        self._offer_again()
        self._window.notify(Toast(lambda: tr("The demo buyer could not order. Try again in a moment."), tone="warning"))
