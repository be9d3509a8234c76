"""Rows of a form: what is asked, where it is answered, and a hint or a complaint below."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from ui.theme import metrics
from ui.widgets.money_edit import MoneyEdit, QuantityEdit, own_problem
from ui.widgets.text import label, repolish, set_tone

_LABEL_WIDTH = 112


class FormRow(QWidget):
    """A labelled field. The label is the field's spoken name and carries its Alt key.

    What is wrong with an amount or a count is said while it is typed.

    Attributes: `field`.
    """

    def __init__(self, title: str, field: QWidget, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._hint = hint
        self._title = label("", "muted")
        self._title.setFixedWidth(_LABEL_WIDTH)
        self._title.setWordWrap(True)
        self._title.setBuddy(field)
        self._note: QLabel = label("", "note", wraps=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(metrics.SPACE_M)
        grid.setVerticalSpacing(metrics.SPACE_XS)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._title, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(field, 0, 1)
        grid.addWidget(self._note, 1, 1)
        self.set_texts(title, hint)
        if isinstance(field, MoneyEdit | QuantityEdit):
            field.problem_changed.connect(self._on_field_problem_changed)

    def set_texts(self, title: str, hint: str = "") -> None:
        """Say the row again, as after a change of language."""
        self._title.setText(title)
        self._hint = hint
        target = self.field.focusProxy() or self.field
        target.setAccessibleName(title)
        self.set_problem("")

    def set_problem(self, problem: str) -> None:
        """Say under the field what is wrong with it; empty text takes the complaint away.

        What the field itself complains of comes first, and stays as long as it stands there.
        """
        problem = own_problem(self.field) or problem
        self._note.setText(problem or self._hint)
        self._note.setVisible(bool(problem or self._hint))
        set_tone(self._note, "danger" if problem else "")
        target = self.field.focusProxy() or self.field
        target.setProperty("invalid", bool(problem))
        repolish(target)

    def _on_field_problem_changed(self, problem: object) -> None:
        self.set_problem(str(problem))


class Form(QWidget):
    """Rows below each other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(metrics.SPACE_M)

    def add_row(self, title: str, field: QWidget, hint: str = "") -> FormRow:
        """Add a row and answer it."""
        row = FormRow(title, field, hint, self)
        self._column.addWidget(row)
        return row
