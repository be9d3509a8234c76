"""What a list says when it has nothing: what is missing, what comes by itself, what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.icon_label import IconLabel
from ui.widgets.text import label

MOST_STEPS = 3
_STEP_WIDTH = 272
_NOTE_WIDTH = 560


@dataclass(frozen=True)
class Step:
    """One thing to do next; without a title it is a lone button."""

    key: str
    verb: str
    title: str = ""
    note: str = ""
    icon: str = "check"
    is_primary: bool = False


class EmptyState(QWidget):
    """One icon, one sentence, one explanation and at most three next steps.

    Signals: `step_chosen(object)` carries the key of the step.
    """

    step_chosen = Signal(object)

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._disc = IconLabel(icon, "accent_text", 48)
        self._disc.set_disc("accent_soft", 112)
        self._title = label("", "headline")
        self._note = label("", "lead", "muted", wraps=True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._note.setFixedWidth(_NOTE_WIDTH)
        self._steps = QHBoxLayout()
        self._steps.setSpacing(metrics.SPACE_L)
        self._step_widgets: list[QWidget] = []
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(self._disc, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(metrics.SPACE_L)
        column.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._note, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(metrics.SPACE_L)
        column.addLayout(self._steps)
        column.addStretch(3)

    def set_texts(self, title: str, note: str, steps: Sequence[Step] = ()) -> None:
        """Say what is missing. Raises ValueError for more than three steps."""
        if len(steps) > MOST_STEPS:
            raise ValueError(len(steps))
        self._title.setText(title)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._note.ensurePolished()
        # A centred label in a column is given one line whatever it says; one that says nothing has no height.
        self._note.setMinimumHeight(max(0, self._note.heightForWidth(_NOTE_WIDTH)))
        while self._steps.count():
            self._steps.takeAt(0)
        for widget in self._step_widgets:
            widget.hide()
            widget.deleteLater()
        self._step_widgets = [self._step(step) for step in steps]
        self._steps.addStretch(1)
        for widget in self._step_widgets:
            self._steps.addWidget(widget)
        self._steps.addStretch(1)

    def _step(self, step: Step) -> QWidget:
        button = Button(step.verb, "primary" if step.is_primary else "plain", parent=self)
        button.setProperty("step_key", step.key)
        button.setAccessibleName(step.verb)
        button.clicked.connect(self._on_step_clicked)
        if not step.title:
            return button
        card = Card(parent=self, padding=20)
        card.setFixedWidth(_STEP_WIDTH)
        card.body.setSpacing(metrics.SPACE_XS)
        card.body.addWidget(IconLabel(step.icon, "text2", 22))
        card.body.addSpacing(metrics.SPACE_S)
        card.body.addWidget(label(step.title, "row_strong"))
        note: QLabel = label(step.note, "muted", wraps=True)
        card.body.addWidget(note)
        card.body.addStretch(1)
        card.body.addSpacing(metrics.SPACE_S)
        card.body.addWidget(button)
        return card

    def _on_step_clicked(self) -> None:
        button = self.sender()
        if button is not None:
            self.step_chosen.emit(button.property("step_key"))
