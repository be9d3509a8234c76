"""Fields for money and for counts; both hold whole numbers and refuse everything else."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.kernel.i18n import tr
from ui.widgets.button import IconButton
from ui.widgets.money import narrow, parse_yuan, plain_yuan


class _YuanValidator(QValidator):
    """Lets through what can still become an amount."""

    def __init__(self, can_be_negative: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._can_be_negative = can_be_negative

    def validate(self, text: str, position: int) -> object:
        probe = narrow(text).lstrip("\u00a5\uffe5")
        if probe.startswith("-") and not self._can_be_negative:
            return QValidator.State.Invalid, text, position
        if probe in {"", "-"}:
            return QValidator.State.Intermediate, text, position
        try:
            parse_yuan(text)
        except ValueError:
            return QValidator.State.Invalid, text, position
        return QValidator.State.Acceptable, text, position


class MoneyEdit(QLineEdit):
    """Yuan text outside, fen inside.

    Signals: `value_changed(object)` carries the fen, or None while the field holds no amount.
    """

    value_changed = Signal(object)

    def __init__(self, name: str, can_be_negative: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setPlaceholderText("0.00")
        self.setValidator(_YuanValidator(can_be_negative, self))
        self.textChanged.connect(self._on_text_changed)
        self.editingFinished.connect(self._on_editing_finished)

    def fen(self) -> int | None:
        """The amount, or None if the field holds none."""
        try:
            return parse_yuan(self.text())
        except ValueError:
            return None

    def set_fen(self, fen: int | None) -> None:
        """Show an amount; an empty field for None."""
        self.setText("" if fen is None else plain_yuan(fen))

    def _on_text_changed(self, _text: str) -> None:
        self.value_changed.emit(self.fen())

    def _on_editing_finished(self) -> None:
        fen = self.fen()
        if fen is not None and self.text() != plain_yuan(fen):
            with QSignalBlocker(self):
                self.set_fen(fen)


class _CountValidator(QValidator):
    def __init__(self, least: int, most: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._least = least
        self._most = most

    def validate(self, text: str, position: int) -> object:
        probe = narrow(text)
        if probe in {"", "-"}:
            is_allowed = probe == "" or self._least < 0
            return (QValidator.State.Intermediate if is_allowed else QValidator.State.Invalid), text, position
        try:
            number = int(probe)
        except ValueError:
            return QValidator.State.Invalid, text, position
        if number > self._most or number < min(self._least, 0):
            return QValidator.State.Invalid, text, position
        # Below the least is only intermediate: "1" is on the way to "12".
        state = QValidator.State.Acceptable if number >= self._least else QValidator.State.Intermediate
        return state, text, position


class _CountField(QLineEdit):
    stepped = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)


class QuantityEdit(QWidget):
    """A count of pieces between two buttons; arrows step by one, page keys by ten.

    Attributes: `field`, `less_button`, `more_button`.
    Signals: `value_changed(object)` carries the count, or None while the field holds none.
    """

    value_changed = Signal(object)

    def __init__(self, name: str, least: int = 0, most: int = 999_999, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._least = least
        self._most = most
        self.field = _CountField(self)
        self.field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.field.setValidator(_CountValidator(least, most, self.field))
        self.field.setMinimumWidth(56)
        self.less_button = IconButton("less", "", parent=self)
        self.more_button = IconButton("add", "", parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget in (self.less_button, self.field, self.more_button):
            row.addWidget(widget, 1 if widget is self.field else 0)
        self.setFocusProxy(self.field)
        self.less_button.clicked.connect(self._on_less_clicked)
        self.more_button.clicked.connect(self._on_more_clicked)
        self.field.stepped.connect(self._on_field_stepped)
        self.field.textChanged.connect(self._on_field_text_changed)
        self.retranslate()
        self.set_value(max(least, 0))

    def value(self) -> int | None:
        """The count, or None if the field holds none within the bounds."""
        try:
            number = int(narrow(self.field.text()))
        except ValueError:
            return None
        return number if self._least <= number <= self._most else None

    def set_value(self, value: int) -> None:
        """Show a count, kept within the bounds."""
        self.field.setText(str(min(max(value, self._least), self._most)))

    def retranslate(self) -> None:
        """Say the buttons' names again in the language of now."""
        self.field.setAccessibleName(self._name)
        self.less_button.set_name(tr("One less: {name}", name=self._name))
        self.more_button.set_name(tr("One more: {name}", name=self._name))

    def _on_less_clicked(self) -> None:
        self._on_field_stepped(-1)

    def _on_more_clicked(self) -> None:
        self._on_field_stepped(1)

    def _on_field_stepped(self, step: int) -> None:
        value = self.value()
        self.set_value(self._least if value is None else value + step)

    def _on_field_text_changed(self, _text: str) -> None:
        value = self.value()
        self.less_button.setEnabled(value is None or value > self._least)
        self.more_button.setEnabled(value is None or value < self._most)
        self.value_changed.emit(value)
