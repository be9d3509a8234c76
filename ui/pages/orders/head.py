"""What stands over the list: tabs, search, and the way to the filters; in two rows where one is too narrow."""

from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import metrics
from ui.widgets.button import IconButton
from ui.widgets.search_field import SearchField
from ui.widgets.tabs import SegmentedTabs

_SIDES: Final = 13
_SEARCH_MOST: Final = 300


class ListHead(QWidget):
    """The tabs take the first row for themselves where the search beside them could not say what it finds."""

    def __init__(self, tabs: SegmentedTabs, search: SearchField, menu_button: IconButton, parent: QWidget) -> None:
        super().__init__(parent)
        self._tabs, self._search, self._menu_button = tabs, search, menu_button
        self._is_one_row: bool | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDES, 11, _SIDES, 11)
        column.setSpacing(metrics.SPACE_S)
        self._first, self._second = QHBoxLayout(), QHBoxLayout()
        for row in (self._first, self._second):
            row.setSpacing(metrics.SPACE_M)
            column.addLayout(row)
        self._first.addWidget(tabs)
        self._second.addStretch(1)
        self.fit()

    def fit(self) -> None:
        """After other counts, another language or another width."""
        room = self.width() - 2 * _SIDES
        self._search.setMaximumWidth(max(_SEARCH_MOST, self._search.sizeHint().width()))
        self._tabs.fit(room)
        beside = self._search.sizeHint().width() + self._menu_button.sizeHint().width() + 2 * metrics.SPACE_M
        is_one_row = self._tabs.wanted_width() + beside <= room
        if is_one_row == self._is_one_row:
            return
        self._is_one_row = is_one_row
        row = self._first if is_one_row else self._second
        for other in (self._first, self._second):
            for widget in (self._search, self._menu_button):
                other.removeWidget(widget)
        row.insertWidget(row.count() if is_one_row else 0, self._search, int(is_one_row))
        row.insertWidget(row.count() if is_one_row else 1, self._menu_button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
