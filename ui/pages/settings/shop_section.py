"""The shop's own settings as cards of rows, made from their declarations."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.desk import declared
from app.desk.declared import FieldKind, SettingField
from app.domain.permission import Permission
from app.domain.stock.model import Location
from app.kernel.i18n import tr
from ui.pages.settings import wording
from ui.pages.settings.parts import ScrolledCards, SettingRow, empty_out, ruled, scrolled
from ui.pages.settings.presenter import SettingsPresenter
from ui.pages.settings.shop_form import ShopForm
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.money import narrow
from ui.widgets.money_edit import MoneyEdit
from ui.widgets.notice import Notice
from ui.widgets.text import label, repolish
from ui.widgets.unsaved import save_word, unsaved_word


class ShopSection(QWidget):
    """Attributes: `fields` by key, `rows` by key, `save_button`, `discard_button`, `notice`.

    Signals: `saved(object)` carries how many settings were saved.
    """

    saved = Signal(object)

    def __init__(self, presenter: SettingsPresenter, form: ShopForm, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._form = form
        self._is_filling = False
        self.fields: dict[str, QWidget] = {}
        self.rows: dict[str, SettingRow] = {}
        self.notice = Notice("danger", self)
        self.save_button = Button("", "primary", parent=self)
        self.discard_button = Button(tr("Discard changes"), parent=self)
        self._hint = label("", "note")
        self._can_edit = presenter.may(Permission.SETTINGS_EDIT)
        self._assemble()
        self.save_button.clicked.connect(self._on_save_clicked)
        self.discard_button.clicked.connect(self._on_discard_clicked)
        QShortcut(QKeySequence.StandardKey.Save, self).activated.connect(self._on_save_clicked)
        self.refresh()

    def refresh(self) -> None:
        """Show every row as the form has it."""
        self._is_filling = True
        for declaration in self._form.fields:
            box = self.fields.get(declaration.key)
            if isinstance(box, ChoiceBox):
                box.set_choices(self._choices(declaration))
        for key, field in self.fields.items():
            self._show(key, field)
        self._is_filling = False
        count = self._form.changed
        self.save_button.setText(save_word(count))
        self.save_button.setToolTip("Ctrl+S")
        self.save_button.setEnabled(count > 0 and not self._presenter.is_busy)
        self.discard_button.setVisible(count > 0)
        self.notice.say(self._form.refusal)
        self._hint.setText(self._hint_text(count))

    # Building

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(metrics.SPACE_M)
        area, cards = scrolled(tr("Shop"), self)
        column.addWidget(area, 1)
        for name, _, title in declared.GROUPS:
            fields = [field for field in self._form.fields if field.group == name]
            if fields:
                card = Card(title(), parent=self)
                ruled(card.body, *(self._row(field) for field in fields))
                cards.addWidget(card)
        cards.addStretch(1)
        column.addWidget(self.notice)
        column.addWidget(self._foot(area))
        self.save_button.setVisible(self._can_edit)

    def _foot(self, area: ScrolledCards) -> QWidget:
        """As wide as the cards above it, so that what saves them stands at their edge."""
        self._below = QWidget(self)
        row = QHBoxLayout(self._below)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(metrics.SPACE_S)
        row.addWidget(self._hint, 1)
        row.addWidget(self.discard_button)
        row.addWidget(self.save_button)
        area.cards_fitted.connect(self._on_area_cards_fitted)
        return self._below

    def _row(self, field: SettingField) -> SettingRow:
        widget = self._field(field)
        widget.setProperty("setting", field.key)
        widget.setEnabled(self._can_edit)
        self.fields[field.key] = widget
        row = SettingRow(declared.label(field.key), declared.help_text(field.key), widget, declared.unit(field))
        self.rows[field.key] = row
        return row

    def _field(self, field: SettingField) -> QWidget:
        match field.kind:
            case FieldKind.SWITCH:
                box = QCheckBox(tr("Allowed"), self)
                box.toggled.connect(self._on_field_changed)
                return box
            case FieldKind.MONEY:
                money = MoneyEdit("", parent=self)
                money.textEdited.connect(self._on_field_changed)
                return money
            case FieldKind.ZONE | FieldKind.LOCATION:
                choice = ChoiceBox(self._choices(field), self)
                choice.currentIndexChanged.connect(self._on_field_changed)
                return choice
            case _:
                line = QLineEdit(self)
                if field.kind is FieldKind.WHOLE:
                    line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                line.textEdited.connect(self._on_field_changed)
                return line

    def _choices(self, field: SettingField) -> list[tuple[str, str]]:
        now = str(self._form.row(field.key).value)
        if field.kind is FieldKind.ZONE:
            return [(zone, wording.zone_word(zone)) for zone in dict.fromkeys((*declared.ZONES, now))]
        places: tuple[Location, ...] = self._presenter.setup.locations if self._presenter.setup else ()
        return [(place.id, place.name) for place in places]

    # Showing

    def _show(self, key: str, field: QWidget) -> None:
        state = self._form.row(key)
        if self._typed(field) != state.value:
            self._fill(field, state.value)
        if bool(field.property("changed")) != state.is_changed:
            field.setProperty("changed", state.is_changed)
            field.setAccessibleDescription(tr("Not saved") if state.is_changed else "")
            repolish(field)
        self.rows[key].set_problem(state.problem)
        self._show_foot(key, state.theirs)

    @staticmethod
    def _fill(field: QWidget, value: Any) -> None:
        if isinstance(field, QCheckBox):
            field.setChecked(bool(value))
        elif isinstance(field, MoneyEdit):
            field.set_fen(value)
        elif isinstance(field, ChoiceBox):
            field.choose(str(value))
        elif isinstance(field, QLineEdit) and field.text().strip() != str(value):
            field.setText(str(value))

    def _show_foot(self, key: str, theirs: str) -> None:
        """Two values that were both meant, with a way out for each."""
        row = self.rows[key]
        if row.property("theirs") == theirs:
            return
        row.setProperty("theirs", theirs)
        empty_out(row.foot)
        if not theirs:
            return
        row.foot.addWidget(label(tr("Changed to {value} meanwhile", value=theirs), "note", "warn"), 1)
        for words, act in ((tr("Take theirs"), self._form.undo), (tr("Keep mine"), self._form.keep_mine)):
            button = Button(words, parent=self)
            button.set_height(metrics.BUTTON_SMALL)
            button.clicked.connect(lambda _checked=False, act=act: act(key))
            row.foot.addWidget(button)

    def _hint_text(self, count: int) -> str:
        if not self._can_edit:
            return tr("Only the owner can change these.")
        return unsaved_word(count) if count else tr("Changes need the network and count at every counter.")

    # Slots

    def _on_area_cards_fitted(self, width: object) -> None:
        if isinstance(width, int):
            self._below.setMaximumWidth(width)

    def _on_field_changed(self) -> None:
        field = self.sender()
        if not self._is_filling and isinstance(field, QWidget):
            self._form.set_value(str(field.property("setting")), self._typed(field))

    def _typed(self, field: QWidget) -> Any:
        kind = next(f.kind for f in self._form.fields if f.key == field.property("setting"))
        value = _value_of(field)
        if kind is FieldKind.WHOLE:
            digits = narrow(str(value)).strip()
            return int(digits) if digits.isdecimal() and len(digits) <= 9 else None
        return value

    def _on_save_clicked(self) -> None:
        if self._can_edit and self.isVisible():
            self._form.save(self.saved.emit)

    def _on_discard_clicked(self) -> None:
        self._form.undo_all()


def _value_of(field: QWidget) -> Any:
    if isinstance(field, QCheckBox):
        return field.isChecked()
    if isinstance(field, MoneyEdit):
        return field.fen()
    if isinstance(field, ChoiceBox):
        return field.key()
    return field.text() if isinstance(field, QLineEdit) else None
