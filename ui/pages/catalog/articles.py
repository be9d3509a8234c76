"""The articles of a product as a table of fields: price, barcode, code, shelf and weight; stock is only shown."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from app.desk.goods import ProductDetail, SkuDetail
from app.kernel.i18n import tr
from ui.pages.catalog import wording
from ui.pages.catalog.editing import PRICE, SKU_FIELDS, Key
from ui.theme import metrics
from ui.widgets.money import narrow
from ui.widgets.money_edit import MoneyEdit, own_problem
from ui.widgets.text import ElidedLabel, label, repolish

_WIDTHS = {PRICE: 100, "barcode": 150, "code": 116, "shelf": 92, "weight_g": 84}
_INSET = 11
_FIELDS = (PRICE, *SKU_FIELDS)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def show_changed(field: QWidget, is_changed: bool) -> None:
    """Mark a field whose value is not saved yet, for the eye and for the ear."""
    if bool(field.property("changed")) != is_changed:
        field.setProperty("changed", is_changed)
        field.setAccessibleDescription(tr("Not saved") if is_changed else "")
        repolish(field)


class _ArticleField(QLineEdit):
    """↑ and ↓ go to the same field of the article above and below; several pasted lines go to those below, too.

    Signals: `stepped(object)`; `spread(object)` carries the pasted lines.
    """

    stepped = Signal(object)
    spread = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            lines = QGuiApplication.clipboard().text().splitlines()
            if len(lines) > 1:
                self.spread.emit(lines)
                return
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)


class ArticleGrid(QWidget):
    """One row for each article.

    Attributes: `fields` by (article id, field).
    What is wrong with a field is said below its article.

    Signals: `value_typed(object, object)` carries that key and the value; None while it is no number.
    `problem_shown(object)` carries the words that should be in sight.
    """

    value_typed = Signal(object, object)
    problem_shown = Signal(object)

    def __init__(
        self, detail: ProductDetail, *, can_price: bool, can_edit: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.fields: dict[Key, QLineEdit] = {}
        self._problems: dict[Key, str] = {}
        self._conflicts: frozenset[Key] = frozenset()
        self._is_filling = False
        self._can_price, self._can_edit = can_price, can_edit
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(metrics.SPACE_S)
        self._grid.setVerticalSpacing(metrics.SPACE_S)
        self._grid.setColumnStretch(0, 1)
        self._problem_labels: dict[str, QLabel] = {}
        self._hint = label("", "note", "info")
        self._hint.hide()
        self._add_heads()
        self.show_articles(detail)
        fill_down = QShortcut(QKeySequence("Ctrl+D"), self)
        fill_down.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        fill_down.activated.connect(self._on_fill_down)

    def fill(self, name: str, text: str, *, only_empty: bool = False) -> int:
        """Put one text into a column, into all of it or where nothing stands; answers how many fields it changed."""
        count = 0
        for key, field in self.fields.items():
            is_empty = field.text().strip() in ("", "0", "0.00")
            if key[1] == name and field.isEnabled() and (is_empty or not only_empty) and field.text() != text:
                self._put(field, text)
                count += 1
        return count

    def _put(self, field: QLineEdit, text: str) -> None:
        field.setText(text)
        if not isinstance(field, MoneyEdit):  # those tell by themselves
            self._tell(field)

    def show_articles(self, detail: ProductDetail) -> None:
        """Articles that came meanwhile stand below the others."""
        here = {sku_id for sku_id, _ in self.fields}
        for article in detail.skus:
            if article.sku.archived_at is None and article.sku.id not in here:
                self._add(len({sku_id for sku_id, _ in self.fields}) + 1, article)
        self._grid.removeWidget(self._hint)
        self._grid.addWidget(self._hint, 2 * len(self._problem_labels) + 1, 0, 1, len(_FIELDS) + 2)

    def show_value(self, key: Key, value: Any) -> None:
        field = self.fields.get(key)
        if field is None:
            return
        self._is_filling = True
        if isinstance(field, MoneyEdit):
            field.set_fen(value)
        else:
            field.setText(str(value))
        self._is_filling = False
        self.show_problem(key, "")

    def show_marks(self, changed: frozenset[Key]) -> None:
        for key, field in self.fields.items():
            show_changed(field, key in changed)

    def show_conflicts(self, keys: frozenset[Key]) -> None:
        self._conflicts = keys
        self._show_invalid()

    def show_problem(self, key: Key, text: str) -> None:
        """Say what is wrong with a field; what an amount complains of by itself comes first."""
        field = self.fields.get(key)
        if field is None:
            return
        text = own_problem(field) or text
        if text:
            self._problems[key] = text
        else:
            self._problems.pop(key, None)
        words = self._problem_labels[key[0]]
        words.setText("\n".join(said for (sku_id, _), said in self._problems.items() if sku_id == key[0]))
        words.setVisible(bool(words.text()))
        self._show_invalid()
        if text:
            self.problem_shown.emit(words)

    # Building

    def _add_heads(self) -> None:
        self._grid.addWidget(label(tr("Article"), "note"), 0, 0)
        for column, field in enumerate(_FIELDS, 1):
            head = label(wording.field_word(field), "note")
            is_number = field in (PRICE, "weight_g")
            # The words stand above the figures, which are set in from the field's edge.
            head.setContentsMargins(0 if is_number else _INSET, 0, _INSET if is_number else 0, 0)
            if is_number:
                head.setAlignment(_RIGHT)
            self._grid.addWidget(head, 0, column)
        available = label(tr("Available"), "note")
        available.setAlignment(_RIGHT)
        self._grid.addWidget(available, 0, len(_FIELDS) + 1)

    def _add(self, number: int, article: SkuDetail) -> None:
        """Each article has two rows, its fields and below them what is wrong with one."""
        sku, row = article.sku, 2 * number - 1
        problem = label("", "note", "danger", wraps=True)
        problem.setAlignment(Qt.AlignmentFlag.AlignTop)
        problem.hide()
        self._problem_labels[sku.id] = problem
        self._grid.addWidget(problem, row + 1, 1, 1, len(_FIELDS) + 1)
        spec = wording.spec_word(sku.spec_key)
        self._grid.addWidget(ElidedLabel(spec, "strong"), row, 0)
        for column, name in enumerate(_FIELDS, 1):
            field = self._field(name, spec)
            key = (sku.id, name)
            field.setProperty("key", key)
            self.fields[key] = field
            self.show_value(key, getattr(sku, name))
            self._grid.addWidget(field, row, column)
        stock = label(wording.whole(article.available_qty))
        stock.setAlignment(_RIGHT)
        self._grid.addWidget(stock, row, len(_FIELDS) + 1)

    def _field(self, name: str, spec: str) -> QLineEdit:
        spoken = f"{spec} · {wording.field_word(name)}"
        if name == PRICE:
            money = MoneyEdit(spoken, parent=self)
            money.setEnabled(self._can_price)
            money.textChanged.connect(self._on_field_edited)
            field: QLineEdit = money
        else:
            plain = _ArticleField(self)
            plain.setAccessibleName(spoken)
            plain.setEnabled(self._can_edit)
            plain.textEdited.connect(self._on_field_edited)
            plain.stepped.connect(self._on_field_stepped)
            plain.spread.connect(self._on_field_spread)
            if name == "weight_g":
                plain.setAlignment(_RIGHT)
            field = plain
        field.setFixedWidth(_WIDTHS[name])
        return field

    def _show_invalid(self) -> None:
        for key, field in self.fields.items():
            is_invalid = key in self._problems or key in self._conflicts
            if bool(field.property("invalid")) != is_invalid:
                field.setProperty("invalid", is_invalid)
                repolish(field)

    # Slots

    def _on_field_edited(self) -> None:
        field = self.sender()
        if not self._is_filling and isinstance(field, QLineEdit):
            self._tell(field)

    def _tell(self, field: QLineEdit) -> None:
        key = (str(field.property("key")[0]), str(field.property("key")[1]))
        if key[1] == "barcode":
            self._hint.setText(wording.barcode_hint(field.text().strip()))
            self._hint.setVisible(bool(self._hint.text()))
        value: Any = field.text()
        if isinstance(field, MoneyEdit):
            value = field.fen()
        elif key[1] == "weight_g":
            digits = narrow(value)
            value = int(digits) if digits.isdecimal() and len(digits) <= 7 else None
        self.value_typed.emit(key, value)

    def _on_fill_down(self) -> None:
        """Ctrl+D: the fields below become like this one."""
        field = self.focusWidget()
        if isinstance(field, QLineEdit):
            self._spread_from(field, [field.text()] * len(self.fields))

    def _on_field_spread(self, lines: object) -> None:
        field = self.sender()
        if isinstance(field, QLineEdit) and isinstance(lines, list):
            self._spread_from(field, [str(line).strip() for line in lines])

    def _spread_from(self, field: QLineEdit, texts: list[str]) -> None:
        name = field.property("key")[1]
        column = [found for key, found in self.fields.items() if key[1] == name and found.isEnabled()]
        for below, text in zip(column[column.index(field) :], texts, strict=False):
            self._put(below, text)

    def _on_field_stepped(self, step: object) -> None:
        field = self.sender()
        if not isinstance(field, QLineEdit) or not isinstance(step, int):
            return
        sku_id, name = field.property("key")
        column = [key for key in self.fields if key[1] == name]
        place = column.index((sku_id, name)) + step
        if 0 <= place < len(column):
            self.fields[column[place]].setFocus(Qt.FocusReason.OtherFocusReason)
            self.fields[column[place]].selectAll()
