"""Hours across, weekdays down: the more, the deeper the colour."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import tokens
from ui.widgets.charts.drawing import mix, write

_BELOW: Final = 20.0
_GAP: Final = 1.0
_LABEL_EVERY: Final = 3
_SHADES: Final = 5
_LEFT_MIDDLE: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_CENTRE: Final = int(Qt.AlignmentFlag.AlignCenter)


@dataclass(frozen=True)
class HeatDrawing:
    """Counts in rows of equal length; ``ringed`` is the cell that stands out, by row and column.

    Attributes:
        row_labels, column_label: what stands before a row, and under every third column.
        left: the room for the row labels.
        say: what a cell says when it is pointed at.
    """

    cells: tuple[tuple[int, ...], ...]
    row_labels: tuple[str, ...]
    column_label: Callable[[int], str]
    left: float
    ringed: tuple[int, int] | None
    say: Callable[[int, int, int], str]

    @property
    def width(self) -> int:
        return len(self.cells[0])

    def cell(self, mark: int, area: QRectF) -> QRectF:
        """A cell's own rectangle."""
        row, column = divmod(mark, self.width)
        plot = self._plot(area)
        across, down = plot.width() / self.width, plot.height() / len(self.cells)
        whole = QRectF(plot.left() + column * across, plot.top() + row * down, across, down)
        return whole.adjusted(_GAP, _GAP, -_GAP, -_GAP)

    def mark_at(self, point: QPointF, area: QRectF) -> int | None:
        plot = self._plot(area)
        if not plot.contains(point):
            return None
        column = int((point.x() - plot.left()) / plot.width() * self.width)
        row = int((point.y() - plot.top()) / plot.height() * len(self.cells))
        return min(row, len(self.cells) - 1) * self.width + min(column, self.width - 1)

    def anchor(self, mark: int, area: QRectF) -> QPointF:
        return self.cell(mark, area).center()

    def text_of(self, mark: int) -> str:
        row, column = divmod(mark, self.width)
        return self.say(row, column, self.cells[row][column])

    def step(self, mark: int | None, across: int, down: int) -> int | None:
        if mark is None:
            row, column = self.ringed or (0, 0)
            return row * self.width + column
        row, column = divmod(mark, self.width)
        row = min(max(row + down, 0), len(self.cells) - 1)
        return row * self.width + min(max(column + across, 0), self.width - 1)

    def paint(self, painter: QPainter, area: QRectF, marked: int | None = None) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot, most = self._plot(area), max(1, *(max(row) for row in self.cells))
        painter.setPen(Qt.PenStyle.NoPen)
        for mark in range(self.width * len(self.cells)):
            row, column = divmod(mark, self.width)
            painter.setBrush(shade(self.cells[row][column] / most))
            painter.drawRoundedRect(self.cell(mark, area), 3, 3)
        down = plot.height() / len(self.cells)
        for row, label in enumerate(self.row_labels):
            room = QRectF(area.left(), plot.top() + row * down, self.left, down)
            write(painter, room, label, ("text2", False), _LEFT_MIDDLE)
        across = plot.width() / self.width
        for column in range(0, self.width, _LABEL_EVERY):
            middle = plot.left() + (column + 0.5) * across
            room = QRectF(middle - 30, plot.bottom() + 2, 60, _BELOW - 2)
            write(painter, room, self.column_label(column), ("text2", False), _CENTRE)
        if self.ringed is not None:
            self._ring(painter, self.cell(self.ringed[0] * self.width + self.ringed[1], area), "text", 1.5)
        if marked is not None:
            self._ring(painter, self.cell(marked, area), "text", 2)
        painter.restore()

    def _plot(self, area: QRectF) -> QRectF:
        return area.adjusted(self.left, 0, 0, -_BELOW)

    def _ring(self, painter: QPainter, cell: QRectF, token: str, width: float) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(tokens.color(token), width))
        painter.drawRoundedRect(cell, 3, 3)


def shade(share: float) -> QColor:
    """The colour of a share of the most; something is never as pale as nothing."""
    return mix("surface2", "accent", 0.0 if share <= 0 else 0.1 + 0.9 * min(1.0, share))


class HeatLegend(QWidget):
    """From few to many in five steps; the words stand beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(14 * _SHADES, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for place in range(_SHADES):
            painter.setBrush(shade((place + 1) / _SHADES))
            painter.drawRoundedRect(QRectF(14 * place, 0, 12, 10), 3, 3)
