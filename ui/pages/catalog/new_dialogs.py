"""The dialogs of a new product and of a new category."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from app.desk.goods import CategoryNode
from app.desk.runner import Runner
from app.kernel.i18n import tr
from app.kernel.ids import IdSource
from ui.pages.catalog.creating import Draft, NewCategoryPresenter, NewProductPresenter, values_of
from ui.pages.catalog.parts import button_row, category_choices
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.fitting import fit
from ui.widgets.form import Form, FormRow
from ui.widgets.money_edit import MoneyEdit
from ui.widgets.notice import Notice
from ui.widgets.text import label

_WIDTH = 560


class NewProductDialog(QDialog):
    """Attributes: `title_field`, `category_box`, `price_edit`, `code_field`, `barcode_field`, `axis_field`,
    `values_field`, `save_button`, `refusal_notice`.

    Signals: `created(object)` carries the product's id.
    """

    created = Signal(object)

    def __init__(
        self, runner: Runner, ids: IdSource, categories: Sequence[CategoryNode], chosen: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._presenter = NewProductPresenter(runner, self, ids)
        self.setWindowTitle(tr("New product"))
        self.setModal(True)
        self.setFixedWidth(_WIDTH)
        self.title_field = QLineEdit(self)
        self.category_box = ChoiceBox(category_choices(categories), self)
        self.category_box.choose(chosen)
        self.price_edit = MoneyEdit(tr("Price"), parent=self)
        self.code_field = QLineEdit(self)
        self.barcode_field = QLineEdit(self)
        self.axis_field = QLineEdit(self)
        self.axis_field.setPlaceholderText(tr("Size, colour, roast…"))
        self.values_field = QLineEdit(self)
        self.values_field.setPlaceholderText(tr("Parted by commas: 227 g, 454 g, 1 kg"))
        self.refusal_notice = Notice("danger", self)
        self.save_button = Button(tr("Save as draft"), "primary", parent=self)
        self._cancel_button = Button(tr("Leave it"), parent=self)
        self._assemble()
        self._show_count()
        self._connect()
        self.title_field.setFocus()

    def show_problem(self, field: str, text: str) -> None:
        self._rows[field].set_problem(text)
        fit(self)

    def show_refusal(self, text: str) -> None:
        self.refusal_notice.say(text)
        fit(self)

    def finish(self, product_id: str) -> None:
        self.created.emit(product_id)
        self.accept()

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*(metrics.SPACE_XL,) * 4)
        column.setSpacing(metrics.SPACE_M)
        column.addWidget(label(tr("New product"), "emphasis"))
        form = Form(self)
        self._rows: dict[str, FormRow] = {
            "title": form.add_row(tr("Title"), self.title_field),
            "category_id": form.add_row(tr("Category"), self.category_box),
            "list_fen": form.add_row(tr("Price"), self.price_edit),
            "code": form.add_row(tr("Code"), self.code_field),
            "barcode": form.add_row(tr("Barcode"), self.barcode_field),
            "axis": form.add_row(tr("Differs in"), self.axis_field),
            "values": form.add_row(tr("Values"), self.values_field),
        }
        column.addWidget(form)
        self._count = label("", "note")
        column.addWidget(self._count)
        column.addWidget(self.refusal_notice)
        note = tr("Works unplugged too.")
        column.addLayout(button_row(note, self._cancel_button, self.save_button))

    def _connect(self) -> None:
        self.save_button.clicked.connect(self._on_save_clicked)
        self._cancel_button.clicked.connect(self.reject)
        self.values_field.textChanged.connect(self._show_count)
        self.price_edit.problem_changed.connect(self._on_price_problem_changed)
        for keys in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._on_save_clicked)

    def _show_count(self) -> None:
        count = len(values_of(self.values_field.text()))
        text = tr("One article for each value: {count}", count=count) if count else tr("One article without variants")
        self._count.setText(text)

    def _on_price_problem_changed(self, _problem: object) -> None:
        fit(self)

    def _on_save_clicked(self) -> None:
        self._presenter.create(
            Draft(
                self.title_field.text(),
                self.category_box.key(),
                self.price_edit.fen(),
                self.code_field.text(),
                self.barcode_field.text(),
                self.axis_field.text(),
                self.values_field.text(),
            )
        )

    # Qt's side

    def reject(self) -> None:
        if not self._presenter.is_busy:
            super().reject()


class NewCategoryDialog(QDialog):
    """Attributes: `name_field`, `parent_box`, `save_button`.

    Signals: `created(object)` carries the category's id.
    """

    created = Signal(object)

    def __init__(
        self, runner: Runner, ids: IdSource, categories: Sequence[CategoryNode], chosen: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._presenter = NewCategoryPresenter(runner, self, ids)
        self._sort = max((node.category.sort for node in categories), default=-1) + 1
        self.setWindowTitle(tr("New category"))
        self.setModal(True)
        self.setFixedWidth(_WIDTH - 80)
        self.name_field = QLineEdit(self)
        self.name_field.setMaxLength(60)
        self.parent_box = ChoiceBox([("", tr("At the top")), *category_choices(categories)], self)
        self.parent_box.choose(chosen)
        self.save_button = Button(tr("Save category"), "primary", parent=self)
        cancel = Button(tr("Leave it"), parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(metrics.SPACE_XL,) * 4)
        column.setSpacing(metrics.SPACE_M)
        column.addWidget(label(tr("New category"), "emphasis"))
        form = Form(self)
        self._name_row = form.add_row(tr("Name"), self.name_field)
        form.add_row(tr("Lies in"), self.parent_box)
        column.addWidget(form)
        column.addLayout(button_row("", cancel, self.save_button))
        cancel.clicked.connect(self.reject)
        self.save_button.clicked.connect(self._on_save_clicked)
        for keys in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._on_save_clicked)
        self.name_field.setFocus()

    def show_problem(self, text: str) -> None:
        self._name_row.set_problem(text)
        fit(self)

    def finish(self, category_id: str) -> None:
        self.created.emit(category_id)
        self.accept()

    def _on_save_clicked(self) -> None:
        self._presenter.create(self.name_field.text(), self.parent_box.key(), self._sort)

    # Qt's side

    def reject(self) -> None:
        if not self._presenter.is_busy:
            super().reject()
