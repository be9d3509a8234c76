"""The categories beside the list, each with how many products lie in it and below it."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeWidget, QTreeWidgetItem, QWidget

from app.desk.goods import CategoryNode
from app.kernel.i18n import tr
from ui.theme import fonts, metrics, tokens

_ID = Qt.ItemDataRole.UserRole + 1
_COUNT = Qt.ItemDataRole.UserRole + 2
_EDGE = 8
_HEIGHT = 36
_INDENT = 14


class _Delegate(QStyledItemDelegate):
    """Name at the left, count at the right; a long name gives way."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = option.rect.adjusted(0, 1, 0, -1)
        if is_selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(tokens.color("accent_soft" if is_selected else "hover"))
            painter.drawRoundedRect(ground, metrics.RADIUS_CONTROL, metrics.RADIUS_CONTROL)
        count = str(index.data(_COUNT))
        font = fonts.font(metrics.BODY, fonts.STRONG if is_selected else fonts.REGULAR)
        measure = QFontMetrics(font)
        area = ground.adjusted(_EDGE, 0, -_EDGE, 0)
        room = measure.horizontalAdvance(count) + _EDGE
        name = measure.elidedText(
            str(index.data(Qt.ItemDataRole.DisplayRole)), Qt.TextElideMode.ElideRight, area.width() - room
        )
        painter.setFont(font)
        painter.setPen(tokens.color("accent_text" if is_selected else "text"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, int(middle | Qt.AlignmentFlag.AlignLeft), name)
        painter.setPen(tokens.color("accent_text" if is_selected else "text2"))
        painter.drawText(area, int(middle | Qt.AlignmentFlag.AlignRight), count)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        hint = super().sizeHint(option, index)
        hint.setHeight(_HEIGHT)
        return hint


class CategoryTree(QTreeWidget):
    """Signals: `category_chosen(object)` carries a category's id, empty for all products."""

    category_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(_INDENT)
        self.setItemsExpandable(False)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setItemDelegate(_Delegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QTreeWidget.ScrollMode.ScrollPerPixel)
        self.currentItemChanged.connect(self._on_current_item_changed)

    def show_nodes(self, nodes: Sequence[CategoryNode], chosen: str) -> None:
        """Show these; the chosen one stays chosen, and what was scrolled to stays in sight."""
        place = self.verticalScrollBar().value()
        # Every product lies in a category, so the roots hold all of them.
        total = sum(node.count for node in nodes if node.depth == 0)
        with QSignalBlocker(self):
            self.clear()
            self._add(None, (tr("All products"), "", total))
            parents: list[QTreeWidgetItem] = []
            for node in nodes:
                del parents[node.depth :]
                item = self._add(parents[-1] if parents else None, (node.category.name, node.category.id, node.count))
                parents.append(item)
            self.expandAll()
            self._choose(chosen)
        self.verticalScrollBar().setValue(place)

    def chosen(self) -> str:
        item = self.currentItem()
        return "" if item is None else str(item.data(0, _ID))

    def _add(self, parent: QTreeWidgetItem | None, row: tuple[str, str, int]) -> QTreeWidgetItem:
        name, category_id, count = row
        item = QTreeWidgetItem(self if parent is None else parent, [name])  # type: ignore[call-overload]
        item.setData(0, _ID, category_id)
        item.setData(0, _COUNT, f"{count:,}")
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{name} {count:,}")
        item.setToolTip(0, name)
        return item

    def _choose(self, category_id: str) -> None:
        for item in self.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive):
            if item.data(0, _ID) == category_id:
                self.setCurrentItem(item)
                return
        everything = self.topLevelItem(0)
        if everything is not None:
            self.setCurrentItem(everything)

    def _on_current_item_changed(self) -> None:
        self.category_chosen.emit(self.chosen())

    def drawBranches(self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        """The indentation says enough."""
