"""The list of orders and what stands around it: tabs, search and filters above, the ticked and the sums below."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.desk.queries import OrderFilter, OrderList
from app.kernel.i18n import tr
from app.kernel.later import later
from app.kernel.once import once
from ui.bridge.services import PageServices
from ui.pages.orders import wording
from ui.pages.orders.filter_row import FilterRow
from ui.pages.orders.head import ListHead
from ui.pages.orders.keys import KEYS
from ui.pages.orders.table import OrdersTable
from ui.theme import metrics
from ui.widgets.card import Card
from ui.widgets.keys import told
from ui.widgets.money import format_fen
from ui.widgets.search_field import SearchField
from ui.widgets.tabs import SegmentedTabs, Tab
from ui.widgets.text import ElidedLabel, label

if TYPE_CHECKING:
    from ui.pages.orders import no_orders
    from ui.widgets import bulk_bar, empty_state
else:
    no_orders = later("ui.pages.orders.no_orders")
    bulk_bar, empty_state = later("ui.widgets.bulk_bar"), later("ui.widgets.empty_state")


class ListCard(Card):
    """What is listed, as it is told. In the place of an empty list stands what to do about that.

    Attributes: `tabs`, `search_field`, `filters`, `table`, `model`, `list_head`; `bulk_bar` and `empty_state` when they
    are needed first. Signals: `step_chosen(object)` carries what a person does about an empty list.
    """

    step_chosen = Signal(object)

    def __init__(self, services: PageServices, parent: QWidget) -> None:
        super().__init__(padding=1, parent=parent)
        self._total_fen: int | None = None
        self._is_listed = False
        self.tabs = SegmentedTabs("", self)
        self.search_field = SearchField("", told(KEYS, "search"), self)
        self.table = OrdersTable(services.runner, services.desk.clock, services.pictures, self)
        self.model = self.table.orders
        self.filters = FilterRow(self)
        self._left_note = ElidedLabel("", "note")
        self._right_note = label("", "note")
        self._assemble()

    @once
    def bulk_bar(self) -> "bulk_bar.BulkBar":
        made = bulk_bar.BulkBar(self)
        self._bar.addWidget(made)
        return made

    @once
    def empty_state(self) -> "empty_state.EmptyState":
        made = empty_state.EmptyState("orders", self)
        made.step_chosen.connect(self.step_chosen)
        self._lists.addWidget(made)
        return made

    def show_list(self, found: OrderList, wanted: OrderFilter) -> None:
        """Show what was found for a filter, and the filter."""
        self._is_listed = True
        self._total_fen = found.total_fen if found.counts else None
        gathered = {tab: sum(found.counts.get(s, 0) for s in states) for tab, states in wording.TABS.items()}
        self.tabs.set_counts({"": found.counts.get("", 0)} | gathered if found.counts else {})
        self.list_head.fit()
        self.tabs.set_current(wanted.state.split(",")[0])
        self.filters.show_filter(wanted)
        self.table.is_whole = found.is_whole
        self.model.know(found.shown)
        self.table.replace_rows(found.rowids, found.splices)
        if not found.rowids:
            no_orders.say(self.empty_state, is_here=found.is_here, is_filtered=wanted != OrderFilter())
        self._lists.setCurrentWidget(self._list if found.rowids else self.empty_state)
        self.show_notes()

    def is_filled(self) -> bool:
        """Whether there is a list to be seen."""
        return self._lists.currentWidget() is self._list

    def show_notes(self) -> None:
        """How much of the list is here, the keys, and what it comes to."""
        texts = [self._extent()] if self._is_listed else []
        words = tr(
            "↑↓ choose · Enter open · Space tick · {search} search · {ship} ship",
            search=told(KEYS, "search"),
            ship=told(KEYS, "ship"),
        )
        texts.append(words)
        self._left_note.setText(" · ".join(texts))
        is_known = self._total_fen is not None
        self._right_note.setText(tr("Sum {amount}", amount=format_fen(self._total_fen or 0)) if is_known else "")

    def _extent(self) -> str:
        """Before all that was found is counted, nobody knows of how many these are the first."""
        count = self.model.rowCount()
        if self._total_fen is None:
            return tr("Counting what was found …")
        loaded = min(self.model.loaded_count(), count)
        return tr("{loaded} of {count} loaded", loaded=f"{loaded:,}", count=f"{count:,}")

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self.tabs.setAccessibleName(tr("States of orders"))
        self.table.setAccessibleName(tr("Orders"))
        self.tabs.set_tabs([Tab("", tr("All")), *(Tab(tab, wording.state_word(tab)) for tab in wording.TABS)])
        self.search_field.set_name(tr("Number, receiver, phone, goods"))
        self.list_head.fit()
        self.model.retranslate()
        self.show_notes()

    def _assemble(self) -> None:
        self.body.setSpacing(0)
        self.list_head = ListHead(self.tabs, self.search_field, self.filters.menu_button, self)
        self.body.addWidget(self.list_head)
        self.body.addWidget(self.filters)
        self._list = QWidget(self)
        column = QVBoxLayout(self._list)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        self._bar = QHBoxLayout()
        self._bar.setContentsMargins(metrics.SPACE_M, metrics.SPACE_S, metrics.SPACE_M, 0)
        column.addLayout(self._bar)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 10, 16, 11)
        foot.addWidget(self._left_note, 1)
        foot.addWidget(self._right_note)
        column.addLayout(foot)
        self._lists = QStackedWidget(self)
        self._lists.addWidget(self._list)
        self.body.addWidget(self._lists, 1)
