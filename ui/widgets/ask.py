"""Questions: what will happen, and a verb on each button."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.fitting import fit
from ui.widgets.text import label

_WIDTH = 440
_THIRD = 2


class Answer(Enum):
    """Which of a question's buttons was pressed."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    THIRD = "third"


@dataclass(frozen=True)
class Question:
    """A decision before something that cannot be taken back by the same button.

    `confirm` and `decline` are verbs: "Take off sale" and "Keep on sale", not "OK" and "Cancel". `third` is a way out
    beside them, such as dropping what is unsaved; it is never the one that Enter presses.
    """

    title: str
    text: str
    confirm: str
    decline: str
    is_dangerous: bool = False
    third: str = ""


class QuestionDialog(QDialog):
    """The dialog of a question. Esc declines; Enter presses what has the focus, at first the safe button.

    Attributes: `confirm_button`, `decline_button`, `third_button` (None where the question has no third way).
    """

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(question.title)
        self.setModal(True)
        self.setFixedWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(metrics.SPACE_XL,) * 4)
        column.setSpacing(metrics.SPACE_M)
        title = label(question.title, "emphasis", wraps=True)
        column.addWidget(title)
        column.addWidget(label(question.text, "body", "muted", wraps=True))
        column.addSpacing(metrics.SPACE_S)
        row = QHBoxLayout()
        row.setSpacing(metrics.SPACE_S)
        self.third_button = self._third(question.third)
        if self.third_button is not None:
            row.addWidget(self.third_button)
        row.addStretch(1)
        self.decline_button = Button(question.decline, parent=self)
        self.confirm_button = Button(question.confirm, "danger" if question.is_dangerous else "primary", parent=self)
        self.decline_button.clicked.connect(self.reject)
        self.confirm_button.clicked.connect(self.accept)
        row.addWidget(self.decline_button)
        row.addWidget(self.confirm_button)
        column.addLayout(row)
        safe = self.decline_button if question.is_dangerous else self.confirm_button
        safe.setFocus()
        for button in (self.decline_button, self.confirm_button):
            button.setAutoDefault(True)
        fit(self)

    def _third(self, words: str) -> Button | None:
        if not words:
            return None
        button = Button(words, "danger", parent=self)
        button.clicked.connect(self._on_third_button_clicked)
        return button

    def _on_third_button_clicked(self) -> None:
        self.done(_THIRD)


def ask(parent: QWidget, question: Question) -> bool:
    """Ask, wait for the answer, and say whether it was yes."""
    return answer_to(parent, question) is Answer.CONFIRM


def answer_to(parent: QWidget, question: Question) -> Answer:
    """Ask, wait for the answer, and say which it was."""
    dialog = QuestionDialog(question, parent)
    done = dialog.exec()
    dialog.deleteLater()
    return {QDialog.DialogCode.Accepted.value: Answer.CONFIRM, _THIRD: Answer.THIRD}.get(done, Answer.DECLINE)
