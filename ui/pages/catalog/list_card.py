"""The list of products in its card: tabs, table, footer, and what stands there instead of nothing."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.desk.goods import ProductFilter, ProductList
from app.desk.runner import Runner
from app.kernel.clock import Clock
from app.kernel.i18n import tr
from ui.bridge.pictures import PictureShelf
from ui.pages.catalog import models, wording
from ui.pages.catalog.keys import KEYS
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState, Step
from ui.widgets.keys import told
from ui.widgets.paged_table import PagedModel
from ui.widgets.table_view import PagedTableView
from ui.widgets.tabs import SegmentedTabs, Tab
from ui.widgets.text import ElidedLabel

_TITLE_WANTED = 250
_TITLE_LEAST = 180
_HEAD_SIDES = 14
_SCROLL_BAR = 14


class ListCard(Card):
    """Attributes: `tabs`, `new_button`, `table`, `model`, `empty_state`; `is_refreshing` while no person chooses."""

    def __init__(self, runner: Runner, clock: Clock, pictures: PictureShelf | None, parent: QWidget) -> None:
        super().__init__(padding=1, parent=parent)
        self.is_refreshing = False
        self.tabs = SegmentedTabs("", self)
        self.new_button = Button("", "primary", "add", self)
        self.table = PagedTableView("", parent=self)
        self.model: PagedModel = PagedModel(models.columns(clock, pictures), models.ProductRows(runner), parent=self)
        self.table.show_model(self.model)
        if pictures is not None:
            pictures.arrived.connect(self.table.viewport().update)
        self._left_note = ElidedLabel("", "note")
        self.empty_state = EmptyState("products", self)
        self._assemble()
        self.model.dataChanged.connect(self.show_notes)

    def show_list(self, found: ProductList, wanted: ProductFilter, *, can_create: bool) -> None:
        self.tabs.set_counts({"": 0} | dict.fromkeys(wording.STATES, 0) | dict(found.counts))
        self.tabs.set_current(wanted.state)
        self._replace_rows(found)
        is_empty = not found.rowids
        if is_empty:
            self._say_empty(is_filtered=wanted != ProductFilter(), can_create=can_create)
        self._lists.setCurrentWidget(self.empty_state if is_empty else self._list)
        self.new_button.setVisible(can_create)
        self.show_notes()

    def is_listed(self) -> bool:
        """Whether there are rows to choose from."""
        return self._lists.currentWidget() is self._list

    def select_row(self, rowid: int | None) -> None:
        """Follow what was opened elsewhere."""
        if rowid is None or self.table.selected_rowid() == rowid:
            return
        self.is_refreshing = True
        self.table.select_rowid(rowid)
        self.is_refreshing = False

    def retranslate(self) -> None:
        self.new_button.setText(tr("New product"))
        self.new_button.setToolTip("Ctrl+N")
        self.tabs.setAccessibleName(tr("States of products"))
        self.table.setAccessibleName(tr("Products"))
        self.tabs.set_tabs([Tab("", tr("All")), *(Tab(state, wording.state_word(state)) for state in wording.STATES)])
        self.model.retranslate()
        self.show_notes()

    # Building

    def _assemble(self) -> None:
        self.body.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(13, 11, 13, 11)
        head.setSpacing(metrics.SPACE_M)
        head.addWidget(self.tabs, 1)
        head.addWidget(self.new_button)
        self.body.addLayout(head)
        self._list = QWidget(self)
        column = QVBoxLayout(self._list)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 10, 16, 11)
        foot.addWidget(self._left_note, 1)
        column.addLayout(foot)
        self._lists = QStackedWidget(self)
        self._lists.addWidget(self._list)
        self._lists.addWidget(self.empty_state)
        self.body.addWidget(self._lists, 1)

    # Keeping the place

    def _replace_rows(self, found: ProductList) -> None:
        """New rows; the selected one and the first in sight stay where they are."""
        top = self.table.indexAt(self.table.viewport().rect().topLeft())
        bar = self.table.verticalScrollBar()
        anchor = self.model.rowid_at(top.row()) if bar.value() and top.isValid() else None
        offset = bar.value() - top.row() * metrics.ROW_TWO_LINES if anchor is not None else 0
        selected, position = self.table.selected_rowid(), self.table.currentIndex().row()
        self.is_refreshing = True
        self.table.set_rowids(found.rowids)
        if selected is not None and self.model.position_of(selected) is None:
            self._stand_between(position)
        self.is_refreshing = False
        place = None if anchor is None else self.model.position_of(anchor)
        if place is not None:
            bar.setValue(place * metrics.ROW_TWO_LINES + offset)

    def _stand_between(self, position: int) -> None:
        """The open product has left this list; it stays open, and ↓ goes on with the one that followed it."""
        self.table.clearSelection()
        before = self.model.index(position - 1, 0) if position > 0 else QModelIndex()
        self.table.selectionModel().setCurrentIndex(before, QItemSelectionModel.SelectionFlag.NoUpdate)

    def share_width(self, room: int) -> None:
        """Columns as wide as their words; before titles are cut short the category gives way, and before too little is
        left of them the time of the change and the state, which the open product says too.

        ``room`` is how wide the card will be.
        """
        beside = self.new_button.sizeHint().width() if not self.new_button.isHidden() else 0
        self.tabs.fit(room - 2 * _HEAD_SIDES - beside - metrics.SPACE_M)
        keys = [column.key for column in self.model.columns()]
        widths = [column.width for column in self.model.columns()]
        widths[keys.index(models.STATE)] = models.state_width()
        widths[keys.index(models.STOCK)] = models.stock_width()
        for place, width in enumerate(widths):
            if width:
                self.table.setColumnWidth(place, width)
        left = room - _SCROLL_BAR - sum(widths)
        for key, wanted in (
            (models.CATEGORY, _TITLE_WANTED),
            (models.CHANGED, _TITLE_LEAST),
            (models.STATE, _TITLE_LEAST),
        ):
            place = keys.index(key)
            self.table.setColumnHidden(place, left < wanted)
            left += widths[place] if left < wanted else 0

    # Words

    def show_notes(self) -> None:
        count = self.model.rowCount()
        loaded = min(self.model.loaded_count(), count)
        texts = [tr("{loaded} of {count} loaded", loaded=f"{loaded:,}", count=f"{count:,}")]
        texts.append(tr("↑↓ choose · Enter open · Esc close · {search} search", search=told(KEYS, "search")))
        self._left_note.setText(" · ".join(texts))

    def _say_empty(self, *, is_filtered: bool, can_create: bool) -> None:
        if is_filtered:
            step = Step("clear", tr("Clear filter"), is_primary=True)
            self.empty_state.set_texts(tr("No products fit"), "", (step,))
            return
        note = tr("What you sell stands here, with its prices and its stock.")
        steps = (Step("new", tr("New product"), is_primary=True),) if can_create else ()
        self.empty_state.set_texts(tr("No products yet"), note, steps)
