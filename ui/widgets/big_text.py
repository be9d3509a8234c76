"""One line that is read from two metres: as large as wanted, smaller only when it does not fit."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import fonts, tokens

LEAST: Final = 28
"""Nothing that is needed to act is smaller."""
_LINE: Final = 1.38


class BigText(QWidget):
    """Text that shrinks before it is cut; what is cut stands whole in the tool tip.

    Attributes: `pixels` (the wanted size), `least`.
    """

    def __init__(
        self,
        pixels: int,
        token: str = "text",
        weight: QFont.Weight = fonts.BOLD,
        least: int = LEAST,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.pixels = pixels
        self.least = min(least, pixels)
        self._text = ""
        self._token = token
        self._weight = weight
        self._align = Qt.AlignmentFlag.AlignLeft
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        return self._text

    def set_text(self, text: str, token: str = "") -> None:
        """Show another text, in another colour if one is named; without a text there is no line."""
        self._text = text
        self._token = token or self._token
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def set_pixels(self, pixels: int) -> None:
        """Another wanted size, as on a low screen."""
        if pixels != self.pixels:
            self.pixels = pixels
            self.updateGeometry()
            self.update()

    def set_centred(self) -> None:
        self._align = Qt.AlignmentFlag.AlignHCenter

    def shown_pixels(self) -> int:
        """The size at which the text fits now."""
        return fitting(self._text, self.pixels, self.least, self.width(), self._weight)

    def sizeHint(self) -> QSize:
        advance = QFontMetricsF(fonts.font(self.pixels, self._weight)).horizontalAdvance(self._text)
        return QSize(round(advance + 1), round(self.pixels * _LINE))

    def minimumSizeHint(self) -> QSize:
        return QSize(24, round(self.pixels * _LINE))

    def paintEvent(self, event: QPaintEvent) -> None:
        font = fonts.font(self.shown_pixels(), self._weight)
        painter = QPainter(self)
        painter.setFont(font)
        painter.setPen(tokens.color(self._token))
        shown = QFontMetricsF(font).elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip("" if shown == self._text else self._text)
        painter.drawText(QRectF(self.rect()), int(self._align | Qt.AlignmentFlag.AlignVCenter), shown)


def fitting(text: str, wanted: int, least: int, width: int, weight: QFont.Weight = fonts.BOLD) -> int:
    """The largest size between two at which a text fits into a width."""
    advance = QFontMetricsF(fonts.font(wanted, weight)).horizontalAdvance(text)
    if advance <= width or advance <= 0:
        return wanted
    return max(least, min(wanted, int(wanted * width / advance)))
