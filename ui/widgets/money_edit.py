"""Fields for money and for counts; both hold whole numbers and complain of everything else."""

import re
from collections.abc import Mapping
from typing import Final, TypeVar

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.kernel.i18n import tr
from ui.widgets.button import IconButton
from ui.widgets.money import format_fen, narrow, parse_yuan, plain_yuan
from ui.widgets.text import repolish

MOST_FEN: Final = 999_999_999
"""More than any shop's amount, and less than the 8 digits of the shortest barcode."""
_WHOLE: Final = re.compile(r"-?[0-9]+")
_SHORTEST_BARCODE: Final = 8
K = TypeVar("K")


class MoneyEdit(QLineEdit):
    """Yuan text outside, fen inside.

    Whatever is typed stays to be read: a keystroke that is swallowed would leave another amount than was meant. What is
    no amount is marked, and `problem` says why.

    Signals: `value_changed(object)` carries the fen, or None while the field holds no amount; `problem_changed(object)`
    carries what is wrong in words, "" for nothing, whenever somebody or something changes the text.
    """

    value_changed = Signal(object)
    problem_changed = Signal(object)

    def __init__(self, name: str, can_be_negative: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._can_be_negative = can_be_negative
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setPlaceholderText("0.00")
        self.textChanged.connect(self._on_text_changed)
        self.editingFinished.connect(self._on_editing_finished)

    def fen(self) -> int | None:
        """The amount, or None if the field holds none; `problem` tells an empty field from a wrong one."""
        try:
            fen = parse_yuan(self.text())
        except ValueError:
            return None
        return fen if abs(fen) <= MOST_FEN and (fen >= 0 or self._can_be_negative) else None

    def set_fen(self, fen: int | None) -> None:
        """Show an amount; an empty field for None."""
        self.setText("" if fen is None else plain_yuan(fen))

    def problem(self) -> str:
        """Why the text is no amount, in words; "" for an amount and for an empty field."""
        if not self.text().strip() or self.fen() is not None:
            return ""
        too_much = tr("More than {most}. Was a barcode scanned here?", most=format_fen(MOST_FEN))
        try:
            fen = parse_yuan(self.text())
        except ValueError:
            is_code = narrow(self.text()).isdecimal()
            return too_much if is_code else tr("This is no amount. Write it such as 26.50.")
        return too_much if abs(fen) > MOST_FEN else tr("An amount below zero does not fit here.")

    def _on_text_changed(self, _text: str) -> None:
        self._mark()
        self.value_changed.emit(self.fen())
        self.problem_changed.emit(self.problem())

    def _mark(self) -> None:
        text = self.problem()
        if bool(self.property("invalid")) != bool(text):
            self.setProperty("invalid", bool(text))
            repolish(self)
        self.setToolTip(text)

    def _on_editing_finished(self) -> None:
        fen = self.fen()
        if fen is not None and self.text() != plain_yuan(fen):
            with QSignalBlocker(self):
                self.set_fen(fen)


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

    Whatever is typed or scanned stays to be read, as in `MoneyEdit`: a barcode that is cut to what fits would be a
    count that nobody has meant. What is no count within the bounds is marked, and `problem` says why.

    Attributes: `field`, `less_button`, `more_button`.
    Signals: `value_changed(object)` carries the count, or None while the field holds none; `problem_changed(object)`
    carries what is wrong in words, "" for nothing, whenever the text changes.
    """

    value_changed = Signal(object)
    problem_changed = Signal(object)

    def __init__(self, name: str, least: int = 0, most: int = 999_999, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._least = least
        self._most = most
        self.field = _CountField(self)
        self.field.setAlignment(Qt.AlignmentFlag.AlignCenter)
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
        number = self._number()
        return number if number is not None and self._least <= number <= self._most else None

    def problem(self) -> str:
        """Why the text is no count that fits here, in words; "" for one that does and for an empty field."""
        typed = narrow(self.field.text())
        if not typed or self.value() is not None:
            return ""
        if typed.isdecimal() and len(typed) >= _SHORTEST_BARCODE:
            return tr("More than {most}. Was a barcode scanned here?", most=f"{self._most:,}")
        number = self._number()
        if number is None:
            return tr("This is no whole number.")
        if number > self._most:
            return tr("{most} at most.", most=f"{self._most:,}")
        return tr("{least} at least.", least=f"{self._least:,}")

    def _number(self) -> int | None:
        typed = narrow(self.field.text())
        # What is longer than any count is not even read: Python refuses to make a number of very many digits.
        is_short = len(typed) <= len(str(self._most)) + _SHORTEST_BARCODE
        return int(typed) if is_short and _WHOLE.fullmatch(typed) else None

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
        problem = self.problem()
        if bool(self.field.property("invalid")) != bool(problem):
            self.field.setProperty("invalid", bool(problem))
            repolish(self.field)
        self.field.setToolTip(problem)
        self.value_changed.emit(value)
        self.problem_changed.emit(problem)


def own_problem(field: QWidget) -> str:
    """What a field complains of by itself, "" for nothing; only amounts and counts do."""
    return field.problem() if isinstance(field, MoneyEdit | QuantityEdit) else ""


def read_counts(fields: Mapping[K, QuantityEdit]) -> dict[K, int] | None:
    """All the counts, or None while one of the fields holds none; `count_complaint` says which and why."""
    counts = {key: value for key, field in fields.items() if (value := field.value()) is not None}
    return counts if len(counts) == len(fields) else None


def count_complaint(fields: Mapping[K, QuantityEdit]) -> str:
    """What keeps the first unreadable one of these counts from being one, with its name; "" for nothing."""
    for field in fields.values():
        if field.value() is None:
            why = field.problem() or tr("A number is needed here.")
            return tr("{field}: {problem}", field=field.field.accessibleName(), problem=why)
    return ""
