"""The dialog of one act for many orders: fill in, look over, send, and see what came of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.desk.runner import Runner
from app.domain.delivery import carriers
from app.kernel.i18n import tr
from ui.pages.orders.batch import MOST, BatchPresenter, Remedy, Tally, Work
from ui.pages.orders.batch_table import BatchModel, BatchTable
from ui.pages.orders.batch_work import NoteWork, ReadyWork, ShipWork
from ui.pages.orders.number_batch import NumberBatch
from ui.pages.orders.wording import carrier_word
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.enter import press_focused
from ui.widgets.notice import Notice
from ui.widgets.progress import ProgressStrip
from ui.widgets.text import label

_SIZE = (980, 620)
_NAMED = 4
_LONGEST_REMARK = 400


@dataclass(frozen=True)
class BatchWords:
    """``verb`` stands on the button while nothing is filled in, ``counted`` takes the number of orders."""

    title: str
    lead: str
    value_title: str
    verb: str
    counted: Callable[[int], str]
    done: str


def ship_words() -> BatchWords:
    return BatchWords(
        tr("Ship many orders"),
        tr("Type, scan or paste the numbers: Enter goes to the next order. Those without a number are left for later."),
        tr("Waybill number"),
        tr("Ship"),
        lambda count: tr("Ship {count}", count=count),
        tr("Shipped"),
    )


def ready_words() -> BatchWords:
    return BatchWords(
        tr("Mark many as prepared"),
        tr("Where do the goods stand? It can be left empty."),
        tr("Stands at"),
        tr("Mark as prepared"),
        lambda count: tr("Mark {count} as prepared", count=count),
        tr("Prepared"),
    )


def note_words() -> BatchWords:
    return BatchWords(
        tr("Remark on many orders"),
        tr("For the staff only. What stands there already stays above it."),
        "",
        tr("Write the remark"),
        lambda count: tr("Write on {count}", count=count),
        tr("Written"),
    )


class BatchDialog(QDialog):
    """Attributes: `presenter`, `table`, `start_button`, `strip`, `carrier_box`, `remark_edit`, `notice`, `tally_label`,
    `ask_button`, `labels_button`.

    Signals: `ended(object)` carries the tally each time a run has ended; `labels_wanted(object)` the parcels, each with
    its order, whose labels are to be printed here; `settings_wanted(object)` the place of the settings that must be
    mended first.
    """

    ended = Signal(object)
    labels_wanted = Signal(object)
    settings_wanted = Signal(object)

    def __init__(self, runner: Runner, work: Work, words: BatchWords, rowids: Sequence[int], parent: QWidget) -> None:
        super().__init__(parent)
        self._words = words
        self._was_running = False
        self.presenter = BatchPresenter(runner, self, work)
        self.setWindowTitle(words.title)
        self.setModal(True)
        self.resize(*_SIZE)
        self._is_shipping = isinstance(work, ShipWork)
        self._model = BatchModel(self.presenter, words.value_title, words.done, has_carrier=self._is_shipping)
        self.table = BatchTable(self.presenter, self._model, words.title, self)
        self.carrier_box = ChoiceBox([(known.code, carrier_word(known.code)) for known in carriers.CARRIERS], self)
        self.carrier_button = Button(tr("Use for all, or for those selected"), parent=self)
        self.remark_edit = QPlainTextEdit(self)
        self._left_out = Notice("warn", self)
        self.notice = Notice("danger", self)
        self.strip = ProgressStrip(words.title, self)
        self.tally_label = label("", "body", "muted", wraps=True)
        self.start_button = Button(words.verb, "primary", "check", self)
        self.numbers: NumberBatch | None = None
        self.ask_button = Button("", parent=self)
        self.labels_button = Button("", "plain", "printing", self)
        self._close_button = Button(tr("Close"), parent=self)
        self._assemble()
        self._connect()
        self.presenter.open(rowids)

    @property
    def carrier(self) -> str:
        """The carrier that was used last."""
        return self.carrier_box.key()

    def offer_numbers(self, numbers: NumberBatch) -> None:
        """Let numbers be asked for where the shop has an account with the carrier."""
        self.numbers = numbers
        numbers.on_labels = self._show_numbers
        self.ask_button.clicked.connect(self._on_ask_clicked)
        self.labels_button.clicked.connect(self._on_labels_clicked)
        self.finished.connect(numbers.close)
        self.show_state()

    def _show_numbers(self) -> None:
        numbers, is_running = self.numbers, self.presenter.is_running
        places = numbers.places() if numbers is not None else []
        count, labels = len(places), len(numbers.parcels) if numbers is not None else 0
        self.ask_button.setVisible(bool(count) and not is_running)
        self.ask_button.setText(tr("Get {count} numbers and ship", count=count) if count > 1 else tr("Get 1 number"))
        self.labels_button.setVisible(bool(labels) and not is_running)
        self.labels_button.setText(tr("Print {count} labels", count=labels) if labels > 1 else tr("Print 1 label"))
        self.strip.set_title(tr("Getting numbers") if numbers is not None and numbers.is_running else self._words.title)
        self.strip.set_stop_word(tr("Stop asking") if numbers is not None and numbers.is_running else "")
        typing = tr("Typing works without the network too.")
        self._note.setText(typing if count else tr("Works without the network too."))

    # What the presenter says

    def show_rows(self) -> None:
        self._model.show_all()
        self._tell_left_out()
        if self._is_shipping and self.presenter.rows:
            self.carrier_box.choose(self.presenter.rows[0].carrier)
        if self.remark_edit.isHidden():
            self.table.begin()
        else:
            self.remark_edit.setFocus()

    def show_row(self, place: int) -> None:
        self._model.show_row(place)

    def show_rows_again(self) -> None:
        self._model.show_again()

    def show_state(self) -> None:
        presenter = self.presenter
        tally, count = presenter.tally(), len(presenter.ready_places())
        self._show_numbers()
        self.strip.setVisible(presenter.is_running or presenter.is_over)
        self.strip.set_progress(tally.done + tally.refused, tally.total, tally.refused)
        self.table.show_remedies()
        self.strip.set_stopping(presenter.is_stopping)
        self.strip.stop_button.setVisible(presenter.is_running)
        said = tr(
            "{done} done · {refused} refused · {waiting} not sent",
            done=tally.done,
            refused=tally.refused,
            waiting=tally.waiting,
        )
        if self.numbers is not None and self.numbers.began_at is not None:
            said = _number_words(tally, self.numbers)
        self.tally_label.setText(said if tally.total else self._words.lead)
        text = self._words.counted(count) if count else self._words.verb
        self.start_button.setText(text)
        self.start_button.setEnabled(not presenter.is_running and bool(count))
        self.carrier_button.setEnabled(not presenter.is_running)
        self.remark_edit.setReadOnly(presenter.is_running)
        wrong = sum(bool(row.problem) for row in presenter.rows if row.is_open)
        many = tr("{count} orders must be put right first; F4 leads to them.", count=wrong)
        self.notice.say(tr("1 order must be put right first; F4 leads to it.") if wrong == 1 else many if wrong else "")
        if self._was_running and not presenter.is_running:
            self.ended.emit(tally)
            self._close_button.setFocus()
        self._was_running = presenter.is_running

    # Building

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*(metrics.SPACE_XL,) * 4)
        column.setSpacing(metrics.SPACE_M)
        column.addWidget(label(self._words.title, "emphasis"))
        column.addWidget(self.tally_label)
        column.addWidget(self._left_out)
        above = QHBoxLayout()
        above.setSpacing(metrics.SPACE_S)
        above.addWidget(self.carrier_box)
        above.addWidget(self.carrier_button)
        above.addStretch(1)
        column.addLayout(above)
        self.carrier_box.setAccessibleName(tr("Carrier"))
        for widget in (self.carrier_box, self.carrier_button):
            widget.setVisible(self._is_shipping)
        self.remark_edit.setAccessibleName(self._words.title)
        self.remark_edit.setTabChangesFocus(True)
        self.remark_edit.setFixedHeight(88)
        self.remark_edit.setVisible(isinstance(self.presenter.work, NoteWork))
        column.addWidget(self.remark_edit)
        column.addWidget(self.table, 1)
        column.addWidget(self.notice)
        column.addWidget(self.strip)
        row = QHBoxLayout()
        row.setSpacing(metrics.SPACE_S)
        self._note = label(tr("Works without the network too."), "note", wraps=True)
        row.addWidget(self._note, 1)
        row.addWidget(self._close_button)
        row.addWidget(self.labels_button)
        row.addWidget(self.ask_button)
        row.addWidget(self.start_button)
        column.addLayout(row)

    def _connect(self) -> None:
        self.start_button.clicked.connect(self._on_start)
        self._close_button.clicked.connect(self.reject)
        self.strip.stop_requested.connect(self.presenter.stop)
        self.carrier_button.clicked.connect(self._on_carrier_clicked)
        self.remark_edit.textChanged.connect(self._on_remark_changed)
        self.table.remedy_wanted.connect(self._on_remedy_wanted)
        self.finished.connect(self.presenter.close)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._on_start)
        QShortcut(QKeySequence("F4"), self).activated.connect(self._on_first_problem)

    def _tell_left_out(self) -> None:
        left = self.presenter.left_out
        named = " · ".join(f"{each.no} {each.why}" for each in left[:_NAMED])
        texts = []
        if len(left) == 1:
            texts.append(tr("1 order is left out: {orders}", orders=named))
        elif left:
            texts.append(tr("{count} orders are left out: {orders}", count=len(left), orders=named))
        if len(left) > _NAMED:
            texts[-1] += "…"
        if self.presenter.cut_off:
            texts.append(tr("At most {most} at a time; {count} wait.", most=MOST, count=self.presenter.cut_off))
        if not self.presenter.rows:
            texts.append(tr("There is nothing left to do here."))
        self._left_out.say("\n".join(texts))

    # Slots

    def _on_start(self) -> None:
        if any(row.problem for row in self.presenter.rows if row.is_open):
            self._on_first_problem()
        else:
            self.presenter.start()

    def _on_first_problem(self) -> None:
        place = self.presenter.first_problem()
        if place is not None:
            self.table.begin(place)

    def _on_carrier_clicked(self) -> None:
        self.presenter.choose_carrier(self.table.chosen_places(), self.carrier_box.key())

    def _on_remark_changed(self) -> None:
        work = self.presenter.work
        if isinstance(work, NoteWork):
            work.remark = self.remark_edit.toPlainText()[:_LONGEST_REMARK]
            self.show_state()

    def _on_ask_clicked(self) -> None:
        if self.numbers is not None:
            self.numbers.start()

    def _on_remedy_wanted(self, place: object) -> None:
        if not isinstance(place, int) or self.numbers is None or self.presenter.is_running:
            return
        remedy = self.presenter.rows[place].remedy
        if remedy is Remedy.RETRY:
            self.numbers.start(place)
        elif remedy is Remedy.CARRIER:
            self.table.choose_carrier(place)
        else:
            self.accept()
            self.settings_wanted.emit("carrier" if remedy is Remedy.ACCOUNT else "shop")

    def _on_labels_clicked(self) -> None:
        if self.numbers is not None:
            parcels, self.numbers.parcels = self.numbers.parcels, []
            self.labels_wanted.emit(parcels)
            self._show_numbers()

    # Qt's side

    def reject(self) -> None:
        """Esc stops first, and closes when nothing is under way; pressed again it closes all the same."""
        if self.presenter.is_running and not self.presenter.is_stopping:
            self.presenter.stop()
        else:
            super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not press_focused(self, event):
            super().keyPressEvent(event)


def _number_words(tally: Tally, numbers: NumberBatch) -> str:
    """How far it is with the numbers; while it runs also for how long, and what a stop would keep back."""
    said = [
        tr(
            "{done} numbers · {failed} without one · {waiting} waiting",
            done=tally.done,
            failed=tally.refused,
            waiting=tally.waiting,
        )
    ]
    if numbers.is_running:
        spent, left = numbers.times()
        said.append(tr("{seconds} s so far", seconds=spent))
        said += [tr("about {seconds} s left", seconds=left)] if left else []
        said += [tr("a stop keeps back the {count} not asked yet", count=numbers.unasked)] if numbers.unasked else []
    return " · ".join(said)


__all__ = ["BatchDialog", "BatchWords", "NoteWork", "ReadyWork", "ShipWork", "note_words", "ready_words", "ship_words"]
