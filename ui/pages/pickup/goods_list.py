"""The goods of a verdict, one large line for each; what does not fit is scrolled to, and its number is said."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.kernel.i18n import tr
from ui.pages.pickup.verdict import Goods
from ui.theme import fonts, metrics, tokens
from ui.widgets.big_text import LEAST, fitting
from ui.widgets.text import label
from ui.widgets.tile import paint_tile

TITLE: Final = 32
TITLE_LOW: Final = 30
COUNT: Final = 36
_TILE: Final = 56
_ROW: Final = 68
_PLACE: Final = LEAST
_FADED: Final = 0.5
_TIMES: Final = "×"


class GoodsRow(QWidget):
    """Tile, name, where it lies, and how many."""

    def __init__(self, goods: Goods, pixels: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.goods = goods
        self._pixels = pixels
        self.setFixedHeight(_ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        left_out = tr("not this time") if goods.is_missing else ""
        self.setAccessibleName(" ".join(part for part in (goods.title, f"{_TIMES}{goods.qty}", left_out) if part))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(_FADED if self.goods.is_missing else 1.0)
        paint_tile(painter, QRectF(0, (_ROW - _TILE) / 2, _TILE, _TILE), self.goods.title)
        painter.setOpacity(1.0)
        ink = tokens.color("text3" if self.goods.is_missing else "text")
        painter.setPen(ink)
        right = self._paint_count(painter)
        left = _TILE + metrics.SPACE_L
        if self.goods.place:
            font = fonts.font(_PLACE, fonts.BOLD)
            width = QFontMetricsF(font).horizontalAdvance(self.goods.place)
            painter.setFont(font)
            painter.setPen(tokens.color("accent_text"))
            place = QRectF(right - width, 0, width, _ROW)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), self.goods.place)
            painter.setPen(ink)
            right -= width + metrics.SPACE_L
        room = QRectF(left, 0, right - left, _ROW)
        pixels = fitting(self.goods.title, self._pixels, LEAST, int(room.width()), fonts.REGULAR)
        font = fonts.font(pixels)
        font.setStrikeOut(self.goods.is_missing)
        painter.setFont(font)
        shown = QFontMetricsF(font).elidedText(self.goods.title, Qt.TextElideMode.ElideRight, room.width())
        self.setToolTip("" if shown == self.goods.title else self.goods.title)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), shown)

    def _paint_count(self, painter: QPainter) -> float:
        """The number is never cut; answers where the room before it ends."""
        text = f"{_TIMES}{self.goods.qty}"
        font = fonts.font(COUNT, fonts.BOLD)
        font.setStrikeOut(self.goods.is_missing)
        width = QFontMetricsF(font).horizontalAdvance(text) + 2
        painter.setFont(font)
        painter.drawText(QRectF(self.width() - width, 0, width, _ROW), int(Qt.AlignmentFlag.AlignVCenter), text)
        return self.width() - width - metrics.SPACE_L


class GoodsList(QWidget):
    """Attributes: `rows`, `more_label` (how many lie below what is in sight)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[GoodsRow] = []
        self._pixels = TITLE
        self._goods: tuple[Goods, ...] = ()
        self.more_label = label("", "emphasis", "warn")
        self._inner = QWidget()
        self._inner.setProperty("ground", "clear")
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._area = QScrollArea(self)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        self._area.setWidget(self._inner)
        self._area.verticalScrollBar().valueChanged.connect(self._say_more)
        self._area.verticalScrollBar().rangeChanged.connect(self._say_more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(metrics.SPACE_XS)
        column.addWidget(self._area, 1)
        column.addWidget(self.more_label)

    def set_low(self, *, is_low: bool) -> None:
        pixels = TITLE_LOW if is_low else TITLE
        if pixels != self._pixels:
            self._pixels = pixels
            self.show_goods(self._goods)

    def show_goods(self, goods: Sequence[Goods]) -> None:
        self._goods = tuple(goods)
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [GoodsRow(line, self._pixels, self._inner) for line in goods]
        for place, row in enumerate(self.rows):
            self._column.insertWidget(place, row)
            row.show()
        is_long = len(self.rows) > 1
        # The line below keeps its place as soon as it may be needed, or its coming would change what it counts.
        policy = self.more_label.sizePolicy()
        policy.setRetainSizeWhenHidden(is_long)
        self.more_label.setSizePolicy(policy)
        # Only a list that can be longer than its place takes the keyboard.
        self._area.setFocusPolicy(Qt.FocusPolicy.TabFocus if is_long else Qt.FocusPolicy.NoFocus)
        self._area.setAccessibleName(tr("Goods of the order"))
        self._area.verticalScrollBar().setValue(0)
        self._say_more()

    def _say_more(self) -> None:
        bar = self._area.verticalScrollBar()
        below = max(0, -(-(bar.maximum() - bar.value()) // _ROW))
        self.more_label.setText(tr("↓ {count} more kinds below", count=below) if below else "")
        self.more_label.setVisible(below > 0)

    def sizeHint(self) -> QSize:
        return QSize(400, _ROW * max(1, len(self.rows)))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, _ROW)
