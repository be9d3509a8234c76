"""Status chips: a word on a tinted ground with a dot, never colour alone."""

from functools import lru_cache
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import fonts, metrics, tokens
from ui.theme.tokens import Tone
from ui.widgets.drawn import begun

HEIGHT = 24
_SIDE = 12.0
_DOT = 3.0
_DOT_ROOM = 10.0
_ANY_ROOM = 100_000.0


def chip_width(text: str, has_dot: bool = True) -> float:
    """How wide the chip with this word is."""
    advance = fonts.cut(text, _ANY_ROOM, metrics.NOTE, fonts.STRONG)[1]
    return advance + 2 * _SIDE + (_DOT_ROOM if has_dot else 0.0)


class Laid(NamedTuple):
    """How a chip is divided: its width, where its word begins, and as much of the word as it holds."""

    width: float
    text_left: float
    text: str


def laid(text: str, width: float, has_dot: bool = True) -> Laid:
    """A chip with this word that is so wide."""
    left = _SIDE + (_DOT_ROOM if has_dot else 0.0)
    return Laid(width, left, fonts.cut(text, width - _SIDE - left + 1, metrics.NOTE, fonts.STRONG)[0])


def ground_image(width: float, tone: Tone, has_dot: bool, scale: float) -> QImage:
    """A chip without its word, in the colours of now, for a screen of this pixel ratio."""
    return _ground_image(width, tokens.value(f"chip_{tone}"), tokens.value(f"chip_{tone}_text"), has_dot, scale)


@lru_cache(512)
def _ground_image(width: float, color: str, ink: str, has_dot: bool, scale: float) -> QImage:
    image, painter = begun(max(1, ceil(width)), HEIGHT, scale)
    _paint_ground(painter, QRectF(0, 0, width, HEIGHT), QColor(color), QColor(ink) if has_dot else None)
    painter.end()
    return image


def _paint_ground(painter: QPainter, ground: QRectF, color: QColor, dot: QColor | None) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(ground, HEIGHT / 2, HEIGHT / 2)
    if dot is not None:
        painter.setBrush(dot)
        painter.drawEllipse(QPointF(ground.left() + _SIDE + _DOT, ground.center().y()), _DOT, _DOT)


def paint_chip(painter: QPainter, target: QRectF, text: str, tone: Tone, has_dot: bool = True) -> None:
    """Draw a chip at the left of `target`, centred in its height and shortened to its width."""
    chip = laid(text, min(chip_width(text, has_dot), target.width()), has_dot)
    ground = QRectF(target.left(), target.center().y() - HEIGHT / 2, chip.width, HEIGHT)
    ink = tokens.color(f"chip_{tone}_text")
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_ground(painter, ground, tokens.color(f"chip_{tone}"), ink if has_dot else None)
    painter.setFont(fonts.shared(metrics.NOTE, fonts.STRONG)[0])
    painter.setPen(ink)
    room = ground.adjusted(chip.text_left, 0, 1 - _SIDE, 0)
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), chip.text)
    painter.restore()


class Chip(QWidget):
    """A chip that stands in a layout."""

    def __init__(
        self, text: str = "", tone: Tone = "grey", has_dot: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text = text
        self._tone = tone
        self._has_dot = has_dot
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def text(self) -> str:
        """The word on the chip."""
        return self._text

    def set_state(self, text: str, tone: Tone) -> None:
        """Show another word and colour."""
        self._text = text
        self._tone = tone
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(chip_width(self._text, self._has_dot) + 0.5), HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_chip(QPainter(self), QRectF(self.rect()), self._text, self._tone, self._has_dot)
