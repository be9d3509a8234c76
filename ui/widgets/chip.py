"""Status chips: a word on a tinted ground with a dot, never colour alone."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import fonts, metrics, tokens
from ui.theme.tokens import Tone

HEIGHT = 24
_SIDE = 12.0
_DOT = 3.0
_DOT_ROOM = 10.0
_ANY_ROOM = 100_000.0


def chip_width(text: str, has_dot: bool = True) -> float:
    """How wide the chip with this word is."""
    advance = fonts.cut(text, _ANY_ROOM, metrics.NOTE, fonts.STRONG)[1]
    return advance + 2 * _SIDE + (_DOT_ROOM if has_dot else 0.0)


def paint_chip(painter: QPainter, target: QRectF, text: str, tone: Tone, has_dot: bool = True) -> None:
    """Draw a chip at the left of `target`, centred in its height and shortened to its width."""
    width = min(chip_width(text, has_dot), target.width())
    ground = QRectF(target.left(), target.center().y() - HEIGHT / 2, width, HEIGHT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tokens.color(f"chip_{tone}"))
    painter.drawRoundedRect(ground, HEIGHT / 2, HEIGHT / 2)
    ink = tokens.color(f"chip_{tone}_text")
    left = ground.left() + _SIDE
    if has_dot:
        painter.setBrush(ink)
        painter.drawEllipse(QPointF(left + _DOT, ground.center().y()), _DOT, _DOT)
        left += _DOT_ROOM
    painter.setFont(fonts.shared(metrics.NOTE, fonts.STRONG)[0])
    painter.setPen(ink)
    room = QRectF(left, ground.top(), ground.right() - _SIDE - left + 1, HEIGHT)
    shown = fonts.cut(text, room.width(), metrics.NOTE, fonts.STRONG)[0]
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
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
