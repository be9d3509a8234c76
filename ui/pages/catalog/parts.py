"""Small parts that the products page and its dialogs share."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLayout, QWidget

from app.desk.queries import CategoryNode
from ui.theme import icons, metrics
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.icon_label import IconLabel
from ui.widgets.text import label
from ui.widgets.tile import paint_tile

NoticeKind: TypeAlias = Literal["accent", "warn", "danger", "info"]
_MARKS = {
    "accent": ("done", "accent_text"),
    "warn": ("warning", "warn"),
    "danger": ("issue", "danger"),
    "info": ("info", "info"),
}


class Notice(Card):
    """A tinted note with an icon; hidden while it has nothing to say.

    Attributes: `text_label`.
    """

    def __init__(self, kind: NoticeKind, parent: QWidget | None = None) -> None:
        super().__init__(kind=kind, padding=metrics.SPACE_M, parent=parent)
        self.text_label = label("", "body", wraps=True)
        across = QHBoxLayout()
        across.setSpacing(metrics.SPACE_S)
        across.addWidget(IconLabel(*_MARKS[kind], 18), 0, Qt.AlignmentFlag.AlignTop)
        across.addWidget(self.text_label, 1)
        self.body.addLayout(across)
        self.hide()

    def say(self, text: str) -> None:
        """Say something, or nothing with an empty text."""
        self.text_label.setText(text)
        self.setVisible(bool(text))


class ChoiceBox(QComboBox):
    """One of several (key, word) pairs; the style sheet leaves the arrow to us."""

    def __init__(self, choices: Sequence[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.set_choices(choices)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer these; the chosen one stays chosen."""
        before = self.key()
        self.blockSignals(True)
        self.clear()
        for key, word in choices:
            self.addItem(word, key)
        self.blockSignals(False)
        self.choose(before)

    def key(self) -> str:
        return str(self.currentData() or "")

    def choose(self, key: str) -> None:
        self.setCurrentIndex(max(0, self.findData(key)))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        icons.paint(QPainter(self), QRect(self.width() - 28, (self.height() - 16) // 2, 16, 16), "down", "text2")


class Tile(QWidget):
    """The coloured square before a product."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self.setFixedSize(40, 40)

    def set_text(self, text: str) -> None:
        self._text = text
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_tile(QPainter(self), QRectF(self.rect()), self._text)


def category_choices(nodes: Sequence[CategoryNode]) -> list[tuple[str, str]]:
    """Categories for a box, those below others set in."""
    return [(node.category.id, "\u3000" * node.depth + node.category.name) for node in nodes]


def fit(dialog: QDialog) -> None:
    """Make a dialog as high as what it says now."""
    layout = dialog.layout()
    if layout is not None:
        layout.activate()
    dialog.adjustSize()


def button_row(note: str, *buttons: Button) -> QHBoxLayout:
    """What stands at the foot of a dialog."""
    row = QHBoxLayout()
    row.setSpacing(metrics.SPACE_S)
    row.addWidget(label(note, "note"), 1)
    for button in buttons:
        button.setAutoDefault(True)
        row.addWidget(button)
    return row


def empty_out(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while item := layout.takeAt(0):
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
