"""The orders that came last, as many as there is room for."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.kernel.i18n import tr
from ui.bridge.pictures import PictureShelf
from ui.pages.dashboard import wording
from ui.pages.dashboard.models import ORDERS, NewRow, Target
from ui.theme import fonts, metrics, tokens
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.chip import chip_width, paint_chip
from ui.widgets.text import label
from ui.widgets.tile import paint_tile

_TILE = 32.0
_LEAST_ROW = 46
_MOST_ROW = 60
_HEAD = 44
_TIME = 40.0
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class OrderLine(QAbstractButton):
    """One order on one row, painted whole."""

    def __init__(self, pictures: PictureShelf | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self.row: NewRow | None = None
        self._chip_room = 0.0
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMaximumHeight(_MOST_ROW)

    def show_row(self, row: NewRow, chip_room: float) -> None:
        """Show an order; ``chip_room`` is as wide as the widest state in the list."""
        self.row, self._chip_room = row, chip_room
        said = (f"{row.title} {row.pieces}", row.second, row.delivery, row.amount, row.state, row.time)
        self.setAccessibleName(tr("{words}. Open", words=", ".join(said)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.row is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        if self.underMouse():
            painter.fillRect(area, tokens.color("hover"))
        painter.fillRect(QRectF(0, 0, area.width(), 1), tokens.color("border"))
        if self.hasFocus():
            painter.setPen(QPen(tokens.color("accent"), 2))
            painter.drawRoundedRect(area.adjusted(2, 2, -2, -2), 6, 6)
        self._paint_row(painter, area.adjusted(metrics.SPACE_L, 0, -metrics.SPACE_L, 0), self.row)

    def _paint_row(self, painter: QPainter, area: QRectF, row: NewRow) -> None:
        middle = area.center().y()
        paint_tile(painter, QRectF(area.left(), middle - _TILE / 2, _TILE, _TILE), row.title, self._picture(row))
        right = area.right()
        _write(painter, QRectF(right - _TIME, area.top(), _TIME, area.height()), row.time, ("text2", metrics.NOTE))
        chip = self._chip_room
        right -= _TIME + metrics.SPACE_S + chip
        paint_chip(painter, QRectF(right, area.top(), chip, area.height()), row.state, row.tone)
        strong = fonts.font(metrics.BODY, fonts.STRONG)
        amount = max(76.0, QFontMetricsF(strong).horizontalAdvance(row.amount) + 2)
        right -= metrics.SPACE_M + amount
        painter.setFont(strong)
        painter.setPen(tokens.color("text"))
        painter.drawText(QRectF(right, area.top(), amount, area.height()), _RIGHT, row.amount)
        measure = QFontMetricsF(fonts.font(metrics.NOTE))
        delivery = max(
            measure.horizontalAdvance(wording.short_delivery_word(kind)) for kind in ("express", "pickup", "local")
        )
        right -= metrics.SPACE_M + delivery
        room = QRectF(right, area.top(), delivery + 2, area.height())
        _write(painter, room, row.delivery, ("text2", metrics.NOTE), _LEFT)
        left = area.left() + _TILE + metrics.SPACE_M
        self._paint_goods(painter, QRectF(left, middle - 19, right - metrics.SPACE_S - left, 38), row)

    def _picture(self, row: NewRow) -> QImage | None:
        return self._pictures.image(row.sha256) if self._pictures is not None else None

    def _paint_goods(self, painter: QPainter, room: QRectF, row: NewRow) -> None:
        """The number of pieces is never cut off, the name gives way."""
        measure = QFontMetricsF(fonts.font(metrics.BODY))
        pieces = measure.horizontalAdvance(row.pieces) + 5
        title = measure.elidedText(row.title, Qt.TextElideMode.ElideRight, room.width() - pieces)
        first, second = QRectF(room.left(), room.top(), room.width(), 20), room.adjusted(0, 20, 0, 0)
        _write(painter, first, f"{title} {row.pieces}", ("text", metrics.BODY), _LEFT)
        note = QFontMetricsF(fonts.font(metrics.NOTE))
        shown = note.elidedText(row.second, Qt.TextElideMode.ElideRight, room.width())
        _write(painter, second, shown, ("text2", metrics.NOTE), _LEFT)


class NewestCard(Card):
    """Signals: `target_chosen(object)` carries a `Target`."""

    target_chosen = Signal(object)

    def __init__(self, pictures: PictureShelf | None = None, parent: QWidget | None = None) -> None:
        super().__init__(padding=1, parent=parent)
        self._pictures = pictures
        if pictures is not None:
            pictures.arrived.connect(self._on_pictures_arrived)
        self.body.setSpacing(0)
        self._rows: tuple[NewRow, ...] = ()
        self._lines: list[OrderLine] = []
        self.heading = label("", "card_title")
        self.all_button = Button("", "link", parent=self)
        self.all_button.set_height(28)
        self.all_button.clicked.connect(self._on_all_clicked)
        head = QHBoxLayout()
        head.setContentsMargins(metrics.SPACE_L, metrics.SPACE_S, 10, metrics.SPACE_XS)
        head.addWidget(self.heading)
        head.addStretch(1)
        head.addWidget(self.all_button)
        self.body.addLayout(head)
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self.body.addLayout(self._column, 1)

    def show_rows(self, rows: tuple[NewRow, ...]) -> None:
        self._rows = rows
        self.heading.setText(tr("Newest orders"))
        self.all_button.setText(tr("All orders"))
        while len(self._lines) < len(rows):
            line = OrderLine(self._pictures, self)
            line.clicked.connect(self._on_line_clicked)
            self._lines.append(line)
            self._column.insertWidget(self._column.count() - 1, line, 1_000)
        chip_room = max((chip_width(row.state) for row in rows), default=0.0)
        for line, row in zip(self._lines, rows, strict=False):
            line.show_row(row, chip_room)
        self._share_height()

    def lines(self) -> tuple[OrderLine, ...]:
        """The rows that are shown."""
        return tuple(line for line in self._lines if not line.isHidden())

    def _share_height(self) -> None:
        fitting = max(1, (self.height() - _HEAD) // _LEAST_ROW)
        for place, line in enumerate(self._lines):
            line.setVisible(place < min(fitting, len(self._rows)))

    def _on_pictures_arrived(self, sha256: object) -> None:
        for line in self._lines:
            if line.row is not None and line.row.sha256 == sha256:
                line.update()

    def _on_line_clicked(self) -> None:
        line = self.sender()
        if isinstance(line, OrderLine) and line.row is not None:
            self.target_chosen.emit(Target(ORDERS, line.row.order_id))

    def _on_all_clicked(self) -> None:
        self.target_chosen.emit(Target(ORDERS))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_height()


def _write(painter: QPainter, room: QRectF, text: str, look: tuple[str, int], side: int = _RIGHT) -> None:
    token, size = look
    painter.setFont(fonts.font(size))
    painter.setPen(tokens.color(token))
    painter.drawText(room, side, text)
