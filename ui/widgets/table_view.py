"""The view of a paged table: fixed row heights, keyboard, ticks in the first column."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QHoverEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ui.theme import icons, metrics, tokens
from ui.widgets.paged_table import AnyIndex, PagedModel
from ui.widgets.row_painting import paint_rows
from ui.widgets.tick_box import BOX, BOX_ROOM, paint_box
from ui.widgets.viewport import own_viewport

if TYPE_CHECKING:
    from app.kernel.splices import Splices

SortOrder: TypeAlias = Literal["ascending", "descending"]
_HEADER_HEIGHT = 40
_LONGEST_UNPAINTED_MS: Final = 100
"""A window that is covered may not be painted at all."""
_ALONG = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_CELL_EDGE = 12
_FIRST_SHIFT = 4
"""The first column begins a little further in; its title stands above what is written in it."""


class TitleHeader(QHeaderView):
    """Titles, the box for all rows, and an arrow at the sorted column.

    Signals: `all_toggled()` when the box was pressed.
    """

    all_toggled = Signal()

    def __init__(self, parent: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        own_viewport(self)
        self.check_state: Qt.CheckState | None = None
        self.sorted_section = -1
        self.sort_order: SortOrder = "descending"
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setFixedHeight(_HEADER_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _box(self, rect: QRect) -> QRect:
        return QRect(rect.left() + 16, rect.center().y() - BOX // 2, BOX, BOX)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        painter.save()
        shift = _FIRST_SHIFT if logicalIndex == 0 else 0
        if logicalIndex == 0 and self.check_state is not None:
            shift += BOX_ROOM - _CELL_EDGE
        super().paintSection(painter, rect.adjusted(shift, 0, 0, 0), logicalIndex)
        painter.restore()
        painter.fillRect(QRect(rect.left(), rect.bottom(), shift, 1), tokens.color("border"))
        if logicalIndex == 0 and self.check_state is not None:
            paint_box(painter, self._box(rect), self.check_state)
        if logicalIndex == self.sorted_section:
            self._paint_arrow(painter, rect, logicalIndex)

    def _paint_arrow(self, painter: QPainter, rect: QRect, section: int) -> None:
        model = self.model()
        title = str(model.headerData(section, Qt.Orientation.Horizontal))
        alignment = Qt.AlignmentFlag(
            model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        )
        width = self.fontMetrics().horizontalAdvance(title)
        is_right = bool(alignment & Qt.AlignmentFlag.AlignRight)
        left = rect.right() - 14 - width - 16 if is_right else rect.left() + 16 + width
        target = QRect(left, rect.center().y() - 6, 13, 13)
        painter.save()
        if self.sort_order == "ascending":
            painter.translate(target.center())
            painter.rotate(180)
            painter.translate(-target.center())
        icons.paint(painter, target, "down", "accent_text")
        painter.restore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        first = QRect(self.sectionViewportPosition(0), 0, BOX_ROOM, self.height())
        if self.check_state is not None and first.contains(event.position().toPoint()):
            self.all_toggled.emit()
            return
        super().mousePressEvent(event)


class PagedTableView(QTableView):
    """Shows a `PagedModel`.

    Signals: `row_activated(object)` and `row_selected(object)` carry a rowid (None when nothing is selected);
    `sort_requested(object, object)` a sort key and an order.
    """

    row_activated = Signal(object)
    row_selected = Signal(object)
    sort_requested = Signal(object, object)

    def __init__(self, name: str, row_height: int = metrics.ROW_TWO_LINES, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        own_viewport(self)
        self._mouse_at: QPoint | None = None
        self._behind: list[Callable[[], None]] = []
        self._painted = QTimer(self)
        self._painted.setSingleShot(True)
        self._painted.timeout.connect(self._on_painted)
        self.setAccessibleName(name)
        self.setProperty("corners", "card")
        self._header = TitleHeader(self)
        self._header.all_toggled.connect(self._on_header_all_toggled)
        self._header.sectionClicked.connect(self._on_header_section_clicked)
        self.setHorizontalHeader(self._header)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        rows = QHeaderView(Qt.Orientation.Vertical, self)
        self.setVerticalHeader(rows)
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(row_height)
        self.doubleClicked.connect(self._on_double_clicked)

    def show_model(self, model: PagedModel[Any]) -> None:
        """Show this model; its columns say how wide they are."""
        self.setModel(model)
        for place, column in enumerate(model.columns()):
            stretches = column.width == 0
            mode = QHeaderView.ResizeMode.Stretch if stretches else QHeaderView.ResizeMode.Fixed
            self._header.setSectionResizeMode(place, mode)
            if not stretches:
                self.setColumnWidth(place, column.width)
        model.checks_changed.connect(self._on_model_checks_changed)
        self._on_model_checks_changed()

    def paged_model(self) -> PagedModel[Any]:
        """The model, as what it is. Raises TypeError before `show_model`."""
        model = self.model()
        if not isinstance(model, PagedModel):
            raise TypeError(model)
        return model

    def set_rowids(self, rowids: Any, splices: "Splices | None" = None) -> None:
        """Show these rows; the selected row stays selected and in sight wherever it went."""
        model = self.paged_model()
        before = self.selected_rowid()
        model.set_rowids(rowids, splices)
        if before is not None and self.selected_rowid() != before:
            self.select_rowid(before)

    def selected_rowid(self) -> int | None:
        """The number of the selected row."""
        rows = self.selectionModel().selectedRows() if self.selectionModel() is not None else []
        return self.paged_model().rowid_at(rows[0].row()) if rows else None

    def select_rowid(self, rowid: int) -> bool:
        """Select a row and bring it in sight; false if it is not shown."""
        position = self.paged_model().position_of(rowid)
        if position is None:
            self.clearSelection()
            return False
        self.selectRow(position)
        self.scrollTo(self.paged_model().index(position, 0))
        return True

    def show_sorted(self, sort_key: str, order: SortOrder) -> None:
        """Draw the arrow at the column that the rows are sorted by."""
        keys = [column.sort_key for column in self.paged_model().columns()]
        self._header.sorted_section = keys.index(sort_key) if sort_key in keys else -1
        self._header.sort_order = order
        self._header.viewport().update()

    def take_arrow(self, event: QKeyEvent) -> bool:
        """The list has the keyboard from now on if this is one of the keys that go along it; answers whether it was."""
        if event.key() not in _ALONG or not self.isVisible() or self.hasFocus():
            return False
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.keyPressEvent(event)
        return True

    def _on_header_section_clicked(self, section: int) -> None:
        column = self.paged_model().columns()[section]
        if not column.sort_key:
            return
        is_same = section == self._header.sorted_section and self._header.sort_order == "descending"
        order: SortOrder = "ascending" if is_same else "descending"
        self.show_sorted(column.sort_key, order)
        self.sort_requested.emit(column.sort_key, order)

    def check_all(self) -> None:
        """Tick what the box of the header and Ctrl+A tick: here all rows."""
        model = self.paged_model()
        model.set_checked(model.rowids())

    def _on_header_all_toggled(self) -> None:
        model = self.paged_model()
        if model.checked():
            model.set_checked(())
        else:
            self.check_all()

    def _on_model_checks_changed(self) -> None:
        model = self.paged_model()
        if not model.is_checkable():
            self._header.check_state = None
        elif not model.checked():
            self._header.check_state = Qt.CheckState.Unchecked
        else:
            is_all = len(model.checked()) == model.rowCount()
            self._header.check_state = Qt.CheckState.Checked if is_all else Qt.CheckState.PartiallyChecked
        self._header.viewport().update()

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.row_activated.emit(self.paged_model().rowid_at(index.row()))

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        super().currentChanged(current, previous)
        if current.row() != previous.row():
            self.row_selected.emit(self.paged_model().rowid_at(current.row()))

    def _move_mouse(self, place: QPoint | None) -> None:
        """The row under the mouse is lit as a whole, as it is chosen as a whole."""
        before, self._mouse_at = self._row_under_mouse(), place
        after = self._row_under_mouse()
        if before != after:
            self._repaint_row(before)
            self._repaint_row(after)

    def _row_under_mouse(self) -> int:
        return -1 if self._mouse_at is None else self.rowAt(self._mouse_at.y())

    def _repaint_row(self, row: int) -> None:
        if row >= 0:
            top, height = self.rowViewportPosition(row), self.rowHeight(row)
            self.viewport().update(0, top, self.viewport().width(), height)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHoverEvent):
            is_gone = event.type() == QEvent.Type.HoverLeave
            self._move_mouse(None if is_gone else event.position().toPoint())
        return super().viewportEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        place = self._mouse_at
        self._move_mouse(None)
        super().scrollContentsBy(dx, dy)
        self._move_mouse(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        model = self.model()
        if isinstance(model, PagedModel):
            with QPainter(self.viewport()) as painter:
                paint_rows(self, model, painter, event.rect(), self._row_under_mouse())
        if self._behind:
            self._painted.start(0)

    def after_painting(self, act: Callable[[], None]) -> None:
        """Do it when the rows have been painted next: at once if nobody sees them, and after a moment in any case."""
        if self.isVisible() and not self.window().isMinimized():
            self._behind.append(act)
            self._painted.start(_LONGEST_UNPAINTED_MS)
        else:
            act()

    def _on_painted(self) -> None:
        behind, self._behind = self._behind, []
        for act in behind:
            act()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        box = QRect(self.columnViewportPosition(0), 0, BOX_ROOM, self.viewport().height())
        if index.isValid() and self.paged_model().is_checkable() and box.contains(event.position().toPoint()):
            self.paged_model().toggle(index.row())
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        model = self.paged_model()
        position = self.currentIndex().row()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and position >= 0:
            self.row_activated.emit(model.rowid_at(position))
        elif event.key() == Qt.Key.Key_Space and model.is_checkable():
            model.toggle(position)
        elif event.key() == Qt.Key.Key_Escape and model.checked():
            model.set_checked(())
        elif event.key() == Qt.Key.Key_A and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if model.is_checkable():
                self.check_all()
        else:
            super().keyPressEvent(event)
