"""A line over days, the last of them not over yet: it stands by itself, or every morning would look like a crash."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QLinearGradient, QPainter, QPen, QPolygonF

from ui.theme import fonts, metrics, tokens
from ui.widgets.charts.drawing import write
from ui.widgets.charts.scale import ticks

_AXIS: Final = 42.0
_RIGHT: Final = 14.0
_TOP: Final = 22.0
_BOTTOM: Final = 24.0
_NOTE: Final = 18.0
_GAP: Final = 8.0
_WEEK: Final = 7
_STEP: Final = 3.0
_DOT: Final = 5.0
_RIGHT_MIDDLE: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_CENTRE: Final = int(Qt.AlignmentFlag.AlignCenter)


@dataclass(frozen=True)
class Point:
    """A day: its short name under the axis, its value, and what it says when it is pointed at."""

    label: str
    value: int
    text: str


@dataclass(frozen=True)
class LineDrawing:
    """A line over all points but the last, which is still growing.

    Attributes:
        first: where the line begins; what lies before was before there was anything.
        average: a dashed line across, or None.
        most_text, last_text: what is written at the highest of the complete points and at the last one.
        last_label: what stands under the last point.
        unit: the axis counts in whole multiples of it.
        tick_text: how a figure of the axis is written.
    """

    points: tuple[Point, ...]
    first: int
    average: int | None
    most_text: str
    last_text: str
    last_label: str
    unit: int
    tick_text: Callable[[int], str]

    # What is where

    def levels(self) -> tuple[int, ...]:
        """The figures along the axis."""
        values = [point.value for point in self.points] + [self.average or 0]
        return ticks(min(values), max(values), self.unit)

    def place(self, mark: int, area: QRectF) -> QPointF:
        """The point's own place in the area."""
        plot, levels = _plot(area), self.levels()
        x = plot.left() + plot.width() * mark / max(1, len(self.points) - 1)
        return QPointF(x, _height(self.points[mark].value, levels, plot))

    def highest(self) -> int | None:
        """The first of the highest complete points."""
        complete = range(self.first, len(self.points) - 1)
        return max(complete, key=lambda mark: self.points[mark].value, default=None)

    def mark_at(self, point: QPointF, area: QRectF) -> int | None:
        plot = _plot(area)
        if not plot.adjusted(-_GAP, -_TOP, _RIGHT, _BOTTOM).contains(point):
            return None
        share = (point.x() - plot.left()) / plot.width()
        return min(max(round(share * (len(self.points) - 1)), self.first), len(self.points) - 1)

    def anchor(self, mark: int, area: QRectF) -> QPointF:
        return self.place(mark, area)

    def text_of(self, mark: int) -> str:
        return self.points[mark].text

    def step(self, mark: int | None, across: int, down: int) -> int | None:
        if mark is None:
            return len(self.points) - 1
        return min(max(mark + across, self.first), len(self.points) - 1)

    # Painting

    def paint(self, painter: QPainter, area: QRectF, marked: int | None = None) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axes(painter, area)
        self._paint_line(painter, area)
        taken = self._paint_most(painter, area)
        self._paint_last(painter, area, taken)
        if marked is not None:
            self._paint_marked(painter, area, marked)
        painter.restore()

    def _paint_axes(self, painter: QPainter, area: QRectF) -> None:
        plot, levels = _plot(area), self.levels()
        for level in levels:
            y = _height(level, levels, plot)
            painter.setPen(QPen(tokens.color("border2" if level == 0 else "border"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(area.right(), y))
            room = QRectF(area.left(), y - _NOTE / 2, _AXIS - _GAP, _NOTE)
            write(painter, room, self.tick_text(level), ("text2", False), _RIGHT_MIDDLE)
        last = len(self.points) - 1
        for mark in range(0, last - 4, _WEEK):
            self._paint_label(painter, area, mark, self.points[mark].label)
        self._paint_label(painter, area, last, self.last_label)

    def _paint_label(self, painter: QPainter, area: QRectF, mark: int, text: str) -> None:
        is_last = mark == len(self.points) - 1
        width = QFontMetricsF(fonts.font(metrics.NOTE, fonts.STRONG)).horizontalAdvance(text) + 4
        x = min(self.place(mark, area).x() - width / 2, area.right() - width)
        room = QRectF(x, area.bottom() - _NOTE, width, _NOTE)
        write(painter, room, text, ("text" if is_last else "text2", is_last), _CENTRE)

    def _paint_line(self, painter: QPainter, area: QRectF) -> None:
        complete = [self.place(mark, area) for mark in range(self.first, len(self.points) - 1)]
        if self.average is not None:
            plot = _plot(area)
            y = _height(self.average, self.levels(), plot)
            painter.setPen(QPen(tokens.color("text3"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(plot.left(), y), QPointF(area.right(), y))
        if not complete:
            return
        ground = _height(0, self.levels(), _plot(area))
        shade = tokens.color("accent")
        fill = QLinearGradient(0, area.top(), 0, ground)
        shade.setAlpha(46)
        fill.setColorAt(0, shade)
        shade.setAlpha(0)
        fill.setColorAt(1, shade)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        feet = [QPointF(complete[-1].x(), ground), QPointF(complete[0].x(), ground)]
        painter.drawPolygon(QPolygonF([*complete, *feet]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(tokens.color("accent"), 2, j=Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(QPolygonF(complete))
        _dot(painter, complete[-1], 4, "accent", "surface")

    def _paint_most(self, painter: QPainter, area: QRectF) -> QRectF:
        """Name the highest point; answers where that stands."""
        mark = self.highest()
        if mark is None or not self.most_text:
            return QRectF()
        place = self.place(mark, area)
        width = _width(self.most_text, is_strong=True)
        left = min(max(place.x() - width / 2, area.left() + _AXIS), area.right() - width)
        room = QRectF(left, max(place.y() - _NOTE - 5, area.top()), width, _NOTE)
        write(painter, room, self.most_text, ("text", True), _CENTRE)
        return room

    def _paint_last(self, painter: QPainter, area: QRectF, taken: QRectF) -> None:
        place = self.place(len(self.points) - 1, area)
        width = _width(self.last_text, is_strong=False)
        room = self._room_beside(place, width, area, taken)
        # On its own ground: the rules of the axis pass behind it.
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.color("surface"))
        painter.drawRoundedRect(room.adjusted(-3, 1, 1, -1), 4, 4)
        write(painter, room, self.last_text, ("text2", False), _RIGHT_MIDDLE)
        painter.setBrush(tokens.color("surface"))
        painter.setPen(QPen(tokens.color("accent"), 2))
        painter.drawEllipse(place, 4, 4)

    def _room_beside(self, place: QPointF, width: float, area: QRectF, taken: QRectF) -> QRectF:
        """The room nearest to the last point in which nothing is drawn, neither the line nor other words."""
        plot = _plot(area)
        beside = QRectF(place.x() - _GAP - width, place.y() - _NOTE / 2, width, _NOTE)
        way = [point for point in self._way(area) if point.x() > beside.left() - _DOT]
        found = [beside]
        for step in range(1, int(area.height() / _STEP)):
            found += [beside.translated(0, -step * _STEP), beside.translated(0, step * _STEP)]
        for room in found:
            is_inside = room.top() >= area.top() and room.bottom() <= plot.bottom()
            around = room.adjusted(-_DOT, -_DOT + 2, _DOT, _DOT - 2)
            if is_inside and not room.intersects(taken) and not any(around.contains(point) for point in way):
                return room
        return beside

    def _way(self, area: QRectF) -> list[QPointF]:
        """Where the line passes, in steps smaller than any room."""
        places = [self.place(mark, area) for mark in range(self.first, len(self.points) - 1)]
        way = places[-1:]
        for start, end in pairwise(places):
            count = max(1, int(abs(end.x() - start.x()) + abs(end.y() - start.y())) // 3)
            way += [start + (end - start) * (step / count) for step in range(count)]
        return way

    def _paint_marked(self, painter: QPainter, area: QRectF, mark: int) -> None:
        plot, place = _plot(area), self.place(mark, area)
        painter.setPen(QPen(tokens.color("text3"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(place.x(), plot.top()), QPointF(place.x(), plot.bottom()))
        _dot(painter, place, 5, "accent", "surface")


def _plot(area: QRectF) -> QRectF:
    return area.adjusted(_AXIS, _TOP, -_RIGHT, -_BOTTOM)


def _height(value: int, levels: tuple[int, ...], plot: QRectF) -> float:
    return plot.bottom() - plot.height() * (value - levels[0]) / (levels[-1] - levels[0])


def _width(text: str, *, is_strong: bool) -> float:
    font = fonts.font(metrics.NOTE, fonts.STRONG if is_strong else fonts.REGULAR)
    return QFontMetricsF(font).horizontalAdvance(text) + 4


def _dot(painter: QPainter, place: QPointF, radius: float, token: str, edge: str) -> None:
    painter.setPen(QPen(tokens.color(edge), 1.5))
    painter.setBrush(tokens.color(token))
    painter.drawEllipse(place, radius, radius)
