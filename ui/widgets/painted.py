"""Does something behind the next painting of a widget: what nobody waits for makes nobody wait."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

_LONGEST_MS: Final = 100
"""A window that is covered or small in a dock may not be painted at all."""


def after_painting(widget: QWidget, act: Callable[[], None]) -> None:
    """Do it when the widget has been painted, at once if nobody sees it, and after a moment in any case."""
    if widget.isVisible() and not widget.window().isMinimized():
        _Eye(widget, act)
    else:
        act()


class _Eye(QObject):
    """Watches a widget until it is painted."""

    def __init__(self, widget: QWidget, act: Callable[[], None]) -> None:
        super().__init__(widget)
        self._widget, self._act = widget, act
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.timeout.connect(self._on_waiting_timeout)
        self._waiting.start(_LONGEST_MS)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The painting itself comes after this, and what stands in the queue behind it after that."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._waiting.start(0)
        return False

    def _on_waiting_timeout(self) -> None:
        self._widget.removeEventFilter(self)
        self.deleteLater()
        self._act()
