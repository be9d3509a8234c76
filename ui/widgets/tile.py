"""The square before a name: a product's picture, or its first sign on a colour until there is one."""

from typing import Final
from zlib import crc32

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme import fonts

# Deep enough for a white sign, in both themes.
_COLORS: Final = ("#7C3AED", "#047857", "#C2410C", "#BE185D", "#A16207", "#1D4ED8", "#0E7490", "#4B5563")
_WHITE: Final = "#FFFFFF"
_RADIUS: Final = 8.0


def tile_color(text: str) -> QColor:
    """The same name has the same colour on every computer and after every start."""
    return QColor(_COLORS[crc32(text.encode("utf-8")) % len(_COLORS)])


def paint_tile(painter: QPainter, target: QRectF, text: str, picture: QImage | None = None) -> None:
    """Draw the tile into the square `target`."""
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    outline = QPainterPath()
    outline.addRoundedRect(target, _RADIUS, _RADIUS)
    if picture is not None and not picture.isNull():
        painter.setClipPath(outline)
        side = min(picture.width(), picture.height())
        middle = QRectF((picture.width() - side) / 2, (picture.height() - side) / 2, side, side)
        painter.drawImage(target, picture, middle)
    else:
        color = tile_color(text)
        gradient = QLinearGradient(target.topLeft(), target.bottomRight())
        gradient.setColorAt(0, color.lighter(118))
        gradient.setColorAt(1, color)
        painter.fillPath(outline, gradient)
        painter.setPen(QColor(_WHITE))
        painter.setFont(fonts.font(round(target.height() * 0.42), fonts.STRONG))
        painter.drawText(target, int(Qt.AlignmentFlag.AlignCenter), text[:1])
    painter.restore()


class Tile(QWidget):
    """The coloured square before a product or an order."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self._picture: QImage | None = None
        self.setFixedSize(40, 40)

    def set_text(self, text: str) -> None:
        self._text = text
        self.update()

    def set_picture(self, picture: QImage | None) -> None:
        """Draw this in the square; without one the first sign of the text stands there."""
        self._picture = picture
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_tile(QPainter(self), QRectF(self.rect()), self._text, self._picture)
