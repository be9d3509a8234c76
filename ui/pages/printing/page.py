"""The print centre: what comes out where, what waits for a person, and every paper as it is printed."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.desk.printers import PDF_FOLDER, Language, PrinterSetup, Way
from app.desk.printing import JobPage, Printing
from app.domain.permission import Permission
from app.kernel.i18n import tr
from ui.bridge.services import PageServices
from ui.pages.printing import rows
from ui.pages.printing.entry import PrintingEntry
from ui.pages.printing.keys import KEYS
from ui.pages.printing.paper_card import PaperCard
from ui.pages.printing.presenter import PrintingPresenter
from ui.pages.printing.printer_card import PrinterCard
from ui.pages.printing.printer_dialog import PrinterDialog
from ui.pages.printing.rows import Row, Shown
from ui.pages.printing.station_dialog import StationDialog
from ui.theme import metrics
from ui.widgets.ask import Question, QuestionDialog
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.cell import Cell, Column, Mark
from ui.widgets.empty_state import EmptyState, Step
from ui.widgets.keys import bind
from ui.widgets.paged_table import PagedModel
from ui.widgets.progress import ProgressStrip
from ui.widgets.reprint_dialog import ReprintDialog
from ui.widgets.table_view import PagedTableView
from ui.widgets.tabs import SegmentedTabs, Tab
from ui.widgets.text import label

_CARDS_ACROSS = 3
_PAPER_WIDTHS = ((1200, 470), (1080, 420), (0, 360))
"""From which width of the page on how wide the paper beside the list is."""
_HEAD_SIDES = 14
_STATE_WIDTH = 168
_TIME_WIDTH = 102


class _RowSource:
    """The rows are here already: the presenter has them."""

    def __init__(self) -> None:
        self.rows: Sequence[Row] = ()

    def request_window(self, rowids: Sequence[int], callback: Callable[[Mapping[int, Row]], None]) -> None:
        callback({n: self.rows[n] for n in rowids if n < len(self.rows)})


class PrintingPage(QWidget):
    """Attributes: `printer_cards` by printer, `tabs`, `table`, `paper`, `presenter`, `empty_state`, `dialog`,
    `add_button`, `stations_button`, `progress`.
    """

    def __init__(self, services: PageServices, printing: Printing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._printing = printing
        self._source = _RowSource()
        self._is_refreshing = False
        self._left = 0
        self.dialog: QDialog | None = None
        self.printer_cards: dict[str, PrinterCard] = {}
        self.tabs = SegmentedTabs("", self)
        self.progress = ProgressStrip(parent=self)
        self.add_button = Button("", "plain", "add", self)
        self.stations_button = Button("", "plain", "local_only", self)
        self.table = PagedTableView("", parent=self)
        self.model: PagedModel[Row] = PagedModel(_columns(), self._source, parent=self)
        self.table.show_model(self.model)
        self.paper = PaperCard(self)
        self.empty_state = EmptyState("printing", self)
        self._note = label("", "note")
        self._assemble()
        self.presenter = PrintingPresenter(services.runner, self, printing, services.desk.clock, services.desk.ids)
        self._connect()
        self.retranslate()
        self.presenter.reload()

    # What the presenter says

    def show_board(self, shown: Shown, row: Row | None) -> None:
        self._show_printers(shown)
        self.tabs.set_counts(shown.counts)
        self.tabs.set_current(self.presenter.tab)
        self.progress.setVisible(shown.total > 1)
        self.progress.stop_button.setVisible(shown.left > 0)
        self._left = shown.left
        self.progress.set_progress(shown.done, shown.total)
        self._show_rows(shown.rows, row)
        self._lists.setCurrentWidget(self.table if shown.rows else self.empty_state)
        self.paper.setVisible(bool(shown.rows or shown.counts[rows.ALL]))
        self._fit_head()
        self._say_empty()
        today = tr("Came out today: {count}", count=shown.printed_today)
        self._note.setText(f"{today} · {tr('After a fault it goes on with the paper that did not come out')}")
        self._show_row(row)

    def show_page(self, page: JobPage | None) -> None:
        row = self.presenter.row
        waiting = tr("Choose a paper; here it stands as it is printed.") if row is None else ""
        if row is not None and row.asked is not None:
            waiting = tr("The paper is made when it is printed.")
        self.paper.show_page(page, waiting)

    def shown_rows(self) -> Sequence[Row]:
        """What the list holds now."""
        return self._source.rows

    def say(self, text: str) -> None:
        self._services.say(text)

    # What the shell says

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        names = {
            rows.ALL: tr("All"),
            rows.RUNNING: tr("Printing"),
            rows.PERSON: tr("Need you"),
            rows.ASKED: tr("Asked for"),
            rows.DONE: tr("Done"),
        }
        self.tabs.setAccessibleName(tr("States of papers"))
        self.tabs.set_tabs([Tab(key, names[key]) for key in rows.TABS])
        self.table.setAccessibleName(tr("Papers"))
        for button, words in ((self.add_button, tr("Add printer")), (self.stations_button, tr("Stations"))):
            button.setAccessibleName(words)
            button.setToolTip(words)
        self._fit_head()
        self.progress.set_title(tr("Printing"))
        self.progress.retranslate()
        self.paper.retranslate()
        self.model.retranslate()
        self.presenter.show_again()

    def page_shown(self) -> None:
        self.presenter.page_shown()

    def page_hidden(self) -> None:
        self.presenter.page_hidden()

    def open_row(self, row: object) -> None:
        """Show one paper."""
        self.presenter.choose_tab(rows.ALL)
        self.presenter.choose(str(row))

    # Acts

    def reprint(self) -> None:
        """Ask why, then print the chosen paper again."""
        row, job = self.presenter.row, self.presenter.job()
        if row is None or job is None or not self.presenter.can_reprint():
            return
        dialog = ReprintDialog(row.title, job.copy_no, job.ended_at, self)
        dialog.reason_given.connect(self._on_reason_given)
        self._open(dialog)

    def set_up(self, printer_id: object = "") -> None:
        """Change a printer, or add one."""
        found = self._printing.printers.printer(str(printer_id))
        fresh = PrinterSetup(self.presenter.ids.new(), "", Way.NETWORK, Language.TSPL, "")
        dialog = PrinterDialog(self._services.runner, self._printing, found or fresh, self)
        dialog.changed.connect(self.presenter.show_again)
        self._open(dialog)

    def assign(self) -> None:
        """Say which computers print by themselves."""
        board, person = self.presenter.board, self._services.desk.on_duty
        if board is not None:
            may = person is not None and person.may(Permission.SETTINGS_EDIT)
            self._open(StationDialog(self._services.runner, board, may, self))

    def leave_out_rest(self) -> None:
        """Ask, then print nothing of what has not begun."""
        question = Question(
            tr("Leave out the {count} that wait?", count=self._left),
            tr("What is at a printer comes out. No number is lost: each paper can be printed later."),
            tr("Leave them out"),
            tr("Go on printing"),
            is_dangerous=True,
        )
        dialog = QuestionDialog(question, self)
        dialog.accepted.connect(self.presenter.cancel_rest)
        self._open(dialog)

    # Building

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(metrics.SPACE_L)
        self._cards = QGridLayout()
        self._cards.setSpacing(metrics.SPACE_L)
        for place in range(_CARDS_ACROSS):
            self._cards.setColumnStretch(place, 1)
            self._cards.setColumnMinimumWidth(place, 1)
        column.addLayout(self._cards)
        below = QHBoxLayout()
        below.setSpacing(metrics.SPACE_L)
        card = Card(padding=1, parent=self)
        card.body.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(13, 11, 13, 11)
        head.setSpacing(metrics.SPACE_S)
        head.addWidget(self.tabs)
        head.addStretch(1)
        head.addWidget(self.stations_button)
        head.addWidget(self.add_button)
        card.body.addLayout(head)
        self.progress.setContentsMargins(15, 0, 15, 10)
        card.body.addWidget(self.progress)
        self._lists = QStackedWidget(card)
        self._lists.addWidget(self.table)
        self._lists.addWidget(self.empty_state)
        card.body.addWidget(self._lists, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 10, 16, 11)
        foot.addWidget(self._note, 1)
        card.body.addLayout(foot)
        below.addWidget(card, 1)
        below.addWidget(self.paper)
        column.addLayout(below, 1)
        for button in (self.stations_button, self.add_button):
            button.set_height(metrics.BUTTON_SMALL)

    def _connect(self) -> None:
        self.tabs.tab_changed.connect(self._on_tab_changed)
        self.table.row_selected.connect(self._on_row_selected)
        self.paper.act_wanted.connect(self._on_act_wanted)
        self.paper.turned.connect(self._on_turned)
        self.progress.stop_requested.connect(self.leave_out_rest)
        self.add_button.clicked.connect(self._on_add_clicked)
        self.stations_button.clicked.connect(self.assign)
        self.empty_state.step_chosen.connect(self._on_empty_step_chosen)
        turning = [key for key in KEYS if key.act in ("back", "forth")]
        others = [key for key in KEYS if key not in turning]
        turns = {"back": lambda: self.presenter.turn(-1), "forth": lambda: self.presenter.turn(1)}
        bind(self.table, turning, turns, Qt.ShortcutContext.WidgetWithChildrenShortcut)
        bind(self, others, {"reprint": self.reprint, "pause": self.presenter.toggle_pause})

    def _show_printers(self, shown: Shown) -> None:
        wanted = [printer.setup.id for printer in shown.printers]
        for printer_id in [each for each in self.printer_cards if each not in wanted]:
            gone = self.printer_cards.pop(printer_id)
            gone.hide()
            gone.deleteLater()
        for place, printer in enumerate(shown.printers):
            card = self.printer_cards.get(printer.setup.id) or self._new_card(printer.setup.id)
            self._cards.addWidget(card, place // _CARDS_ACROSS, place % _CARDS_ACROSS)
            card.show_printer(printer)

    def _show_rows(self, shown: Sequence[Row], chosen: Row | None) -> None:
        """A row that is selected because the list changed around it was chosen by nobody."""
        self._is_refreshing = True
        before = [each.id for each in self._source.rows]
        self._source.rows = shown
        if before != [each.id for each in shown]:
            self.model.set_rowids(())
            self.table.set_rowids(range(len(shown)))
        self.model.refresh()
        if chosen is not None:
            self.table.select_rowid(shown.index(chosen))
        self._is_refreshing = False

    def _new_card(self, printer_id: str) -> PrinterCard:
        card = PrinterCard(self)
        card.pause_wanted.connect(self._on_pause_wanted)
        card.ready_told.connect(self._on_ready_told)
        card.edit_wanted.connect(self.set_up)
        self.printer_cards[printer_id] = card
        return card

    def _show_row(self, row: Row | None) -> None:
        remark = tr("comes out in the printer's own letters") if self.presenter.is_set_by_printer() else ""
        self.paper.show_row(row, self.presenter.offers(), remark)

    def _say_empty(self) -> None:
        if self.presenter.tab:
            self.empty_state.set_texts(tr("No such papers"), "", ())
            return
        step = Step("orders", tr("Go to orders"), tr("Print from an order"), tr("Labels, receipts, lists"), "orders")
        note = tr("Whatever is printed stands here, with its printer and how it went.")
        self.empty_state.set_texts(tr("Nothing printed yet"), note, (step,))

    def _open(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._on_dialog_finished)
        dialog.open()

    # Slots

    def _on_tab_changed(self, key: object) -> None:
        self.presenter.choose_tab(str(key))

    def _on_row_selected(self, rowid: object) -> None:
        if not self._is_refreshing and isinstance(rowid, int) and rowid < len(self._source.rows):
            self.presenter.choose(self._source.rows[rowid].id)

    def _on_act_wanted(self, act: object) -> None:
        acts: dict[str, Callable[[], None]] = {
            "came_out": lambda: self.presenter.answer(came_out=True),
            "not_out": lambda: self.presenter.answer(came_out=False),
            "from_sheet": self.presenter.go_on_from_here,
            "print": self.presenter.print_asked,
            "retry": self.presenter.retry,
            "elsewhere": lambda: self.presenter.send_elsewhere(PDF_FOLDER),
            "cancel": self.presenter.cancel,
            "stop": self.presenter.cancel,
            "order": self._go_to_order,
            "reprint": self.reprint,
        }
        acts[str(act)]()

    def _go_to_order(self) -> None:
        row = self.presenter.row
        if row is not None:
            order_id = row.asked.request.order_id if row.asked else (row.job.order_ids[0] if row.job else "")
            self._services.go("orders", order_id)

    def _on_turned(self, by: object) -> None:
        if isinstance(by, int):
            self.presenter.turn(by)

    def _on_pause_wanted(self, printer_id: object) -> None:
        self.presenter.toggle_pause(str(printer_id))

    def _on_ready_told(self, printer_id: object) -> None:
        self.presenter.paper_is_in(str(printer_id))

    def _on_reason_given(self, reason: object) -> None:
        self.presenter.reprint(str(reason))

    def _on_add_clicked(self) -> None:
        self.set_up()

    def _on_empty_step_chosen(self, key: object) -> None:
        self._services.go(str(key), "")

    def _on_dialog_finished(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
        self.progress.set_stopping(False)
        self.presenter.reload()

    # Qt's side

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.table.take_arrow(event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = next(width for least, width in _PAPER_WIDTHS if self.width() >= least)
        self.paper.setFixedWidth(width)
        self._fit_head()

    def _fit_head(self) -> None:
        """The tabs leave out their counts before they are cut, and the buttons their words."""
        beside = self.paper.width() + metrics.SPACE_L if not self.paper.isHidden() else 0
        room = self.width() - beside - 2 * _HEAD_SIDES
        for words in ((tr("Stations"), tr("Add printer")), ("", "")):
            for button, word in zip((self.stations_button, self.add_button), words, strict=True):
                button.setText(word)
            taken = sum(button.sizeHint().width() for button in (self.stations_button, self.add_button))
            self.tabs.fit(room - taken - 2 * metrics.SPACE_S)
            if self.tabs.wanted_width() <= room - taken - 2 * metrics.SPACE_S:
                return


def _columns() -> tuple[Column[Row], ...]:
    return (
        Column("paper", lambda: tr("Paper"), lambda row: Cell(row.title, row.note)),
        Column("state", lambda: tr("State"), lambda row: Cell(marks=(Mark(row.state, row.tone),)), _STATE_WIDTH),
        Column("time", lambda: tr("Time"), lambda row: Cell(row.time, token="text2"), _TIME_WIDTH, "right"),
    )


def make_page(services: PageServices, parent: QWidget) -> QWidget:
    """The page's widget. Raises LookupError where this program cannot print."""
    if services.printing is None:
        raise LookupError("no printing")
    return PrintingPage(services, services.printing(), parent)


def entry(services: PageServices) -> PrintingEntry:
    """The page as the shell registers it."""
    return PrintingEntry(services, make_page)
