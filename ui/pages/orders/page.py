"""The orders page: the list, the open order beside it, and the ways to ship it and print its label."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.desk.queries import OrderFilter, OrderList
from app.kernel.i18n import tr
from app.kernel.later import later
from app.kernel.once import once
from ui.bridge.services import PageServices
from ui.pages.orders import wording
from ui.pages.orders.entry import OrdersEntry
from ui.pages.orders.filter_row import FilterRow
from ui.pages.orders.head import ListHead
from ui.pages.orders.keys import KEYS
from ui.pages.orders.presenter import OrdersPresenter
from ui.pages.orders.table import OrdersTable
from ui.theme import metrics
from ui.widgets.card import Card
from ui.widgets.keys import bind, told
from ui.widgets.money import format_fen
from ui.widgets.search_field import SearchField
from ui.widgets.tabs import SegmentedTabs, Tab
from ui.widgets.text import ElidedLabel, label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from app.desk import refunds
    from app.desk.queries import OrderDetail
    from ui.pages.orders import (
        bulk,
        delivering,
        detail,
        dialogs,
        fitting,
        giving_up,
        label_dialog,
        papers,
        place,
        refund_dialog,
    )
    from ui.pages.orders.actions import Actions
    from ui.pages.orders.place import LabelPlace
    from ui.widgets import ask, awaited, bulk_bar, empty_state
else:
    refunds = later("app.desk.refunds")
    bulk, delivering, detail = (later(f"ui.pages.orders.{name}") for name in ("bulk", "delivering", "detail"))
    dialogs, fitting, giving_up = (later(f"ui.pages.orders.{name}") for name in ("dialogs", "fitting", "giving_up"))
    label_dialog, papers, place = (later(f"ui.pages.orders.{name}") for name in ("label_dialog", "papers", "place"))
    refund_dialog, ask = later("ui.pages.orders.refund_dialog"), later("ui.widgets.ask")
    awaited, bulk_bar, empty_state = (later(f"ui.widgets.{name}") for name in ("awaited", "bulk_bar", "empty_state"))

_DETAIL_WIDTH = 328
_DETAIL_NARROW = 304
_NARROW_BELOW = 1200
_DUTY_AGAIN_MS = 300


class OrdersPage(QWidget):
    """What a clerk looks at all day. The list is made at once; what is needed beside it when it is needed first.

    Attributes: `tabs`, `search_field`, `filters`, `table`, `model`, `detail`, `presenter`, `empty_state`, `bulk_bar`,
    `bulk`, `dialog` (the open one). Signals: `filled()`, the first rows are there, or it is known that there are none.
    """

    filled = Signal()

    def __init__(self, services: PageServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._carrier = ""
        self._just_shipped = ""
        self._duty_timer = QTimer(self)
        self._duty_timer.setSingleShot(True)
        self._duty_timer.setInterval(_DUTY_AGAIN_MS)
        self._total_fen: int | None = None
        self._is_listed = False
        self.dialog: QDialog | None = None
        clock = services.desk.clock
        self.tabs = SegmentedTabs("", self)
        self.search_field = SearchField("", told(KEYS, "search"), self)
        self.table = OrdersTable(services.runner, clock, services.pictures, self)
        self.model = self.table.orders
        self.filters = FilterRow(self)
        self._left_note = ElidedLabel("", "note")
        self._right_note = label("", "note")
        self._room = Card(padding=0, parent=self)
        self._assemble()
        self.presenter = OrdersPresenter(services.runner, self, lambda: services.desk.on_duty, services.after_picture)
        self.model.ask_rowids_with(self.presenter.find_rows)
        self._connect()
        self._bind_keys()
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
        made.refund_wanted.connect(self.refund)
        made.cancel_wanted.connect(self.cancel)
        made.delivery_bar.act_wanted.connect(self._on_delivery_act_wanted)
        made.label_wanted.connect(self.print_label)
        made.note_wanted.connect(self.note)
        made.give_up_wanted.connect(self._on_detail_give_up_wanted)
        made.reveal_wanted.connect(self.presenter.toggle_reveal)
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
        made = bulk.Bulk(self._services, self.bulk_bar, self.table, self._open, self)
        made.on_ended = self.presenter.reload
        made.papers = self.papers
        return made

    @once
    def bulk_bar(self) -> "bulk_bar.BulkBar":
        made = bulk_bar.BulkBar(self)
        self._bar.addWidget(made)
        return made

    @once
    def empty_state(self) -> "empty_state.EmptyState":
        made = empty_state.EmptyState("orders", self)
        made.step_chosen.connect(self._on_empty_step_chosen)
        self._lists.addWidget(made)
        return made

    @once
    def _delivering(self) -> "delivering.Delivering":
        return delivering.Delivering(self._services, self.presenter, self._open, self)

    @once
    def _giving_up(self) -> "giving_up.GivingUp":
        return giving_up.GivingUp(self._services, self.presenter, self._open, self)

    @once
    def _place(self) -> "LabelPlace":
        return place.LabelPlace(self._services.preferences)

    def _is_made(self, part: str) -> bool:
        return part in vars(self)

    # What the presenter says

    def show_list(self, found: OrderList, wanted: OrderFilter) -> None:
        self._is_listed = True
        self._total_fen = found.total_fen if found.counts else None
        gathered = {tab: sum(found.counts.get(s, 0) for s in states) for tab, states in wording.TABS.items()}
        self.tabs.set_counts({"": found.counts.get("", 0)} | gathered if found.counts else {})
        self._head.fit()
        self.tabs.set_current(wanted.state.split(",")[0])
        self.filters.show_filter(wanted)
        self.table.replace_rows(found.rowids, found.splices)
        detail = self.presenter.detail
        if detail is not None and self.table.selected_rowid() is None:
            self.table.show_selected(detail.rowid)  # the order may have been read before the list that holds it
        is_empty = not found.rowids
        if is_empty:
            self._say_empty(is_here=found.is_here, is_filtered=wanted != OrderFilter())
        elif not self.isVisible():
            self.model.want(0)  # nothing is painted that would ask for the rows
        self._lists.setCurrentWidget(self.empty_state if is_empty else self._list)
        if self._is_made("detail"):
            self.detail.setVisible(detail is not None and not is_empty)
        else:
            self._room.setVisible(not is_empty)
        self._show_notes()
        if is_empty:
            self.filled.emit()

    def show_detail(self, detail: "OrderDetail | None", actions: "Actions", *, is_revealed: bool) -> None:
        if detail is None:
            if self._is_made("detail"):
                self.detail.forget()
        else:
            self.detail.show_detail(detail, actions, is_revealed=is_revealed)
            self.detail.setVisible(self._lists.currentWidget() is self._list)
            self._lead_to_label(detail)
        if self._services.desk.on_duty is None:
            # At a start the orders may come before it is known who works here, and nobody tells of that.
            self._duty_timer.start()

    def select_row(self, rowid: int | None) -> None:
        if rowid is not None:
            self.table.show_selected(rowid)

    # What the shell says

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self.tabs.setAccessibleName(tr("States of orders"))
        self.table.setAccessibleName(tr("Orders"))
        self.tabs.set_tabs([Tab("", tr("All")), *(Tab(tab, wording.state_word(tab)) for tab in wording.TABS)])
        self.search_field.set_name(tr("Number, receiver, phone, goods"))
        self._head.fit()
        self._share_width()
        self.model.retranslate()
        if self._is_made("bulk"):
            self.bulk.refresh()
        self._show_notes()
        self.presenter.reload()
        if self.presenter.detail is not None:
            self.presenter.show_again()

    def page_shown(self) -> None:
        self.presenter.page_shown()

    def page_hidden(self) -> None:
        self.presenter.page_hidden()

    def open_row(self, row: object) -> None:
        """Show the order with this id, or the orders that a filter names."""
        self.search_field.clear()
        if isinstance(row, OrderFilter):
            self.presenter.show_filtered(row)
        else:
            self.presenter.go_to(str(row))

    # Acts

    def ship(self) -> None:
        """Ask how the open order is shipped, if it can be, or the ticked ones."""
        if self.model.checked():
            self.bulk.run(bulk.SHIP)
            return
        detail = self.presenter.detail
        if detail is None or not self.presenter.actions().ship or not self.detail.isVisible():
            return
        services = self._services
        dialog = dialogs.ShipDialog(services.runner, detail, services.desk.ids, self._carrier, self)
        dialog.shipped.connect(self._on_dialog_shipped)
        self._open(dialog)

    def print_label(self, parcel_id: object = "") -> None:
        """Show a parcel's label, the newest one's if none is named."""
        detail = self.presenter.detail
        wanted = str(parcel_id) or self.detail.newest_parcel()
        if detail is None or not self.presenter.actions().label or not self.detail.isVisible():
            return
        services = self._services
        form = self.papers.label_form if self.papers is not None else self._place.form
        where = (form, self._place.folder)
        dialog = label_dialog.LabelDialog(services.runner, (detail.order.id, wanted), services.desk.clock, where, self)
        if self.papers is not None:
            self.papers.serve(dialog)
        dialog.place_chosen.connect(self._on_dialog_place_chosen)
        self._open(dialog)

    def note(self) -> None:
        """Write the staff's remark on the open order."""
        if self.presenter.detail is not None and self.presenter.actions().note:
            self._open(dialogs.NoteDialog(self.presenter, self.presenter.detail, self))

    def refund(self) -> None:
        """Give money back for pieces of the open order."""
        detail = self.presenter.detail
        if detail is not None and self.presenter.actions().refund:
            dialog = refund_dialog.RefundDialog(self._services.runner, detail, self._services.desk.ids, self)
            dialog.refunded.connect(self._on_dialog_refunded)
            self._open(dialog)

    def cancel(self) -> None:
        """Ask whether the open order, which nobody has paid, is given up."""
        detail = self.presenter.detail
        if detail is None or not self.presenter.actions().cancel:
            return
        question = ask.Question(
            tr("Cancel order {number}?", number=detail.order.no),
            tr(
                "{amount} was not paid yet. The pieces are free again at once, or as soon as WeChat says that nobody is"
                " paying at this moment; if somebody has just paid, the order stays.",
                amount=format_fen(detail.order.total_fen),
            ),
            tr("Cancel the order"),
            tr("Keep the order"),
            is_dangerous=True,
        )
        dialog = ask.QuestionDialog(question, self)
        fitting.fit(dialog)
        dialog.accepted.connect(self._on_cancel_accepted)
        self._open(dialog)

    # Building

    def _assemble(self) -> None:
        card = Card(padding=1, parent=self)
        card.body.setSpacing(0)
        self._head = ListHead(self.tabs, self.search_field, self.filters.menu_button, card)
        card.body.addWidget(self._head)
        card.body.addWidget(self.filters)
        self._list = QWidget(card)
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
        self._lists = QStackedWidget(card)
        self._lists.addWidget(self._list)
        card.body.addWidget(self._lists, 1)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(metrics.SPACE_L)
        self._row.addWidget(card, 1)
        self._row.addWidget(self._room)
        self._room.setFixedWidth(_DETAIL_WIDTH)

    def _connect(self) -> None:
        self.tabs.tab_changed.connect(self._on_tabs_tab_changed)
        self.search_field.search_changed.connect(self._on_search_changed)
        self.table.order_chosen.connect(self._on_table_order_chosen)
        self.table.row_activated.connect(self._on_table_row_activated)
        self.model.dataChanged.connect(self._on_model_changed)
        self._duty_timer.timeout.connect(self.presenter.show_again)
        self.filters.kind_chosen.connect(self._on_filters_kind_chosen)
        self.filters.dropped.connect(self._on_filters_dropped)
        self.model.checks_changed.connect(self._on_model_checks_changed)

    def _bind_keys(self) -> None:
        bind(self, KEYS, {"search": self._on_search_keys, "ship": self.ship, "label": self.print_label})

    def _share_width(self) -> None:
        pane = self.detail if self._is_made("detail") else self._room
        self.table.share_width(self.width() - pane.width() - self._row.spacing())

    def _lead_to_label(self, detail: "OrderDetail") -> None:
        """After shipping the keyboard stands on what comes next, as soon as the new parcel is shown."""
        if self._just_shipped in {parcel.id for parcel in detail.parcels}:
            self._just_shipped = ""
            self.detail.focus_label()

    # Words

    def _show_notes(self) -> None:
        count = self.model.rowCount()
        loaded = min(self.model.loaded_count(), count)
        texts = [tr("{loaded} of {count} loaded", loaded=f"{loaded:,}", count=f"{count:,}")] if self._is_listed else []
        words = tr(
            "↑↓ choose · Enter open · Space tick · {search} search · {ship} ship",
            search=told(KEYS, "search"),
            ship=told(KEYS, "ship"),
        )
        texts.append(words)
        self._left_note.setText(" · ".join(texts))
        is_known = self._total_fen is not None
        self._right_note.setText(tr("Sum {amount}", amount=format_fen(self._total_fen or 0)) if is_known else "")

    def _say_empty(self, *, is_here: bool, is_filtered: bool) -> None:
        if not is_here:
            awaited.say_awaited(self.empty_state)
        elif is_filtered:
            step = empty_state.Step("clear", tr("Clear filter"), is_primary=True)
            self.empty_state.set_texts(tr("No orders fit"), "", (step,))
        else:
            note = tr("They appear here by themselves as soon as someone orders.")
            step = empty_state.Step(
                "products", tr("Go to products"), tr("Put goods on sale"), tr("Buyers see them at once"), "products"
            )
            self.empty_state.set_texts(tr("No orders yet"), note, (step,))

    def _open(self, dialog: "QDialog") -> None:
        self.dialog = dialog
        dialog.finished.connect(self._on_dialog_finished)
        dialog.open()

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
        actions = self.presenter.actions()
        target = self.detail.ship_button if actions.ship else self.detail.delivery_bar.next_button()
        target = target or (self.detail.label_button if actions.label else None)
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_model_changed(self) -> None:
        self._show_notes()
        if self.model.loaded_count():
            self.filled.emit()
        if self._is_made("bulk_bar") and self.bulk_bar.isVisible():
            self.bulk.refresh()  # what is known of the ticked orders now

    def _on_model_checks_changed(self) -> None:
        self.bulk.refresh()

    def _on_detail_give_up_wanted(self) -> None:
        self._giving_up.ask()

    def _on_delivery_act_wanted(self, act: object) -> None:
        self._delivering.act(str(act))

    def _on_empty_step_chosen(self, key: object) -> None:
        if key == "clear":
            self.search_field.clear()
            self.presenter.clear_filter()
        else:
            self._services.go(str(key), "")

    def _on_dialog_shipped(self, parcel_id: object, carrier: object) -> None:
        self._carrier, self._just_shipped = str(carrier), str(parcel_id)
        self.presenter.reload()
        self._services.say(tr("Shipped. It uploads by itself; the label can be printed now."))

    def _on_dialog_refunded(self, told: object) -> None:
        if isinstance(told, refunds.RefundSum):
            self.presenter.reload()
            amount = format_fen(told.total_fen)
            self._services.say(
                tr("{amount} goes back to the buyer; the order says when it has arrived.", amount=amount)
            )

    def _on_cancel_accepted(self) -> None:
        done = tr("The order is being cancelled.")
        self.presenter.cancel(lambda: self._services.say(done), self._services.say)

    def _on_dialog_place_chosen(self, form: object, folder: object) -> None:
        if isinstance(folder, Path):
            self._place.remember(str(form), folder)

    def _on_dialog_finished(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    # Qt's side

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
