"""Shows the window with the first of what its page has, and tells when that has been painted."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from ui.shell.page import Filling

if TYPE_CHECKING:
    from ui.shell.main_window import MainWindow


class FirstPicture(QObject):
    """Signals: `painted()`, once the page in front has been painted with the first of what it has."""

    painted = Signal()

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._is_wanted = False
        self._page: object = window.page_widget(window.current_page())
        self._is_filled = not isinstance(self._page, Filling)
        if isinstance(self._page, Filling):
            self._page.filled.connect(self._on_page_filled)
        else:
            self._window.installEventFilter(self)

    def show_filled(self, longest_ms: int) -> None:
        """Show the window as soon as there is something in it, and after this time without."""
        self._is_wanted = True
        if self._is_filled:
            self._show()
        else:
            QTimer.singleShot(longest_ms, self, self._show)

    def _show(self) -> None:
        if self._is_wanted:
            self._is_wanted = False
            self._window.show()

    def _on_page_filled(self) -> None:
        if isinstance(self._page, Filling):
            self._page.filled.disconnect(self._on_page_filled)
        self._is_filled = True
        self._window.installEventFilter(self)
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt paints when it is told to update; what stands in its queue behind that comes afterwards."""
        if event.type() == QEvent.Type.UpdateRequest:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self.painted.emit)
        return False
