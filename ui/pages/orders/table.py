"""The table of orders: keeps its place while orders come and go, and shares its width by what is said."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Signal
from PySide6.QtWidgets import QWidget

from ui.pages.orders import models
from ui.theme import metrics
from ui.widgets.paged_table import PagedModel
from ui.widgets.table_view import PagedTableView

if TYPE_CHECKING:
    from app.desk.queries import OrderSummary
    from app.desk.runner import Runner
    from app.kernel.clock import Clock
    from app.kernel.splices import Splices
    from ui.bridge.pictures import PictureShelf

ROOM: Final = 24
"""How many rows a table may have room for that is not shown yet."""
_SCROLL_BAR = 14


class OrdersTable(PagedTableView):
    """Rows of two lines.

    Attributes: `is_whole`, whether these are all that fit, each by its number. Signals: `order_chosen(object)` carries
    a rowid, only when a person chose; a row that is selected because the list changed around it says nothing.
    """

    order_chosen = Signal(object)

    def __init__(
        self, runner: "Runner", clock: "Clock", pictures: "PictureShelf | None" = None, parent: QWidget | None = None
    ) -> None:
        super().__init__("", parent=parent)
        self._is_refreshing = False
        self.is_whole = True
        self._room = ROOM
        rows = models.OrderRows(runner)
        self.orders: PagedModel = PagedModel(models.columns(clock, pictures), rows, is_checkable=True, parent=self)
        self.show_model(self.orders)
        if pictures is not None:
            pictures.arrived.connect(self.viewport().update)
        self.row_selected.connect(self._on_row_selected)

    def replace_rows(self, rowids: Sequence[int], splices: "Splices | None" = None) -> None:
        """New rows; the selected one and the first in sight stay where they are."""
        top = self.indexAt(self.viewport().rect().topLeft()).row()
        bar = self.verticalScrollBar()
        is_scrolled = bar.value() > 0 and top >= 0
        offset = bar.value() - top * metrics.ROW_TWO_LINES
        selected, position = self.selected_rowid(), self.currentIndex().row()
        follow = _Follow(self.orders, splices)
        anchor = follow.known(top) if is_scrolled else None
        chosen = None if selected is None else follow.known(position)
        self._is_refreshing = True
        self.set_rowids(rowids, splices)
        if chosen is not None and follow.place(chosen) is None:
            self._stand_between(position)
        self._is_refreshing = False
        place = None if anchor is None else follow.place(anchor)
        if place is not None:
            bar.setValue(place * metrics.ROW_TWO_LINES + offset)

    def show_selected(self, rowid: int) -> None:
        """Select the row of the open order, in sight if it was not selected before."""
        if self.selected_rowid() != rowid:
            self._is_refreshing = True
            self.select_rowid(rowid)
            self._is_refreshing = False

    def rows_in_view(self) -> int:
        """How many rows there is room for, the cut ones at both ends among them, or was when it was seen last."""
        if self.isVisible():
            self._room = self.viewport().height() // metrics.ROW_TWO_LINES + 2
        return self._room

    def check_all(self) -> None:
        """Only what has been loaded; all that fit is a step of its own, for it may be a year's orders."""
        self.orders.check_loaded()

    def share_width(self, room: int) -> None:
        """Columns as wide as their words; before a number is cut the channel gives way, then the chips stack, and at
        last it is not said when the order came: the list is in that sequence.
        """
        keys = [column.key for column in self.orders.columns()]
        channel, placed = keys.index(models.CHANNEL), keys.index(models.PLACED)
        widths = [column.width for column in self.orders.columns()]
        wanted = models.goods_width()
        widths[channel] = models.channel_width()
        widths[keys.index(models.STATE)] = models.state_width()
        left = room - _SCROLL_BAR - sum(widths)
        if left + widths[channel] < wanted:
            widths[keys.index(models.STATE)] = models.state_width(is_stacked=True)
        for place, width in enumerate(widths):
            if width:
                self.setColumnWidth(place, width)
        self.setColumnHidden(channel, left < wanted)
        self.setColumnHidden(placed, room - _SCROLL_BAR - sum(widths) + widths[channel] < wanted)

    def _stand_between(self, position: int) -> None:
        """The open order has left this list; it stays open, and ↓ goes on with the one that followed it."""
        self.clearSelection()
        before = self.orders.index(position - 1, 0) if position > 0 else QModelIndex()
        self.selectionModel().setCurrentIndex(before, QItemSelectionModel.SelectionFlag.NoUpdate)

    def _on_row_selected(self, rowid: object) -> None:
        if not self._is_refreshing and isinstance(rowid, int):
            self.order_chosen.emit(rowid)


class _Follow:
    """Where rows are found again after the list was exchanged; a list of a million is not looked through for that."""

    def __init__(self, model: "PagedModel[OrderSummary]", splices: "Splices | None") -> None:
        self._model = model
        self._splices = splices if splices is not None and splices.since is model.rowids() else None

    def known(self, position: int) -> tuple[int, int] | None:
        """A row by its position and its number; None when there is none."""
        rowid = self._model.rowid_at(position)
        return None if rowid is None else (position, rowid)

    def place(self, row: tuple[int, int]) -> int | None:
        position, rowid = row
        return self._model.position_of(rowid) if self._splices is None else self._splices.moved(position)
