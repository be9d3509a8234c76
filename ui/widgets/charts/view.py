"""A chart in a window: pointed at with the mouse or the arrow keys, and telling what it shows to the ear."""

from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import fonts, metrics, tokens
from ui.widgets.charts.drawing import Drawing, write

_LINE: Final = 20.0
_EDGE: Final = 12.0
_AWAY: Final = 10.0
_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Home: (-1_000, 0),
    Qt.Key.Key_End: (1_000, 0),
}


class ChartView(QWidget):
    """Signals: `mark_chosen(object)` carries the number of the mark that was pressed, by mouse or with Enter."""

    mark_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing: Drawing | None = None
        self._marked: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_drawing(self, drawing: Drawing, spoken: str) -> None:
        """Show another state; ``spoken`` is the whole in one sentence, for the ear."""
        self._drawing = drawing
        if self._marked is not None and drawing.step(self._marked, 0, 0) != self._marked:
            self._marked = None
        self.setAccessibleName(spoken)
        self._tell()
        self.update()

    def drawing(self) -> Drawing | None:
        return self._drawing

    def marked(self) -> int | None:
        """What is pointed at."""
        return self._marked

    def image(self, size: QSize, ratio: float = 1.0) -> QImage:
        """The chart as it would be at another size, on the ground of its card."""
        result = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        result.setDevicePixelRatio(ratio)
        result.fill(tokens.color("surface"))
        painter = QPainter(result)
        if self._drawing is not None:
            self._drawing.paint(painter, QRectF(0, 0, size.width(), size.height()))
        painter.end()
        return result

    def _mark(self, mark: int | None) -> None:
        if mark != self._marked:
            self._marked = mark
            self.setCursor(Qt.CursorShape.ArrowCursor if mark is None else Qt.CursorShape.PointingHandCursor)
            self._tell()
            self.update()

    def _tell(self) -> None:
        is_pointed = self._drawing is not None and self._marked is not None
        self.setAccessibleDescription(self._pointed_text().replace("\n", ", ") if is_pointed else "")

    def _pointed_text(self) -> str:
        if self._drawing is None or self._marked is None:
            return ""
        return self._drawing.text_of(self._marked)

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(2, 2, -2, -2)

    def _paint_tip(self, painter: QPainter, drawing: Drawing, mark: int) -> None:
        lines = drawing.text_of(mark).split("\n")
        measure = QFontMetricsF(fonts.font(metrics.NOTE))
        width = max(measure.horizontalAdvance(line) for line in lines) + 2 * _EDGE
        height = _LINE * len(lines) + _EDGE
        at = drawing.anchor(mark, self._area())
        left = at.x() + _AWAY if at.x() + _AWAY + width <= self.width() else at.x() - _AWAY - width
        top = min(max(at.y() - height - _AWAY, 0.0), self.height() - height)
        tip = QRectF(max(0.0, left), top, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.color("bar"))
        painter.drawRoundedRect(tip, metrics.RADIUS_CONTROL, metrics.RADIUS_CONTROL)
        for number, line in enumerate(lines):
            room = QRectF(tip.left() + _EDGE, tip.top() + _EDGE / 2 + number * _LINE, width, _LINE)
            write(painter, room, line, ("on_bar", number == 0), int(Qt.AlignmentFlag.AlignVCenter))

    # Qt's side

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._drawing is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._drawing.paint(painter, self._area(), self._marked)
        if self._marked is not None:
            self._paint_tip(painter, self._drawing, self._marked)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drawing is not None:
            self._mark(self._drawing.mark_at(event.position(), self._area()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._drawing is None or event.button() != Qt.MouseButton.LeftButton:
            return
        mark = self._drawing.mark_at(event.position(), self._area())
        if mark is not None:
            self.mark_chosen.emit(mark)

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self._mark(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._mark(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self._drawing is not None and key in _ARROWS:
            self._mark(self._drawing.step(self._marked, *_ARROWS[key]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._marked is not None:
            self.mark_chosen.emit(self._marked)
        elif key == Qt.Key.Key_Escape and self._marked is not None:
            self._mark(None)
        else:
            super().keyPressEvent(event)
