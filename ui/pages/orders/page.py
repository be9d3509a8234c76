"""The orders page: the list, the open order beside it, and what is told between them.

What stands around the list is `list_card`; what is done with the open order is `open_order`, with the ticked ones
`bulk`, and on paper `papers`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.desk.queries import OrderFilter, OrderList
from app.kernel.later import later
from app.kernel.once import once
from ui.bridge.services import PageServices
from ui.pages.orders import wording
from ui.pages.orders.entry import OrdersEntry
from ui.pages.orders.keys import KEYS
from ui.pages.orders.list_card import ListCard
from ui.pages.orders.presenter import OrdersPresenter
from ui.theme import metrics
from ui.widgets.card import Card
from ui.widgets.keys import bind

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from app.desk.queries import OrderDetail
    from ui.pages.orders import bulk, detail, open_order, papers
    from ui.pages.orders.actions import Actions
    from ui.pages.orders.open_order import OpenOrder
else:
    bulk, detail = later("ui.pages.orders.bulk"), later("ui.pages.orders.detail")
    open_order, papers = later("ui.pages.orders.open_order"), later("ui.pages.orders.papers")

_DETAIL_WIDTH = 328
_DETAIL_NARROW = 304
_NARROW_BELOW = 1200


class OrdersPage(QWidget):
    """What a clerk looks at all day. The list is made at once; what is needed beside it when it is needed first.

    Attributes: `list_card`, and its `tabs`, `search_field`, `filters`, `table` and `model`; `detail`, `bulk`, `papers`,
    `presenter`, `dialog` (the open one). Signals: `filled()`, the first rows are there, or it is known that there are
    none.
    """

    filled = Signal()

    def __init__(self, services: PageServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.dialog: QDialog | None = None
        self.list_card = ListCard(services, self)
        listed = self.list_card
        self.tabs, self.search_field, self.filters = listed.tabs, listed.search_field, listed.filters
        self.table, self.model = listed.table, listed.model
        self._open_order: OpenOrder | None = None
        self._room = Card(padding=0, parent=self)
        self._assemble()
        self._is_pictured = False
        self.presenter = OrdersPresenter(services.runner, self, lambda: services.desk.on_duty)
        self.model.ask_rowids_with(self.presenter.find_rows)
        self._connect()
        services.after_picture(self._on_pictured)
        self.retranslate()

    # What stands beside the list

    @once
    def detail(self) -> "detail.DetailPane":
        made = detail.DetailPane(self._services.desk.clock, self._services.pictures, self)
        made.forget()
        made.setFixedWidth(self._room.width())
        self._row.replaceWidget(self._room, made)
        self._room.hide()
        made.ship_wanted.connect(self.ship)
        made.reveal_wanted.connect(self.presenter.toggle_reveal)
        self._open_order = open_order.OpenOrder(self._services, self.presenter, made, self._open, self)
        self._open_order.papers = self.papers
        if self.papers is not None:
            self.papers.connect(made)
        return made

    @once
    def papers(self) -> "papers.OrderPapers | None":
        """Where this computer prints."""
        printing = self._services.printing
        return None if printing is None else papers.OrderPapers(self._services, printing, self.presenter, self)

    @once
    def bulk(self) -> "bulk.Bulk":
        made = bulk.Bulk(self._services, self.list_card.bulk_bar, self.table, self._open, self)
        made.on_ended = self.presenter.reload
        made.papers = self.papers
        return made

    def _is_made(self, part: str) -> bool:
        return part in vars(self)

    # What the presenter says

    def show_list(self, found: OrderList, wanted: OrderFilter) -> None:
        self.list_card.show_list(found, wanted)
        detail = self.presenter.detail
        if detail is not None and self.table.selected_rowid() is None:
            self.table.show_selected(detail.rowid)  # the order may have been read before the list that holds it
        is_empty = not found.rowids
        if not is_empty and not self.isVisible():
            self.model.want(0)  # nothing is painted that would ask for the rows
        if self._is_made("detail"):
            self.detail.setVisible(detail is not None and not is_empty)
        else:
            self._room.setVisible(not is_empty)
        if is_empty:
            self.filled.emit()

    def show_detail(self, detail: "OrderDetail | None", actions: "Actions", *, is_revealed: bool) -> None:
        if detail is None:
            if self._is_made("detail"):
                self.detail.forget()
        else:
            self.detail.show_detail(detail, actions, is_revealed=is_revealed)
            self.detail.setVisible(self.list_card.is_filled())
            if self._open_order is not None:
                self._open_order.lead_to_label(detail)

    def select_row(self, rowid: int | None) -> None:
        if rowid is not None:
            self.table.show_selected(rowid)

    def rows_in_view(self) -> int:
        return self.table.rows_in_view()

    def after_rows(self, act: Callable[[], None]) -> None:
        if self._is_pictured:
            self.table.after_painting(act)
        else:
            self._services.after_picture(act)

    # What the shell says

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self.list_card.retranslate()
        self._share_width()
        if self._is_made("bulk"):
            self.bulk.refresh()
        self.presenter.reload()
        if self.presenter.detail is not None:
            self.presenter.show_again()

    def page_shown(self) -> None:
        self.presenter.page_shown()

    def page_hidden(self) -> None:
        self.presenter.page_hidden()

    def person_changed(self) -> None:
        """It is known who works here, or somebody else does, who may do more or less."""
        self.presenter.person_changed()
        if self._is_made("bulk"):
            self.bulk.refresh()

    def open_row(self, row: object) -> None:
        """Show the order with this id, or the orders that a filter names."""
        self.search_field.clear()
        if isinstance(row, OrderFilter):
            self.presenter.show_filtered(row)
        else:
            self.presenter.go_to(str(row))

    # What a person does by a key or from elsewhere

    def ship(self) -> None:
        """Ask how the open order is shipped, if it can be, or the ticked ones."""
        if self.model.checked():
            self.bulk.run(bulk.SHIP)
        elif self._open_order is not None:
            self._open_order.ship()

    def print_label(self) -> None:
        """Show the label of the open order's newest parcel."""
        if self._open_order is not None:
            self._open_order.print_label()

    def note(self) -> None:
        """Write the staff's remark on the open order."""
        if self._open_order is not None:
            self._open_order.note()

    def _open(self, dialog: "QDialog") -> None:
        self.dialog = dialog
        dialog.finished.connect(self._on_dialog_finished)
        dialog.open()

    # Building

    def _assemble(self) -> None:
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(metrics.SPACE_L)
        self._row.addWidget(self.list_card, 1)
        self._row.addWidget(self._room)
        self._room.setFixedWidth(_DETAIL_WIDTH)

    def _connect(self) -> None:
        self.tabs.tab_changed.connect(self._on_tabs_tab_changed)
        self.search_field.search_changed.connect(self._on_search_changed)
        self.table.order_chosen.connect(self._on_table_order_chosen)
        self.table.row_activated.connect(self._on_table_row_activated)
        self.model.dataChanged.connect(self._on_model_changed)
        self.filters.kind_chosen.connect(self._on_filters_kind_chosen)
        self.filters.dropped.connect(self._on_filters_dropped)
        self.model.checks_changed.connect(self._on_model_checks_changed)
        self.list_card.step_chosen.connect(self._on_step_chosen)

    def _on_pictured(self) -> None:
        self._is_pictured = True
        self._bind_keys()

    def _bind_keys(self) -> None:
        bind(self, KEYS, {"search": self._on_search_keys, "ship": self.ship, "label": self.print_label})

    def _share_width(self) -> None:
        pane = self.detail if self._is_made("detail") else self._room
        self.table.share_width(self.width() - pane.width() - self._row.spacing())

    # Slots

    def _on_tabs_tab_changed(self, key: object) -> None:
        self.presenter.choose_state(",".join(wording.TABS.get(str(key), ())))

    def _on_search_changed(self, text: object) -> None:
        self.presenter.search(str(text))

    def _on_filters_kind_chosen(self, kind: object) -> None:
        self.presenter.choose_delivery(str(kind))

    def _on_filters_dropped(self, part: object) -> None:
        self.presenter.widen(str(part))

    def _on_search_keys(self) -> None:
        self.search_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search_field.selectAll()

    def _on_table_order_chosen(self, rowid: object) -> None:
        if isinstance(rowid, int):
            self.presenter.select(rowid)

    def _on_table_row_activated(self, _rowid: object) -> None:
        if self._open_order is not None:
            self._open_order.go_to_next()

    def _on_model_changed(self) -> None:
        self.list_card.show_notes()
        if self.model.loaded_count():
            self.filled.emit()
        if self._is_made("bulk") and self.list_card.bulk_bar.isVisible():
            self.bulk.refresh()  # what is known of the ticked orders now

    def _on_model_checks_changed(self) -> None:
        self.bulk.refresh()

    def _on_step_chosen(self, key: object) -> None:
        if key == "clear":
            self.search_field.clear()
            self.presenter.clear_filter()
        else:
            self._services.go(str(key), "")

    def _on_dialog_finished(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    # Qt's side

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.table.take_arrow(event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < _NARROW_BELOW
        for pane in (self._room, self.detail) if self._is_made("detail") else (self._room,):
            pane.setFixedWidth(_DETAIL_NARROW if is_narrow else _DETAIL_WIDTH)
        self._row.setSpacing(metrics.card_gap(self.window().height()))
        self._share_width()


def make_page(services: PageServices, parent: QWidget | None = None) -> QWidget:
    """The page's widget."""
    return OrdersPage(services, parent)


def entry(services: PageServices) -> OrdersEntry:
    """The page as the shell registers it."""
    return OrdersEntry(services, make_page)
