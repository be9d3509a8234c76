"""The dialog of one more article of a product."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QVBoxLayout, QWidget

from app.desk.goods import ProductDetail
from app.kernel.i18n import tr
from ui.bridge.services import PageServices
from ui.pages.catalog import wording
from ui.pages.catalog.adding import AddArticlePresenter, ArticleDraft
from ui.pages.catalog.parts import button_row
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.fitting import fit
from ui.widgets.form import Form, FormRow
from ui.widgets.money_edit import MoneyEdit, QuantityEdit
from ui.widgets.notice import Notice
from ui.widgets.text import ElidedLabel, label

_WIDTH = 520


class ArticleDialog(QDialog):
    """Attributes: `value_boxes` by axis, `price_edit`, `barcode_field`, `code_field`, `shelf_field`, `weight_edit`,
    `save_button`, `refusal_notice`.

    Signals: `added()`.
    """

    added = Signal()

    def __init__(self, services: PageServices, detail: ProductDetail, parent: QWidget) -> None:
        super().__init__(parent)
        self.presenter = AddArticlePresenter(services.runner, self, services.desk.ids, detail)
        self.setWindowTitle(tr("New article"))
        self.setModal(True)
        self.setFixedWidth(_WIDTH)
        self.value_boxes = {axis.id: self._value_box(axis.id) for axis in detail.axes}
        self.price_edit = MoneyEdit(tr("Price"), parent=self)
        self.barcode_field, self.code_field, self.shelf_field = QLineEdit(self), QLineEdit(self), QLineEdit(self)
        self.weight_edit = QuantityEdit(tr("Weight (g)"), 0, 1_000_000, self)
        self.refusal_notice = Notice("danger", self)
        self.save_button = Button(tr("Add article"), "primary", parent=self)
        self._leave_button = Button(tr("Leave it"), parent=self)
        self._rows: dict[str, FormRow] = {}
        self._fill(detail)
        self._assemble(detail)
        self.save_button.clicked.connect(self._on_save_clicked)
        self._leave_button.clicked.connect(self.reject)
        self.barcode_field.textEdited.connect(self._on_barcode_edited)
        self.price_edit.problem_changed.connect(self._on_number_problem_changed)
        self.weight_edit.problem_changed.connect(self._on_number_problem_changed)
        QShortcut(QKeySequence.StandardKey.Save, self).activated.connect(self._on_save_clicked)

    # What the presenter says

    def show_problems(self, problems: Mapping[str, str]) -> None:
        self.refusal_notice.say("")
        for key, row in self._rows.items():
            row.set_problem(problems.get(key, ""))
        fit(self)

    def show_refusal(self, text: str) -> None:
        self.refusal_notice.say(text)
        fit(self)

    def finish(self) -> None:
        self.added.emit()
        self.accept()

    # Building

    def _value_box(self, axis_id: str) -> QComboBox:
        box = ChoiceBox([(name, name) for name in self.presenter.names_of(axis_id)], self)
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        return box

    def _fill(self, detail: ProductDetail) -> None:
        """Most of it is as with the article beside it."""
        last = detail.skus[-1].sku if detail.skus else None
        if last is not None:
            self.price_edit.set_fen(last.list_fen)
            self.weight_edit.set_value(last.weight_g)

    def _assemble(self, detail: ProductDetail) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*(metrics.SPACE_XL,) * 4)
        column.setSpacing(metrics.SPACE_M)
        column.addWidget(label(tr("New article"), "emphasis"))
        column.addWidget(ElidedLabel(detail.product.title, "muted"))
        form = Form(self)
        hint = tr("Choose a value, or type a new one.")
        for axis in detail.axes:
            self._rows[axis.id] = form.add_row(axis.name, self.value_boxes[axis.id], hint)
        self._rows["list_fen"] = form.add_row(tr("Price"), self.price_edit)
        self._rows["barcode"] = form.add_row(tr("Barcode"), self.barcode_field)
        form.add_row(tr("Code"), self.code_field)
        form.add_row(tr("Shelf"), self.shelf_field)
        self._rows["weight_g"] = form.add_row(tr("Weight (g)"), self.weight_edit)
        column.addWidget(form)
        column.addWidget(self.refusal_notice)
        column.addLayout(button_row(tr("Works unplugged too."), self._leave_button, self.save_button))

    def draft(self) -> ArticleDraft:
        """What stands in the fields."""
        return ArticleDraft(
            {axis_id: box.currentText() for axis_id, box in self.value_boxes.items()},
            self.price_edit.fen(),
            self.barcode_field.text().strip(),
            self.code_field.text(),
            self.shelf_field.text(),
            self.weight_edit.value(),
        )

    def _on_barcode_edited(self, text: str) -> None:
        self._rows["barcode"].set_texts(tr("Barcode"), wording.barcode_hint(text.strip()))
        fit(self)

    def _on_number_problem_changed(self, _problem: object) -> None:
        fit(self)

    def _on_save_clicked(self) -> None:
        self.presenter.save(self.draft())
