"""The palette's list: groups of lines, one of them chosen."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.shell.palette.choices import Choice, Group
from ui.theme import fonts, icons, metrics, tokens
from ui.widgets.chip import chip_width, paint_chip

_HEAD: Final = 32
_LINE: Final = 50
_EDGE: Final = 8
_ICON: Final = 20
_TEXT_LEFT: Final = 52
_SIDE: Final = 20
_AT_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class Lines(QWidget):
    """Signals: `opened()` when the chosen line was clicked."""

    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self._groups: tuple[Group, ...] = ()
        self._choices: list[tuple[Group, Choice]] = []
        self._chosen = 0

    def show_groups(self, groups: Sequence[Group]) -> None:
        """Show these; the first line is the chosen one."""
        self._groups = tuple(group for group in groups if group.choices)
        self._choices = [(group, choice) for group in self._groups for choice in group.choices]
        self._chosen = 0
        self.setFixedHeight(max(1, self._height()))
        self._changed()

    def chosen(self) -> tuple[Group, Choice] | None:
        return self._choices[self._chosen] if self._choices else None

    def step(self, by: int) -> None:
        """Choose another line; behind the last comes the first."""
        if self._choices:
            self._chosen = (self._chosen + by) % len(self._choices)
            self._changed()

    def chosen_rect(self) -> QRect:
        """Where the chosen line stands, with its group's title if it is the first there."""
        if not self._choices:
            return QRect()
        rect = self._rects()[self._chosen]
        is_first = self._choices[self._chosen][0].choices[0] is self._choices[self._chosen][1]
        return rect.adjusted(0, -_HEAD, 0, _EDGE) if is_first else rect.adjusted(0, 0, 0, _EDGE)

    def sizeHint(self) -> QSize:
        return QSize(320, self._height())

    def _height(self) -> int:
        return len(self._groups) * _HEAD + len(self._choices) * _LINE + (_EDGE if self._groups else 0)

    def _rects(self) -> list[QRect]:
        found, top = [], 0
        for group in self._groups:
            top += _HEAD
            for _ in group.choices:
                found.append(QRect(_EDGE, top, self.width() - 2 * _EDGE, _LINE))
                top += _LINE
        return found

    def _changed(self) -> None:
        chosen = self.chosen()
        self.setAccessibleName("" if chosen is None else f"{chosen[0].title}: {chosen[1].title} {chosen[1].note}")
        self.update()

    # Qt's side

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = 0
        for group in self._groups:
            room = QRectF(_SIDE, top + 4, self.width() - 2 * _SIDE, _HEAD - 4)
            painter.setFont(fonts.font(metrics.NOTE, fonts.STRONG))
            painter.setPen(tokens.color("text2"))
            painter.drawText(room, _AT_LEFT, f"{group.title}   {group.count}")
            top += _HEAD + len(group.choices) * _LINE
        for place, (rect, (_, choice)) in enumerate(zip(self._rects(), self._choices, strict=True)):
            self._paint(painter, rect, choice, is_chosen=place == self._chosen)

    def _paint(self, painter: QPainter, rect: QRect, choice: Choice, *, is_chosen: bool) -> None:
        if is_chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.color("accent_soft"))
            painter.drawRoundedRect(QRectF(rect), metrics.RADIUS_CONTROL, metrics.RADIUS_CONTROL)
        ink = "accent_text" if is_chosen else "text2"
        icons.paint(painter, QRect(_SIDE, rect.center().y() - _ICON // 2, _ICON, _ICON), choice.icon, ink)
        right = rect.right() - _EDGE
        if choice.mark is not None:
            text, tone = choice.mark
            right -= round(chip_width(text)) + _EDGE
            paint_chip(painter, QRectF(right + _EDGE, rect.top(), chip_width(text), rect.height()), text, tone)
        room = right - _TEXT_LEFT
        weight = fonts.STRONG if is_chosen else fonts.REGULAR
        top = 5 if choice.note else (_LINE - 22) // 2
        self._say(painter, QRect(_TEXT_LEFT, rect.top() + top, room, 22), choice.title, (metrics.ROW, weight), "text")
        self._say(painter, QRect(_TEXT_LEFT, rect.top() + 26, room, 18), choice.note, (metrics.NOTE, fonts.REGULAR))

    def _say(
        self, painter: QPainter, room: QRect, text: str, look: tuple[int, QFont.Weight], ink: str = "text2"
    ) -> None:
        painter.setFont(fonts.font(*look))
        painter.setPen(tokens.color(ink))
        painter.drawText(room, _AT_LEFT, fonts.cut(text, room.width(), *look)[0])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._choose_at(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._choose_at(event.position().toPoint()):
            self.opened.emit()

    def _choose_at(self, point: QPoint) -> bool:
        for place, rect in enumerate(self._rects()):
            if rect.contains(point):
                if place != self._chosen:
                    self._chosen = place
                    self._changed()
                return True
        return False
