"""The dialog that gives money back: which pieces, what they come to to the fen, and what becomes of the rest."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.desk.queries import OrderDetail
from app.desk.refunds import Choice, Key, RefundOffer, RefundSum
from app.desk.runner import Runner
from app.domain.aftersales.handlers import MAX_REASON
from app.kernel.i18n import tr
from app.kernel.ids import IdSource
from ui.bridge.pictures import PictureShelf
from ui.pages.orders.refunding import RefundPresenter
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.enter import press_focused
from ui.widgets.fitting import fit
from ui.widgets.form import Form
from ui.widgets.goods_tile import GoodsTile
from ui.widgets.money import MoneyLabel, format_fen
from ui.widgets.money_edit import QuantityEdit, count_complaint, read_counts
from ui.widgets.notice import Notice
from ui.widgets.scroll_column import ScrollColumn
from ui.widgets.text import ElidedLabel, label

_WIDTH = 560
_ROWS_SHOWN = 4
_ROW_HEIGHT = 52
_QTY_WIDTH = 140


class RefundDialog(QDialog):
    """Chooses pieces and says what goes back; the service alone decides, so it needs the network.

    Attributes: `qty_fields` by line and whether its pieces have left, `freight_box`, `reason_field`,
    `refund_button`, `problem_notice`.
    Signals: `refunded(object)` carries what was asked back.
    """

    refunded = Signal(object)

    def __init__(self, runner: Runner, detail: OrderDetail, ids: IdSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter = RefundPresenter(runner, self, detail.order.id, ids)
        self._pictures = detail.pictures
        self._shelf: PictureShelf | None = None
        title = tr("Refund {number}", number=detail.order.no)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setFixedWidth(_WIDTH)
        self.qty_fields: dict[Key, QuantityEdit] = {}
        self.freight_box = QCheckBox(self)
        self.freight_box.hide()
        self.reason_field = QLineEdit(self)
        self.reason_field.setMaxLength(MAX_REASON)
        self.reason_field.setPlaceholderText(tr("The buyer reads it in WeChat; may stay empty"))
        self.problem_notice = Notice("danger", self)
        self._effect = Notice("info", self)
        self._sums = QVBoxLayout()
        self._sums.setSpacing(metrics.SPACE_XS)
        self._rows = QVBoxLayout()
        self.refund_button = Button(tr("Refund"), "danger", parent=self)
        self.refund_button.setEnabled(False)
        self._decline_button = Button(tr("Do not refund"), parent=self)
        self._assemble(title)
        self.freight_box.toggled.connect(self._on_choice_changed)
        self.refund_button.clicked.connect(self._on_refund_clicked)
        self._decline_button.clicked.connect(self.reject)
        self.finished.connect(self._on_finished)
        self._presenter.open()

    def show_pictures(self, shelf: PictureShelf | None) -> None:
        """Put the goods' pictures in the place of their tiles."""
        self._shelf = shelf
        for tile in self.findChildren(GoodsTile):
            tile.follow(shelf)

    # What the presenter says

    def show_offer(self, offer: RefundOffer | None) -> None:
        if offer is None:
            self.show_problem(tr("There is nothing left to refund."))
            return
        for choice in offer.choices:
            self._scroll.column.addWidget(self._row(choice, is_fixed=offer.is_whole_only))
        self._scroll.column.addStretch(1)
        self._scroll.setFixedHeight(max(1, min(len(offer.choices), _ROWS_SHOWN)) * _ROW_HEIGHT)
        self.freight_box.setText(tr("Freight {amount} as well", amount=format_fen(offer.freight_left_fen)))
        first = next(iter(self.qty_fields.values()), None)
        if first is not None:
            first.setFocus()

    def show_sum(self, told: RefundSum) -> None:
        self._clear_sums()
        for line, qty, fen in told.parts:
            self._sums.addWidget(_sum_row(f"{line.title} ×{qty}", format_fen(fen)))
        if told.freight_fen:
            self._sums.addWidget(_sum_row(tr("Freight"), format_fen(told.freight_fen)))
        self._sums.addWidget(_sum_row(tr("Goes back"), format_fen(told.total_fen), is_total=True))
        offer = self._presenter.offer
        can_choose_freight = offer is not None and not offer.is_whole_only and bool(offer.freight_left_fen)
        self.freight_box.setVisible(can_choose_freight and not told.cancels)
        self._effect.say(self._effect_text(told))
        self.refund_button.setEnabled(bool(told.total_fen) or (offer is not None and offer.is_whole_only))
        amount = format_fen(told.total_fen)
        self.refund_button.setText(tr("Refund {amount}", amount=amount) if told.total_fen else tr("Refund"))
        fit(self)

    def show_problem(self, text: str) -> None:
        self.problem_notice.say(text)
        fit(self)

    def show_busy(self, *, is_busy: bool) -> None:
        self.refund_button.setEnabled(not is_busy)
        self.refund_button.setText(tr("Asking the service…") if is_busy else tr("Refund"))

    def finish(self, told: RefundSum) -> None:
        self.refunded.emit(told)
        self.accept()

    # Building

    def _assemble(self, title: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*(metrics.SPACE_XL,) * 4)
        column.setSpacing(metrics.SPACE_M)
        column.addWidget(label(title, "emphasis"))
        self._scroll = ScrollColumn(tr("What goes back"), metrics.SPACE_S, metrics.SPACE_S, self)
        self._scroll.setFixedHeight(_ROW_HEIGHT)
        column.addWidget(self._scroll)
        column.addWidget(self.freight_box)
        form = Form(self)
        form.add_row(tr("Reason"), self.reason_field)
        column.addWidget(form)
        column.addLayout(self._sums)
        column.addWidget(self._effect)
        column.addWidget(self.problem_notice)
        buttons = QHBoxLayout()
        buttons.setSpacing(metrics.SPACE_S)
        buttons.addWidget(label(tr("Needs the network."), "note"), 1)
        buttons.addWidget(self._decline_button)
        buttons.addWidget(self.refund_button)
        column.addLayout(buttons)

    def _row(self, choice: Choice, *, is_fixed: bool) -> QWidget:
        row = QWidget(self)
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(metrics.SPACE_M)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(ElidedLabel(choice.line.title, "strong"))
        state = tr("Already shipped") if choice.has_left else tr("Not shipped yet")
        words.addWidget(ElidedLabel("\u3000".join(part for part in (state, choice.line.spec_text) if part), "note"))
        name = tr("Pieces of {title} that go back", title=choice.line.title)
        field = QuantityEdit(name, choice.most if is_fixed else 0, choice.most, row)
        field.set_value(choice.most if is_fixed else 0)
        field.setFixedWidth(_QTY_WIDTH)
        field.setEnabled(not is_fixed)
        field.value_changed.connect(self._on_choice_changed)
        self.qty_fields[choice.key] = field
        sha256 = choice.line.sha256 or self._pictures.get(choice.line.product_id, "")
        across.addWidget(GoodsTile(self._shelf, choice.line.title, sha256, row))
        across.addLayout(words, 1)
        across.addWidget(field)
        across.addWidget(label(f"/ {choice.most}", "muted"))
        return row

    # Showing

    def _clear_sums(self) -> None:
        while item := self._sums.takeAt(0):
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    @staticmethod
    def _effect_text(told: RefundSum) -> str:
        if told.cancels:
            return tr("Nothing of this order leaves: it is cancelled, and its coupon can be used again.")
        if told.open_qty:
            return tr("The other {count} still have to be shipped.", count=told.open_qty)
        return ""

    def _counts(self) -> dict[Key, int] | None:
        """The pieces that go back; None, said and without a sum, while one of the fields holds no count."""
        counts = read_counts(self.qty_fields)
        if counts is None:
            self._clear_sums()
            self._effect.say("")
            self.refund_button.setEnabled(False)
            self.refund_button.setText(tr("Refund"))
            self.show_problem(count_complaint(self.qty_fields))
        return counts

    def _on_choice_changed(self) -> None:
        self.problem_notice.say("")
        if (counts := self._counts()) is not None:
            self._presenter.choose(counts, with_freight=self.freight_box.isChecked())

    def _on_refund_clicked(self) -> None:
        if (counts := self._counts()) is not None:
            with_freight = self.freight_box.isChecked()
            self._presenter.refund(counts, self.reason_field.text(), with_freight=with_freight)

    def _on_finished(self) -> None:
        self._presenter.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field must not give money back."""
        if not press_focused(self, event):
            super().keyPressEvent(event)


def _sum_row(title: str, amount: str, *, is_total: bool = False) -> QWidget:
    row = QWidget()
    across = QHBoxLayout(row)
    across.setContentsMargins(0, 0, 0, 0)
    across.addWidget(ElidedLabel(title, "strong" if is_total else "muted"), 1)
    figure = MoneyLabel(None, "emphasis" if is_total else "body")
    figure.setText(amount)
    across.addWidget(figure)
    return row
