"""The square before a name: a product's picture, or its first sign on a colour until there is one."""

from functools import lru_cache
from typing import Final
from zlib import crc32

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme import fonts
from ui.widgets.drawn import begun

# Deep enough for a white sign, in both themes.
_COLORS: Final = ("#7C3AED", "#047857", "#C2410C", "#BE185D", "#A16207", "#1D4ED8", "#0E7490", "#4B5563")
_WHITE: Final = "#FFFFFF"
_RADIUS: Final = 8.0
_KEPT: Final = 512
"""Tiles are drawn once and then shown as they are: their soft corners cost more than the rest of a row."""


def _color_of(text: str) -> str:
    """The same name has the same colour on every computer and after every start."""
    return _COLORS[crc32(text.encode("utf-8")) % len(_COLORS)]


def tile_image(text: str, picture: QImage | None, side: int, scale: float) -> QImage:
    """The tile, so wide, for a screen of this pixel ratio."""
    if picture is None or picture.isNull():
        return _lettered(text[:1], _color_of(text), side, scale)
    return _pictured(_Picture(picture), side, scale)


def paint_tile(painter: QPainter, target: QRectF, text: str, picture: QImage | None = None) -> None:
    """Draw the tile into the square `target`."""
    side = round(target.width())
    image = tile_image(text, picture, side, painter.device().devicePixelRatioF())
    painter.drawImage(QRectF(target.left(), target.top(), side, side), image)


class _Picture:
    """A picture that is known by its content, so that it is cut to its round corners once."""

    def __init__(self, image: QImage) -> None:
        self.image = image
        self._key = image.cacheKey()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Picture) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


@lru_cache(_KEPT)
def _pictured(picture: _Picture, side: int, scale: float) -> QImage:
    image, painter = begun(side, side, scale)
    target, edge = QRectF(0, 0, side, side), min(picture.image.width(), picture.image.height())
    outline = QPainterPath()
    outline.addRoundedRect(target, _RADIUS, _RADIUS)
    painter.setClipPath(outline)
    left, top = (picture.image.width() - edge) / 2, (picture.image.height() - edge) / 2
    painter.drawImage(target, picture.image, QRectF(left, top, edge, edge))
    painter.end()
    return image


@lru_cache(_KEPT)
def _lettered(sign: str, color_name: str, side: int, scale: float) -> QImage:
    image, painter = begun(side, side, scale)
    target, color = QRectF(0, 0, side, side), QColor(color_name)
    outline = QPainterPath()
    outline.addRoundedRect(target, _RADIUS, _RADIUS)
    gradient = QLinearGradient(target.topLeft(), target.bottomRight())
    gradient.setColorAt(0, color.lighter(118))
    gradient.setColorAt(1, color)
    painter.fillPath(outline, gradient)
    painter.setPen(QColor(_WHITE))
    painter.setFont(fonts.font(round(side * 0.42), fonts.STRONG))
    painter.drawText(target, int(Qt.AlignmentFlag.AlignCenter), sign)
    painter.end()
    return image


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
