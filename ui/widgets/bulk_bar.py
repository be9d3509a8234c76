"""The dark bar that appears while rows are ticked: how many, what can be done, and how to stop."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.kernel.i18n import tr
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.text import label


@dataclass(frozen=True)
class BulkAction:
    """Something that can be done to all ticked rows."""

    key: str
    text: str
    icon: str = ""


class BulkBar(QFrame):
    """Hidden until `set_selection` is told of at least one row.

    Signals: `action_chosen(object)` carries the key; `cancelled()`.
    """

    action_chosen = Signal(object)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "bar")
        self.setFixedHeight(52)
        self._count = label("", "strong")
        self._note = label("", "note")
        self._cancel = Button("", "bar", parent=self)
        self._cancel.clicked.connect(self._on_cancel_clicked)
        self._buttons: list[Button] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(metrics.SPACE_L, 0, metrics.SPACE_S, 0)
        self._row.setSpacing(metrics.SPACE_XS)
        self._row.addWidget(self._count)
        self._row.addSpacing(metrics.SPACE_S)
        self._row.addStretch(1)
        self._row.addWidget(self._note)
        self._row.addWidget(self._cancel)
        self.hide()
        self.retranslate()

    def set_actions(self, actions: Sequence[BulkAction]) -> None:
        """Offer these, in this order; a verb that opens a dialog ends in …."""
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        for place, action in enumerate(actions):
            button = Button(action.text, "bar", action.icon, self)
            button.setProperty("action_key", action.key)
            button.clicked.connect(self._on_action_clicked)
            self._row.insertWidget(2 + place, button)
            self._buttons.append(button)

    def set_selection(self, text: str, note: str = "") -> None:
        """Say what is ticked, as "4 selected"; an empty text hides the bar."""
        self._count.setText(text)
        self._note.setText(note)
        self.setVisible(bool(text))

    def retranslate(self) -> None:
        """Say the bar's own button again in the language of now."""
        self._cancel.setText(tr("Clear selection"))

    def _on_action_clicked(self) -> None:
        button = self.sender()
        if button is not None:
            self.action_chosen.emit(button.property("action_key"))

    def _on_cancel_clicked(self) -> None:
        self.cancelled.emit()
