"""A key and what it does."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import fonts, metrics, tokens

_HEIGHT: Final = 24
_SIDE: Final = 9
_GAP: Final = 8


class KeyHint(QWidget):
    """A drawn keycap with a word beside it."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        return self._text

    def set_text(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(f"{self._keys} {text}")
        self.updateGeometry()
        self.update()

    def _cap_width(self) -> int:
        return QFontMetrics(fonts.font(metrics.NOTE)).horizontalAdvance(self._keys) + 2 * _SIDE

    def sizeHint(self) -> QSize:
        words = QFontMetrics(fonts.font(metrics.ROW)).horizontalAdvance(self._text)
        return QSize(self._cap_width() + _GAP + words + 2, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cap = QRectF(0.5, 1.5, self._cap_width() - 1, _HEIGHT - 3)
        painter.setPen(tokens.color("border2"))
        painter.setBrush(tokens.color("surface2"))
        painter.drawRoundedRect(cap, 5, 5)
        painter.setFont(fonts.font(metrics.NOTE))
        painter.setPen(tokens.color("text2"))
        painter.drawText(cap, int(Qt.AlignmentFlag.AlignCenter), self._keys)
        painter.setFont(fonts.font(metrics.ROW))
        room = QRectF(cap.right() + _GAP, 0, self.width() - cap.right() - _GAP, _HEIGHT)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), self._text)
