"""A box that offers one of several choices."""

from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QWidget

from ui.theme import icons


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
