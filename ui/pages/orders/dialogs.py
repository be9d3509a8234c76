"""The dialogs of an order: shipping it, and the staff's remark."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.desk.queries import OrderDetail
from app.desk.runner import Runner
from app.domain.delivery import carriers
from app.domain.orders.model import OrderLine
from app.kernel.i18n import tr
from app.kernel.ids import IdSource
from app.printing.masking import mask_address, mask_name, mask_phone
from ui.bridge.pictures import PictureShelf
from ui.pages.orders.giving_up import stop_waiting
from ui.pages.orders.numbering import NumberPresenter
from ui.pages.orders.presenter import OrdersPresenter
from ui.pages.orders.shipping import ShipPresenter
from ui.pages.orders.wording import carrier_word
from ui.theme import metrics
from ui.widgets.ask import QuestionDialog
from ui.widgets.button import Button
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.enter import press_focused
from ui.widgets.fitting import fit
from ui.widgets.form import Form
from ui.widgets.goods_tile import GoodsTile
from ui.widgets.money_edit import QuantityEdit, count_complaint, read_counts
from ui.widgets.notice import Notice
from ui.widgets.scroll_column import ScrollColumn
from ui.widgets.text import ElidedLabel, label

_WIDTH = 560
_LINES_SHOWN = 4
_LINE_HEIGHT = 52
_QTY_WIDTH = 140


class NumberField(QLineEdit):
    """A waybill number, typed or scanned.

    Signals: `entered()` on Enter, which ends with the field: a scanner's Enter must not ship, because the clerk has
    not looked at the pieces yet.
    """

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            event.accept()
        else:
            super().keyPressEvent(event)


class ShipDialog(QDialog):
    """Asks for carrier, waybill number and pieces. A scanner's Enter only leads on to the button.

    Where the shop has an account with the carrier, the number can be asked for instead; that goes on when the dialog
    is closed.

    Attributes: `carrier_box`, `number_field`, `qty_fields` by line id, `ship_button`, `ask_button`, `asking_notice`,
    `give_up_button`, `question`, `refusal_notice`.
    Signals: `shipped(object, object)` carries the parcel's id and the carrier.
    """

    shipped = Signal(object, object)

    def __init__(self, runner: Runner, detail: OrderDetail, ids: IdSource, carrier: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter = ShipPresenter(runner, self, detail, ids)
        self._numbers = NumberPresenter(runner, self, detail, ids)
        self.setWindowTitle(tr("Ship {number}", number=detail.order.no))
        self.setModal(True)
        self.setFixedWidth(_WIDTH)
        self.carrier_box = ChoiceBox([(known.code, carrier_word(known.code)) for known in carriers.CARRIERS], self)
        self.carrier_box.setCurrentIndex(max(0, self.carrier_box.findData(carrier)))
        self.number_field = NumberField(self)
        self.number_field.setMaxLength(64)
        self.number_field.setPlaceholderText(tr("Type it, or scan the waybill"))
        self.qty_fields: dict[str, QuantityEdit] = {}
        self.refusal_notice = Notice("danger", self)
        self.asking_notice = Notice("info", self)
        self.give_up_button = Button(tr("Stop waiting…"), parent=self)
        self.question: QuestionDialog | None = None
        self.ship_button = Button(tr("Ship"), "primary", "shipping", self)
        self.ask_button = Button(tr("Get a number and ship"), parent=self)
        self._cancel_button = Button(tr("Not yet"), parent=self)
        self._assemble(detail)
        self._connect()
        self._offer_numbers()
        self.number_field.setFocus()
        self._numbers.resume()

    def show_pictures(self, shelf: PictureShelf | None) -> None:
        """Put the goods' pictures in the place of their tiles."""
        for tile in self.findChildren(GoodsTile):
            tile.follow(shelf)

    # What the presenters say

    def show_asking(self, text: str, *, is_unclear: bool = False) -> None:
        """A number is on its way, and nothing else can be done to the order meanwhile; "" when it is not."""
        is_asking = bool(text)
        self.asking_notice.say(text)
        self.give_up_button.setVisible(is_unclear)
        if self.question is not None and not is_unclear:
            self.question.reject()
        for widget in (self.carrier_box, self.number_field, self.ship_button, self.ask_button):
            widget.setEnabled(not is_asking)
        for field in self.qty_fields.values():
            field.setEnabled(not is_asking)
        self._cancel_button.setText(tr("Close, it goes on") if is_asking else tr("Not yet"))
        fit(self)

    def show_number_problem(self, text: str) -> None:
        self._number_row.set_problem(text)
        if text:
            self.number_field.setFocus()
            self.number_field.selectAll()
        fit(self)

    def show_refusal(self, text: str, *, is_problem: bool = True) -> None:
        self.refusal_notice.say(text, "danger" if is_problem else "info")
        fit(self)

    def finish(self, parcel_id: str) -> None:
        self.shipped.emit(parcel_id, self.carrier_box.currentData())
        self.accept()

    # Building

    def _assemble(self, detail: OrderDetail) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*(metrics.SPACE_XL,) * 4)
        column.setSpacing(metrics.SPACE_M)
        column.addWidget(label(tr("Ship {number}", number=detail.order.no), "emphasis"))
        if detail.contact is not None:
            contact = detail.contact
            name, phone = mask_name(contact.name), mask_phone(contact.phone)
            where = mask_address(contact.address, contact.name)
            column.addWidget(label(f"{name}  {phone}\n{where}", "body", "muted", wraps=True))
        form = Form(self)
        form.add_row(tr("Carrier"), self.carrier_box)
        self._number_row = form.add_row(tr("Waybill number"), self.number_field)
        column.addWidget(form)
        column.addWidget(label(tr("In this parcel"), "label"))
        column.addWidget(self._lines())
        column.addWidget(self.refusal_notice)
        column.addWidget(self.asking_notice)
        column.addWidget(self.give_up_button, 0, Qt.AlignmentFlag.AlignRight)
        self.give_up_button.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(metrics.SPACE_S)
        self._note = label("", "note", wraps=True)
        buttons.addWidget(self._note, 1)
        buttons.addWidget(self._cancel_button)
        buttons.addWidget(self.ask_button)
        buttons.addWidget(self.ship_button)
        column.addLayout(buttons)

    def _lines(self) -> QWidget:
        lines = self._presenter.open_lines
        scroll = ScrollColumn(tr("In this parcel"), metrics.SPACE_S, metrics.SPACE_S, self)
        for line, left in lines:
            scroll.column.addWidget(self._line(line, left))
        scroll.column.addStretch(1)
        scroll.setFixedHeight(min(len(lines), _LINES_SHOWN) * _LINE_HEIGHT)
        return scroll

    def _line(self, line: OrderLine, left: int) -> QWidget:
        row = QWidget(self)
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(metrics.SPACE_M)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(ElidedLabel(line.title, "strong"))
        shelf = self._presenter.detail.shelves.get(line.sku_id, "")
        words.addWidget(ElidedLabel("\u3000".join(part for part in (shelf, line.spec_text) if part), "note"))
        field = QuantityEdit(tr("Pieces of {title}", title=line.title), 0, left, row)
        field.set_value(left)
        field.setFixedWidth(_QTY_WIDTH)
        field.problem_changed.connect(self._on_qty_problem_changed)
        self.qty_fields[line.id] = field
        sha256 = line.sha256 or self._presenter.detail.pictures.get(line.product_id, "")
        across.addWidget(GoodsTile(None, line.title, sha256, row))
        across.addLayout(words, 1)
        across.addWidget(field)
        across.addWidget(label(f"/ {left}", "muted"))
        return row

    def _connect(self) -> None:
        self.ship_button.clicked.connect(self._on_ship_clicked)
        self._cancel_button.clicked.connect(self.reject)
        self.number_field.editingFinished.connect(self._on_number_finished)
        self.number_field.entered.connect(self._on_number_entered)
        self.number_field.textEdited.connect(self._on_number_edited)
        self.carrier_box.currentIndexChanged.connect(self._on_carrier_changed)
        self.ask_button.clicked.connect(self._on_ask_clicked)
        self.give_up_button.clicked.connect(self._on_give_up_clicked)
        self.finished.connect(self._numbers.close)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._on_ship_clicked)

    def _carrier(self) -> str:
        return str(self.carrier_box.currentData())

    def _check_number(self) -> None:
        typed = self.number_field.text()
        self._number_row.set_problem(self._presenter.number_problem(self._carrier(), typed) if typed.strip() else "")
        fit(self)

    def _on_number_finished(self) -> None:
        normal = carriers.normal_waybill(self.number_field.text())
        if normal != self.number_field.text():
            self.number_field.setText(normal)
        self._check_number()

    def _on_number_edited(self) -> None:
        """What is being typed is not complained about yet."""
        self._number_row.set_problem("")
        self.show_refusal("")

    def _on_carrier_changed(self) -> None:
        self._offer_numbers()
        self._check_number()

    def _offer_numbers(self) -> None:
        """A number can be asked for only of a carrier with which the shop has an account."""
        can_ask = self._numbers.can_ask(self._carrier())
        self.ask_button.setVisible(can_ask)
        works = tr("Works without the network too.")
        self._note.setText(tr("Typing works without the network too.") if can_ask else works)

    def _quantities(self) -> dict[str, int] | None:
        """The pieces of each line; None, and said, while one of the fields holds no count."""
        counts = read_counts(self.qty_fields)
        if counts is None:
            self.show_refusal(count_complaint(self.qty_fields))
        return counts

    def _on_qty_problem_changed(self, _problem: object) -> None:
        self.show_refusal(count_complaint(self.qty_fields))

    def _on_ship_clicked(self) -> None:
        if self.ship_button.isEnabled() and (counts := self._quantities()) is not None:
            self._presenter.ship(self._carrier(), self.number_field.text(), counts)

    def _on_ask_clicked(self) -> None:
        self.show_number_problem("")
        self.show_refusal("")
        if (counts := self._quantities()) is not None:
            self._numbers.ask(self._carrier(), counts)

    def _on_give_up_clicked(self) -> None:
        self.question = stop_waiting(self._numbers.carrier, self)
        self.question.accepted.connect(self._numbers.withdraw)
        self.question.finished.connect(self._on_question_finished)
        fit(self.question)
        self.question.open()

    def _on_question_finished(self) -> None:
        if self.question is not None:
            self.question.deleteLater()
            self.question = None

    def _on_number_entered(self) -> None:
        self._on_number_finished()
        if not self._presenter.number_problem(self._carrier(), self.number_field.text()):
            self.ship_button.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not press_focused(self, event):
            super().keyPressEvent(event)


