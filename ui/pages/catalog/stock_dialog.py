"""Adjusting and counting one article, and why its number is what it is."""

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QHeaderView, QStackedWidget, QTableView, QVBoxLayout, QWidget

from app.desk.goods import SkuDetail
from app.desk.runner import Runner
from app.desk.session import OnDuty
from app.desk.stock import MovementLine, StockStory
from app.domain.permission import Permission
from app.domain.stock.model import MovementReason
from app.kernel.clock import Clock
from app.kernel.i18n import tr
from ui.pages.catalog import wording
from ui.pages.catalog.parts import button_row
from ui.pages.catalog.stocking import REASONS, StockPresenter
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.fitting import fit
from ui.widgets.form import Form
from ui.widgets.money_edit import QuantityEdit
from ui.widgets.notice import Notice
from ui.widgets.tabs import SegmentedTabs, Tab
from ui.widgets.text import ElidedLabel, label

_WIDTH = 640
_TABLE_HEIGHT = 208
_HEAD_HEIGHT = 36
_MINUSES = ("-", "\u2212", "\uff0d")
_PROMISES_SHOWN = 3
_ANY = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class MovementModel(QAbstractTableModel):
    """Movements, newest first, each with the balance after it."""

    def __init__(self, clock: Clock, parent: QWidget) -> None:
        super().__init__(parent)
        self._clock = clock
        self._lines: tuple[MovementLine, ...] = ()

    def show_lines(self, lines: tuple[MovementLine, ...]) -> None:
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def rowCount(self, parent: _ANY = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: _ANY = _NO_INDEX) -> int:
        return 0 if parent.isValid() else 5

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in (3, 4) else _LEFT
        titles = (tr("When"), tr("Reason"), tr("Source"), tr("Pieces"), tr("On hand after"))
        return titles[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: _ANY, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if index.column() in (3, 4) else _LEFT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        line = self._lines[index.row()]
        moved = line.movement
        return (
            wording.moment(moved.happened_at, self._clock.now()),
            wording.reason_word(moved.reason),
            line.source or line.name,
            wording.signed(moved.delta_qty),
            wording.whole(line.balance_qty),
        )[index.column()]


class StockDialog(QDialog):
    """Attributes: `tabs`, `reason_box`, `qty_field`, `count_field`, `save_button`, `refusal_notice`, `movements`.

    Signals: `saved()`.
    """

    saved = Signal()

    def __init__(
        self, runner: Runner, article: tuple[str, SkuDetail], person: OnDuty | None, clock: Clock, parent: QWidget
    ) -> None:
        super().__init__(parent)
        title, detail = article
        self.presenter = StockPresenter(runner, self, detail.sku.id)
        spec = wording.spec_word(detail.sku.spec_key)
        self.setWindowTitle(tr("Stock of {article}", article=f"{title} · {spec}"))
        self.setModal(True)
        self.setFixedWidth(_WIDTH)
        self.tabs = SegmentedTabs(tr("Way to change the stock"), self)
        self.tabs.set_tabs(self._ways(person))
        self.reason_box = ChoiceBox([(reason.value, _reason_choice(reason)) for reason in REASONS], self)
        self.qty_field = QuantityEdit(tr("Pieces"), 0, 1_000_000, self)
        self.count_field = QuantityEdit(tr("Counted pieces"), 0, 1_000_000, self)
        self.count_field.field.clear()
        self.movements = MovementModel(clock, self)
        self.refusal_notice = Notice("danger", self)
        self.save_button = Button(tr("Save"), "primary", parent=self)
        self.save_button.setEnabled(False)
        self._figure = label("", "figure")
        self._formula = label("", "note")
        self._after = label("", "muted", wraps=True)
        self._promises = ElidedLabel("", "note")
        self._cancel_button = Button(tr("Leave as it was"), parent=self)
        self._assemble(title, spec)
        self._connect()
        self._show_way()
        self.presenter.open()

    # What the presenter says

    def show_story(self, story: StockStory) -> None:
        self._figure.setText(tr("Available {count}", count=wording.whole(story.available_qty)))
        numbers = tr(
            "On hand {hand} − reserved {reserved} = {available}",
            hand=wording.whole(story.on_hand_qty),
            reserved=wording.whole(story.reserved_qty),
            available=wording.whole(story.available_qty),
        )
        self._formula.setText(numbers)
        self.movements.show_lines(story.movements)
        self._show_promises(story)
        self.save_button.setEnabled(bool(self.presenter.level.location_id))
        self._show_after()

    def show_refusal(self, text: str) -> None:
        self.refusal_notice.say(text)
        fit(self)

    def finish(self) -> None:
        self.saved.emit()
        self.accept()

    # Building

    @staticmethod
    def _ways(person: OnDuty | None) -> list[Tab]:
        ways = (("adjust", tr("Adjust"), Permission.STOCK_ADJUST), ("count", tr("Count"), Permission.STOCK_COUNT))
        return [Tab(key, title) for key, title, needed in ways if person is not None and person.may(needed)]

    def _assemble(self, title: str, spec: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*(metrics.SPACE_XL,) * 4)
        column.setSpacing(metrics.SPACE_M)
        head = QHBoxLayout()
        head.setSpacing(metrics.SPACE_M)
        words = QVBoxLayout()
        words.setSpacing(metrics.SPACE_XS)
        words.addWidget(ElidedLabel(title, "emphasis"))
        words.addWidget(ElidedLabel(spec, "muted"))
        head.addLayout(words, 1)
        figures = QVBoxLayout()
        figures.setSpacing(metrics.SPACE_XS)
        figures.addWidget(self._figure, 0, Qt.AlignmentFlag.AlignRight)
        figures.addWidget(self._formula, 0, Qt.AlignmentFlag.AlignRight)
        head.addLayout(figures)
        column.addLayout(head)
        column.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._forms())
        column.addWidget(self._after)
        column.addWidget(self.refusal_notice)
        column.addWidget(label(tr("Why this number"), "label"))
        column.addWidget(self._table())
        column.addWidget(self._promises)
        column.addLayout(button_row(tr("Works unplugged too."), self._cancel_button, self.save_button))

    def _forms(self) -> QStackedWidget:
        self._stack = QStackedWidget(self)
        adjust, count = Form(self), Form(self)
        adjust.add_row(tr("Reason"), self.reason_box)
        adjust.add_row(tr("Pieces"), self.qty_field)
        count.add_row(tr("Counted pieces"), self.count_field, tr("What lies on the shelf now, reserved pieces too."))
        for form in (adjust, count):
            page = QWidget(self._stack)
            page.setProperty("ground", "clear")
            column = QVBoxLayout(page)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(form)
            column.addStretch(1)
            self._stack.addWidget(page)
        return self._stack

    def _table(self) -> QTableView:
        table = QTableView(self)
        table.setModel(self.movements)
        table.setAccessibleName(tr("Why this number"))
        table.setShowGrid(False)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(34)
        heads = table.horizontalHeader()
        heads.setHighlightSections(False)
        heads.setFixedHeight(_HEAD_HEIGHT)
        for column, width in enumerate((110, 100, 0, 80, 116)):
            heads.setSectionResizeMode(
                column, QHeaderView.ResizeMode.Fixed if width else QHeaderView.ResizeMode.Stretch
            )
            if width:
                table.setColumnWidth(column, width)
        # Under their titles, which are set in from the edge.
        table.setStyleSheet("QTableView::item { padding: 0 9px; }")
        table.setFixedHeight(_TABLE_HEIGHT)
        return table

    def _connect(self) -> None:
        self.qty_field.field.installEventFilter(self)
        self.tabs.tab_changed.connect(self._show_way)
        self.reason_box.currentIndexChanged.connect(self._show_after)
        self.qty_field.value_changed.connect(self._show_after)
        self.count_field.value_changed.connect(self._on_count_changed)
        for field in (self.qty_field, self.count_field):
            field.problem_changed.connect(self._on_field_problem_changed)
        self.save_button.clicked.connect(self._on_save_clicked)
        self._cancel_button.clicked.connect(self.reject)
        self.finished.connect(self._on_finished)
        for keys in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._on_save_clicked)

    def _is_counting(self) -> bool:
        return self.tabs.current() == "count"

    # Showing

    def _show_way(self) -> None:
        self._stack.setCurrentIndex(1 if self._is_counting() else 0)
        field = self.count_field if self._is_counting() else self.qty_field
        self.refusal_notice.say("")
        self._show_after()
        fit(self)
        field.setFocus()
        field.field.selectAll()

    def _show_promises(self, story: StockStory) -> None:
        """Which orders the reserved pieces wait for."""
        numbers = ", ".join(f"{promise.order_no} ×{promise.qty}" for promise in story.promises[:_PROMISES_SHOWN])
        if story.promise_count > _PROMISES_SHOWN:
            numbers += " …"
        self._promises.setText(tr("Reserved for {numbers}", numbers=numbers) if numbers else tr("Nothing is reserved."))

    def _show_after(self) -> None:
        """What the number becomes, before it is saved."""
        hand = self.presenter.level.on_hand_qty
        value = self.count_field.value() if self._is_counting() else self.qty_field.value()
        if value is None or self.presenter.story is None:
            self._after.setText(tr("On hand now {hand}", hand=wording.whole(hand)))
            return
        if self._is_counting():
            delta = self.presenter.count_difference(value)
        else:
            delta = self.presenter.delta(MovementReason(self.reason_box.key()), value)
        self._after.setText(
            tr(
                "On hand {before} {delta} = {after}",
                before=wording.whole(hand),
                delta=wording.signed(delta),
                after=wording.whole(hand + delta),
            )
        )

    # Slots

    def _on_count_changed(self) -> None:
        self.presenter.note_count()
        self._show_after()

    def _on_field_problem_changed(self, _problem: object) -> None:
        fit(self)

    def _on_save_clicked(self) -> None:
        if self._is_counting():
            self.presenter.count(self.count_field.value())
        else:
            self.presenter.adjust(MovementReason(self.reason_box.key()), self.qty_field.value())

    def _on_finished(self) -> None:
        self.presenter.close()

    # Qt's side

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A minus does not come into a number of pieces, and is not dropped without a word."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.text() in _MINUSES:
            self.refusal_notice.say(tr("No minus is needed: the reason says whether pieces come or go."))
            fit(self)
            return True
        return super().eventFilter(watched, event)

    def reject(self) -> None:
        if not self.presenter.is_busy:
            super().reject()


def _reason_choice(reason: MovementReason) -> str:
    """The reason, and whether it brings pieces or takes them."""
    sign = wording.signed(StockPresenter.delta(reason, 1))[0]
    return f"{wording.reason_word(reason)} ({sign})"
