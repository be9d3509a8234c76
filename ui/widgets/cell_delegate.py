"""Paints the cells of a paged table: tile, two lines, chips, box, and the rule below."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.theme import fonts, icons, metrics, tokens
from ui.widgets.cell import Cell, CellRole
from ui.widgets.chip import chip_width, paint_chip
from ui.widgets.paged_table import CellLook, PagedModel
from ui.widgets.tile import paint_tile

BOX: Final = 16
BOX_ROOM: Final = 40
_PADDING: Final = 12
_LINE_FIRST: Final = 20
_LINE_SECOND: Final = 18
_SELECTED: Final = QStyle.StateFlag.State_Selected
_UNDER_MOUSE: Final = QStyle.StateFlag.State_MouseOver
_AnyIndex = QModelIndex | QPersistentModelIndex


def paint_box(painter: QPainter, target: QRect, state: Qt.CheckState) -> None:
    """Draw a tick box of the program's own look."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    is_empty = state == Qt.CheckState.Unchecked
    painter.setPen(QPen(tokens.color("text3" if is_empty else "fill"), 1.2))
    painter.setBrush(tokens.color("surface" if is_empty else "fill"))
    painter.drawRoundedRect(QRectF(target).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    if not is_empty:
        name = "check" if state == Qt.CheckState.Checked else "less"
        icons.paint(painter, target.adjusted(2, 2, -2, -2), name, "on_accent")
    painter.restore()


class CellDelegate(QStyledItemDelegate):
    """Reads `CellRole.CELL`; None is a row that is still on its way."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        look = _look(index)
        painter.save()
        self._paint_ground(painter, option, look)
        area = option.rect.adjusted(_PADDING, 0, -_PADDING, -1)
        if look.column == 0:
            area.setLeft(area.left() + 4)
            if look.check is not None:
                box = QRect(area.left(), area.center().y() - BOX // 2, BOX, BOX)
                paint_box(painter, box, look.check)
                area.setLeft(area.left() + BOX + _PADDING)
        if look.cell is not None:
            self._paint_cell(painter, area, look.cell, look.side)
        else:
            self._paint_placeholder(painter, area)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, look: CellLook) -> None:
        rect = option.rect
        is_selected = bool(option.state & _SELECTED)
        if is_selected or look.check == Qt.CheckState.Checked:
            painter.fillRect(rect, tokens.color("selected"))
        elif option.state & _UNDER_MOUSE:
            painter.fillRect(rect, tokens.color("hover"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), tokens.color("border"))
        if is_selected and look.column == 0:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height() - 1), tokens.color("accent"))

    def _paint_placeholder(self, painter: QPainter, area: QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.color("border"))
        width = min(area.width(), 96)
        painter.drawRoundedRect(QRectF(area.left(), area.center().y() - 4, width, 8), 4, 4)

    def _paint_cell(self, painter: QPainter, area: QRect, cell: Cell, side: int) -> None:
        if cell.tile or cell.picture is not None:
            edge = min(40, area.height() - 12)
            square = QRectF(area.left(), area.center().y() - edge / 2, edge, edge)
            paint_tile(painter, square, cell.tile, cell.picture)
            area = area.adjusted(edge + _PADDING, 0, 0, 0)
        if cell.marks and not cell.text:
            self._paint_marks(painter, QRectF(area), cell)
            return
        height = _LINE_FIRST + (_LINE_SECOND if cell.second else 0)
        top = area.center().y() - height // 2 + 1
        first = QRect(area.left(), top, area.width(), _LINE_FIRST)
        room = sum(chip_width(mark.text, mark.has_dot) + 6 for mark in cell.marks)
        size = metrics.BODY
        shown = self._paint_line(painter, first.adjusted(0, 0, -round(room), 0), cell, side, size)
        if cell.marks:
            self._paint_marks(painter, QRectF(first).adjusted(shown + 8, 0, 0, 0), cell)
        if cell.second:
            painter.setFont(fonts.shared(metrics.NOTE)[0])
            painter.setPen(tokens.color(cell.second_token))
            below = QRect(area.left(), top + _LINE_FIRST, area.width(), _LINE_SECOND)
            # Numbers and counts stand there: their ends say most.
            middle = Qt.TextElideMode.ElideMiddle
            painter.drawText(below, side, fonts.cut(cell.second, below.width(), metrics.NOTE, fonts.REGULAR, middle)[0])

    def _paint_line(self, painter: QPainter, line: QRect, cell: Cell, side: int, size: int) -> float:
        weight = fonts.STRONG if cell.is_strong else fonts.REGULAR
        painter.setFont(fonts.shared(size, weight)[0])
        painter.setPen(tokens.color(cell.token))
        shown, width = fonts.cut(cell.text, line.width(), size, weight)
        painter.drawText(line, side, shown)
        return width

    def _paint_marks(self, painter: QPainter, area: QRectF, cell: Cell) -> None:
        left = area.left()
        for mark in cell.marks:
            room = QRectF(left, area.top(), area.right() - left, area.height())
            paint_chip(painter, room, mark.text, mark.tone, mark.has_dot)
            left = QPointF(left + chip_width(mark.text, mark.has_dot) + 6, 0).x()


def _look(index: _AnyIndex) -> CellLook:
    model = index.model()
    if isinstance(model, PagedModel):
        return model.look(index.row(), index.column())
    first = index if index.column() == 0 else index.sibling(index.row(), 0)
    check = first.data(Qt.ItemDataRole.CheckStateRole)
    cell = index.data(CellRole.CELL)
    alignment = Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole))
    state = None if check is None else Qt.CheckState(check)
    return CellLook(index.column(), cell if isinstance(cell, Cell) else None, state, alignment.value)
