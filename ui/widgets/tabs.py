"""A row of tabs, each with the count of what stands behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from ui.theme import fonts, metrics
from ui.widgets.button import Button

_GAP = 2
_SIDES = 2 * 10 + 2  # as the style sheet has it


def _width(text: str) -> int:
    return ceil(fonts.advance(text, metrics.BODY, fonts.STRONG)) + _SIDES


@dataclass(frozen=True)
class Tab:
    """A tab: the key that the page knows it by, and its word."""

    key: str
    title: str


class SegmentedTabs(QWidget):
    """One of several views on the same list; Left and Right move between them.

    Signals: `tab_changed(object)` carries the key, only when a person chose.
    """

    tab_changed = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._tabs: tuple[Tab, ...] = ()
        self._counts: Mapping[str, int] = {}
        self._has_room = True
        self._buttons: dict[str, Button] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_GAP)
        self._row.addStretch(1)

    def set_tabs(self, tabs: Sequence[Tab]) -> None:
        """Show these tabs; the chosen one stays chosen if it is still among them."""
        chosen = self.current()
        for button in self._buttons.values():
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._tabs = tuple(tabs)
        self._buttons = {}
        for place, tab in enumerate(self._tabs):
            button = Button(tab.title, "tab", parent=self)
            button.set_height(metrics.BUTTON_SMALL)
            button.setCheckable(True)
            button.setProperty("tab_key", tab.key)
            button.clicked.connect(self._on_button_clicked)
            self._group.addButton(button)
            self._row.insertWidget(place, button)
            self._buttons[tab.key] = button
        self._show_texts()
        if self._tabs:
            self.set_current(chosen if chosen in self._buttons else self._tabs[0].key)

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Show how many stand behind each tab; a tab without a count shows none."""
        self._counts = dict(counts)
        self._show_texts()

    def fit(self, room: int) -> None:
        """Leave the counts out where tabs with them would be cut; the ear hears them all the same."""
        had_room, self._has_room = self._has_room, True
        self._has_room = self.wanted_width() <= room
        if self._has_room != had_room:
            self._show_texts()

    def wanted_width(self) -> int:
        """What all tabs take beside each other, whichever of them is chosen: that one is bold."""
        return sum(_width(self._words(tab)) + _GAP for tab in self._tabs)

    def count(self, key: str) -> int:
        """How many stand behind a tab, as it says."""
        return self._counts.get(key, 0)

    def current(self) -> str:
        """The key of the chosen tab, empty if there is none."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def set_current(self, key: str) -> None:
        """Choose a tab without a signal."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def _show_texts(self) -> None:
        for tab in self._tabs:
            count = self._counts.get(tab.key)
            button = self._buttons[tab.key]
            button.setText(self._words(tab))
            button.setMinimumWidth(_width(button.text()))
            button.setAccessibleName(tab.title if count is None else f"{tab.title} {count:,}")

    def _words(self, tab: Tab) -> str:
        count = self._counts.get(tab.key)
        return tab.title if count is None or not self._has_room else f"{tab.title} {count:,}"

    def _on_button_clicked(self) -> None:
        self.tab_changed.emit(self.current())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._tabs:
            super().keyPressEvent(event)
            return
        keys = list(self._buttons)
        place = (keys.index(self.current()) + step) % len(keys)
        self.set_current(keys[place])
        self._buttons[keys[place]].setFocus(Qt.FocusReason.TabFocusReason)
        self.tab_changed.emit(keys[place])
