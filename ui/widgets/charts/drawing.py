"""What a chart is: data that paints itself into any rectangle of any device, and knows what stands where.

Screen, print and export use the same paint code; colours are looked up while painting.
"""

from typing import Protocol

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from ui.theme import fonts, metrics, tokens


class Drawing(Protocol):
    """Marks are the things that can be pointed at, by number."""

    def paint(self, painter: QPainter, area: QRectF, marked: int | None = None) -> None:
        """Draw everything, and one mark so that it stands out."""

    def mark_at(self, point: QPointF, area: QRectF) -> int | None:
        """The mark under a point, or nearest to it."""

    def anchor(self, mark: int, area: QRectF) -> QPointF:
        """Where a mark's text belongs."""

    def text_of(self, mark: int) -> str:
        """What a mark says when it is pointed at; lines are parted by line breaks."""

    def step(self, mark: int | None, across: int, down: int) -> int | None:
        """The mark that the arrow keys lead to; None where there is none at all."""


def mix(ground: str, ink: str, share: float) -> QColor:
    """A colour between two tokens, of the moment."""
    first, second = tokens.color(ground), tokens.color(ink)
    parts = (
        (first.red(), second.red()),
        (first.green(), second.green()),
        (first.blue(), second.blue()),
    )
    return QColor(*(round(a + (b - a) * share) for a, b in parts))


def write(painter: QPainter, room: QRectF, text: str, look: tuple[str, bool], side: int) -> None:
    """A note in a chart: ``look`` is its token and whether it is strong."""
    token, is_strong = look
    painter.setFont(fonts.font(metrics.NOTE, fonts.STRONG if is_strong else fonts.REGULAR))
    painter.setPen(tokens.color(token))
    painter.drawText(room, side, text)
