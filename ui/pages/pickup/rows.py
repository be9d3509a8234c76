"""Rows of people: who is to come, and who has been. Painted whole, pressed by mouse or keyboard."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.desk.pickup import Collected, Expected
from app.domain.pickup.model import PickupState
from app.kernel.i18n import tr
from ui.pages.pickup import wording
from ui.theme import fonts, metrics, tokens
from ui.widgets.chip import chip_width, paint_chip

HEIGHT: Final = 44
HEIGHT_LOW: Final = 40
HEIGHT_FOUND: Final = 64
_HEAD: Final = 56
_SIDE: Final = 18


@dataclass(frozen=True, slots=True)
class RowWords:
    """What a row says: ``head`` stands out at the left, ``tail`` is muted at the right, or ``chip`` stands there."""

    order_id: str
    head: str
    name: str
    below: str
    tail: str
    head_token: str = "text2"
    chip: str = ""


def of_expected(row: Expected, today: date, phone: str = "") -> RowWords:
    """A slot in green for what stands ready, and the word for preparing for what does not."""
    is_ready = row.state is PickupState.READY
    head = (row.shelf or tr("Ready")) if is_ready else tr("Prep")
    below = " · ".join(part for part in (phone, wording.goods_of(row)) if part)
    return RowWords(
        row.order_id,
        head,
        row.name or row.no,
        below,
        wording.slot(row.slot, today),
        "accent_text" if is_ready else "text2",
    )


def of_collected(row: Collected) -> RowWords:
    """When, who, from which place, at which counter; what is not confirmed yet says so."""
    shelf = tr("Stood at {shelf}", shelf=row.shelf) if row.shelf else ""
    counter = wording.counter(row.counter_no)
    if row.is_syncing:
        below = " · ".join(part for part in (shelf, counter) if part)
        return RowWords(row.order_id, wording.clock(row.happened_at), row.name, below, "", chip=tr("Not synced"))
    return RowWords(row.order_id, wording.clock(row.happened_at), row.name, shelf, counter)


class PersonRow(QAbstractButton):
    """One row; lit while the large card speaks of it."""

    def __init__(self, words: RowWords, height: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = words
        self._is_lit = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_words(words)

    def show_words(self, words: RowWords) -> None:
        self.words = words
        said = (words.head, words.name, words.below, words.tail, words.chip)
        self.setText(" ".join(part for part in said if part))
        self.setAccessibleName(self.text())
        self.update()

    def set_lit(self, is_lit: bool) -> None:
        self._is_lit = is_lit
        self.update()

    def is_lit(self) -> bool:
        return self._is_lit

    def sizeHint(self) -> QSize:
        return QSize(280, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._is_lit or self.underMouse():
            painter.fillRect(self.rect(), tokens.color("warn_soft" if self._is_lit else "hover"))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), tokens.color("border"))
        right = self._paint_tail(painter)
        head = fonts.font(metrics.STRONG - 1, fonts.STRONG)
        self._line(painter, head, self.words.head_token, QRect(_SIDE, 0, _HEAD, self.height()), self.words.head)
        left, middle = _SIDE + _HEAD, self.height() // 2
        width = right - left - metrics.SPACE_S
        name = fonts.font(metrics.ROW, fonts.STRONG)
        self._line(painter, name, "text", QRect(left, middle - 20, width, 20), self.words.name)
        self._line(painter, fonts.font(metrics.NOTE), "text2", QRect(left, middle, width, 18), self.words.below)
        if self.hasFocus():
            painter.setPen(QPen(tokens.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 1, -2, -2), 6, 6)

    def _paint_tail(self, painter: QPainter) -> int:
        if self.words.chip:
            width = chip_width(self.words.chip, has_dot=False)
            left = self.width() - _SIDE - width
            paint_chip(painter, QRectF(left, 0, width, self.height()), self.words.chip, "amber", has_dot=False)
            return round(left)
        font = fonts.font(metrics.BODY)
        width = QFontMetrics(font).horizontalAdvance(self.words.tail) + 2
        left = self.width() - _SIDE - width
        self._line(painter, font, "text2", QRect(left, 0, width, self.height()), self.words.tail)
        return left

    @staticmethod
    def _line(painter: QPainter, font: QFont, token: str, room: QRect, text: str) -> None:
        painter.setFont(font)
        painter.setPen(tokens.color(token))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), shown)
