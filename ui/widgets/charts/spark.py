"""A small line beside a figure: how it came to be, without axes."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPen, QPolygonF

from ui.theme import tokens


@dataclass(frozen=True)
class SparkDrawing:
    """Values from left to right, the last with a dot; fewer than two draw nothing."""

    values: tuple[int, ...]

    def paint(self, painter: QPainter, area: QRectF, marked: int | None = None) -> None:
        if len(self.values) < 2:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot = area.adjusted(2, 5, -5, -2)
        least, most = min(self.values), max(self.values)
        span = max(1, most - least)
        line = [
            QPointF(plot.left() + plot.width() * n / (len(self.values) - 1), plot.bottom() - plot.height() * h / span)
            for n, h in enumerate(value - least for value in self.values)
        ]
        tint = tokens.color("accent")
        fill = QLinearGradient(0, plot.top(), 0, area.bottom())
        tint.setAlpha(56)
        fill.setColorAt(0, tint)
        tint.setAlpha(0)
        fill.setColorAt(1, tint)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(
            QPolygonF([*line, QPointF(line[-1].x(), area.bottom()), QPointF(line[0].x(), area.bottom())])
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(tokens.color("accent"), 2, j=Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(QPolygonF(line))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.color("accent"))
        painter.drawEllipse(line[-1], 3.5, 3.5)
        painter.restore()

    def mark_at(self, point: QPointF, area: QRectF) -> int | None:
        return None

    def anchor(self, mark: int, area: QRectF) -> QPointF:
        return area.center()

    def text_of(self, mark: int) -> str:
        return ""

    def step(self, mark: int | None, across: int, down: int) -> int | None:
        return None
