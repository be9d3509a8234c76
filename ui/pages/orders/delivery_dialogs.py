"""What is asked before an order is prepared, leaves with a courier, or has come back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.kernel.i18n import tr
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.fitting import fit
from ui.widgets.form import Form
from ui.widgets.notice import Notice
from ui.widgets.text import label

_WIDTH = 480
_SHELF_SIGNS = 20
_REASON_SIGNS = 80


@dataclass(frozen=True)
class Asked:
    """``verb`` stands on the button and says what it does; ``hint`` below the field what it is for."""

    title: str
    field_name: str
    hint: str
    verb: str


class AskDialog(QDialog):
    """One question and one verb. Enter in the field leads to the button, a person presses it.

    Attributes: `field`, `confirm_button`, `problem_notice`.
    """

    def __init__(self, asked: Asked, field: QLineEdit | ChoiceBox, on_said: Callable[[str], None], parent: QWidget):
        super().__init__(parent)
        self._on_said = on_said
        self.field = field
        self.setWindowTitle(asked.title)
        self.setModal(True)
        self.setFixedWidth(_WIDTH)
        self.problem_notice = Notice("danger", self)
        self.confirm_button = Button(asked.verb, "primary", "check", self)
        self.confirm_button.clicked.connect(self._on_confirm_clicked)
        decline = Button(tr("Not now"), parent=self)
        decline.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(metrics.SPACE_XL,) * 4)
        column.setSpacing(metrics.SPACE_M)
        column.addWidget(label(asked.title, "emphasis", wraps=True))
        form = Form(self)
        form.add_row(asked.field_name, field, asked.hint)
        column.addWidget(form)
        column.addWidget(self.problem_notice)
        row = QHBoxLayout()
        row.setSpacing(metrics.SPACE_S)
        row.addStretch(1)
        row.addWidget(decline)
        row.addWidget(self.confirm_button)
        column.addLayout(row)
        field.setFocus()
        fit(self)

    def show_problem(self, text: str) -> None:
        """Say why it was not done; what was typed stays."""
        self.problem_notice.say(text)
        fit(self)

    def _on_confirm_clicked(self) -> None:
        said = self.field.key() if isinstance(self.field, ChoiceBox) else self.field.text().strip()
        self._on_said(said)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif self.confirm_button.hasFocus():
            self.confirm_button.click()
        else:
            self.confirm_button.setFocus()


def shelf_dialog(no: str, shelf: str, on_said: Callable[[str], None], parent: QWidget) -> AskDialog:
    """Where the prepared goods stand."""
    field = QLineEdit(shelf)
    field.setMaxLength(_SHELF_SIGNS)
    asked = Asked(
        tr("Where do the goods of {number} stand?", number=no),
        tr("Stands at"),
        tr("Such as A-12; empty if it is handed over at once"),
        tr("Mark as prepared"),
    )
    return AskDialog(asked, field, on_said, parent)


def courier_dialog(
    no: str, people: Sequence[tuple[str, str]], chosen: str, on_said: Callable[[str], None], parent: QWidget
) -> AskDialog:
    """Who brings it; ``people`` are (id, name)."""
    box = ChoiceBox(people)
    box.choose(chosen)
    asked = Asked(
        tr("Who brings {number}?", number=no),
        tr("Courier"),
        tr("All its pieces leave the shop now."),
        tr("Send it off"),
    )
    return AskDialog(asked, box, on_said, parent)


def back_dialog(no: str, on_said: Callable[[str], None], parent: QWidget) -> AskDialog:
    """Why it came back."""
    field = QLineEdit()
    field.setMaxLength(_REASON_SIGNS)
    asked = Asked(
        tr("{number} was not delivered", number=no),
        tr("Reason"),
        tr("Such as: nobody at home. The goods are in the shop again and may leave once more."),
        tr("It is back in the shop"),
    )
    return AskDialog(asked, field, on_said, parent)
