"""Paints single cells as the rows of a paged table are painted, for tables whose fields are typed into."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.widgets.cell import Cell, CellRole
from ui.widgets.cell_painting import Room, lay_cell
from ui.widgets.layers import Layers
from ui.widgets.row_painting import inner, lay_accent, lay_ground

_AnyIndex = QModelIndex | QPersistentModelIndex
_SELECTED = QStyle.StateFlag.State_Selected
_UNDER_MOUSE = QStyle.StateFlag.State_MouseOver


class CellDelegate(QStyledItemDelegate):
    """Reads `CellRole.CELL`."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        layers = Layers(painter.deviceTransform().m11())
        room, is_first = _room(option.rect), index.column() == 0
        is_selected = bool(option.state & _SELECTED)
        lay_ground(layers, room, "selected" if is_selected else "hover" if option.state & _UNDER_MOUSE else "")
        if is_selected:
            lay_accent(layers, room, is_first=is_first)
        cell = index.data(CellRole.CELL)
        if isinstance(cell, Cell):
            lay_cell(layers, inner(room, is_first=is_first), cell, "left")
        painter.save()
        layers.draw(painter)
        painter.restore()


def _room(rect: QRect) -> Room:
    return Room(rect.left(), rect.top(), rect.width(), rect.height())