class NoteDialog(QDialog):
    """The staff's remark on an order; buyers never see it.

    Attributes: `edit`, `save_button`, `problem_notice`.
    """

    def __init__(self, presenter: OrdersPresenter, detail: OrderDetail, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter = presenter
        title = tr("Remark on {number}", number=detail.order.no)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setFixedWidth(_WIDTH - 80)
        self.edit = QPlainTextEdit(detail.order.staff_remark, self)
        self.edit.setAccessibleName(title)
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(120)
        self.problem_notice = Notice("danger", self)
        self.save_button = Button(tr("Save remark"), "primary", parent=self)
        cancel = Button(tr("Leave as it was"), parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(metrics.SPACE_XL,) * 4)
        column.setSpacing(metrics.SPACE_M)
        column.addWidget(label(title, "emphasis"))
        column.addWidget(label(tr("For the staff only; buyers do not see it."), "body", "muted", wraps=True))
        column.addWidget(self.edit)
        column.addWidget(self.problem_notice)
        row = QHBoxLayout()
        row.setSpacing(metrics.SPACE_S)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.save_button)
        column.addLayout(row)
        cancel.clicked.connect(self.reject)
        self.save_button.clicked.connect(self._on_save_clicked)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._on_save_clicked)
        self.edit.setFocus()

    def _on_save_clicked(self) -> None:
        self._presenter.note(self.edit.toPlainText(), self.accept, self._show_problem)

    def _show_problem(self, text: str) -> None:
        self.problem_notice.say(text)
        fit(self)
