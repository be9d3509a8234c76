"""The coloured band over a verdict: icon, the verdict in large letters, when and at which counter."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.pages.pickup.verdict import Kind, Verdict
from ui.theme import fonts, icons, metrics, tokens
from ui.widgets.big_text import LEAST, fitting

HEIGHT: Final = 104
HEIGHT_LOW: Final = 88
_TITLE: Final = 48
_TITLE_LOW: Final = 44
_ONE_LINE: Final = 31
_ICON: Final = 42
_TICK: Final = (QPointF(13, 21.5), QPointF(18.6, 27), QPointF(29, 15.6))
_TICK_WIDTH: Final = 4
"""Read from two metres: an outline of the icons would be a hair there."""
_ICON_LEFT: Final = 40
_TITLE_LEFT: Final = 110
_RIGHT: Final = 32
_CORNER: Final = metrics.RADIUS_CARD - 1


@dataclass(frozen=True, slots=True)
class Look:
    """Tokens of ground and ink, and the icon that says the same without colour."""

    ground: str
    ink: str
    icon: str
    has_disc: bool = False


LOOKS: Final = {
    Kind.FOUND: Look("surface2", "text", "person"),
    Kind.DONE: Look("fill", "on_accent", "check", has_disc=True),
    Kind.ALREADY: Look("band_amber", "on_band", "history"),
    Kind.ELSEWHERE: Look("band_blue", "on_band", "place"),
    Kind.NOT_READY: Look("band_amber", "on_band", "unready"),
    Kind.REFUSED: Look("band_red", "on_band", "barred"),
}


class Band(QWidget):
    """Speaks the verdict to a screen reader too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = LOOKS[Kind.FOUND]
        self._title = self._time = self._counter = ""
        self._pixels = _TITLE
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_low(is_low=False)

    def set_low(self, *, is_low: bool) -> None:
        self._pixels = _TITLE_LOW if is_low else _TITLE
        self.setFixedHeight(HEIGHT_LOW if is_low else HEIGHT)

    def show_verdict(self, verdict: Verdict) -> None:
        self._look = LOOKS[verdict.kind]
        self._title, self._time, self._counter = verdict.title, verdict.time, verdict.counter
        self.setAccessibleName(verdict.title)
        self.update()

    def title(self) -> str:
        return self._title

    def ground(self) -> str:
        """The token of the colour that is shown."""
        return self._look.ground

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        self._paint_icon(painter)
        right = self._paint_moment(painter)
        room = QRect(_TITLE_LEFT, 0, right - _TITLE_LEFT - metrics.SPACE_L, self.height())
        pixels = fitting(self._title, self._pixels, LEAST, room.width())
        painter.setFont(fonts.font(pixels if pixels > _ONE_LINE else LEAST, fonts.BOLD))
        painter.setPen(tokens.color(self._look.ink))
        # A verdict is never cut: what does not fit into one line that can be read has two.
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextWordWrap.value, self._title)

    def _paint_ground(self, painter: QPainter) -> None:
        area = QRectF(self.rect())
        round_top = QPainterPath()
        round_top.addRoundedRect(area.adjusted(0, 0, 0, _CORNER), _CORNER, _CORNER)
        painter.setClipRect(self.rect())
        painter.fillPath(round_top, tokens.color(self._look.ground))

    def _paint_icon(self, painter: QPainter) -> None:
        place = QRect(_ICON_LEFT, (self.height() - _ICON) // 2, _ICON, _ICON)
        if not self._look.has_disc:
            icons.paint(painter, place, self._look.icon, self._look.ink)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.color(self._look.ink))
        painter.drawEllipse(place)
        painter.translate(place.topLeft())
        ink, solid = tokens.color(self._look.ground), Qt.PenStyle.SolidLine
        painter.setPen(QPen(ink, _TICK_WIDTH, solid, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(_TICK)
        painter.resetTransform()

    def _paint_moment(self, painter: QPainter) -> int:
        """Time over counter at the right; answers where the room for the title ends."""
        painter.setPen(tokens.color(self._look.ink))
        upper, lower = fonts.font(18, fonts.BOLD), fonts.font(metrics.ROW, fonts.STRONG)
        width = max(
            QFontMetrics(upper).horizontalAdvance(self._time), QFontMetrics(lower).horizontalAdvance(self._counter)
        )
        middle, left = self.height() // 2, self.width() - _RIGHT - width
        for font, text, top in ((upper, self._time, middle - 26), (lower, self._counter, middle + 2)):
            painter.setFont(font)
            painter.drawText(QRect(left, top, width, 26), int(Qt.AlignmentFlag.AlignRight), text)
        return left
