"""The box before a row that can be ticked."""

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from ui.theme import tokens
from ui.widgets.drawn import begun

BOX: Final = 16
BOX_ROOM: Final = 40
_TICK: Final = (QPointF(4.2, 8.2), QPointF(7, 11), QPointF(11.8, 5.4))
_DASH: Final = (QPointF(4.5, 8), QPointF(11.5, 8))
EDGE: Final = 1
"""Its outline is a little wider than itself: so much room is left around it in its image."""


def paint_box(painter: QPainter, target: QRect, state: Qt.CheckState) -> None:
    """Draw a tick box of the program's own look."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    is_empty = state == Qt.CheckState.Unchecked
    painter.setPen(QPen(tokens.color("text3" if is_empty else "fill"), 1.2))
    painter.setBrush(tokens.color("surface" if is_empty else "fill"))
    painter.drawRoundedRect(QRectF(target).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    if not is_empty:
        painter.setPen(QPen(tokens.color("on_accent"), 2, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        painter.translate(target.topLeft())
        painter.drawPolyline(_TICK if state == Qt.CheckState.Checked else _DASH)
    painter.restore()


def box_image(state: Qt.CheckState, scale: float) -> QImage:
    """The box with its `EDGE`, in the colours of now."""
    return _box_image(state, scale, tokens.current())


@lru_cache(32)
def _box_image(state: Qt.CheckState, scale: float, _theme: str) -> QImage:
    image, painter = begun(BOX + 2 * EDGE, BOX + 2 * EDGE, scale)
    paint_box(painter, QRect(EDGE, EDGE, BOX, BOX), state)
    painter.end()
    return image
