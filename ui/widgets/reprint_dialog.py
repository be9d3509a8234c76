"""Why a paper is printed again: same number, a reason that is written down, and a mark on the paper."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from app.kernel.i18n import tr
from app.kernel.zone import local
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.notice import Notice
from ui.widgets.text import label

_WIDTH = 460
MAX_REASON = 60


def reasons() -> tuple[str, ...]:
    """The usual ones; anything else is written."""
    return tr("Jammed or torn"), tr("Too faint to scan"), tr("The first one cannot be found")


class ReprintDialog(QDialog):
    """Attributes: `reason_buttons` (the last one is "other"), `note_field`, `print_button`.

    Signals: `reason_given(object)`: the words to be written down.
    """

    reason_given = Signal(object)

    def __init__(self, title: str, copies: int, last_at: datetime | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Print again"))
        self.setModal(True)
        self.setFixedWidth(_WIDTH)
        self._group = QButtonGroup(self)
        self.reason_buttons = [QRadioButton(text, self) for text in (*reasons(), tr("Something else"))]
        self.note_field = QLineEdit(self)
        self.note_field.setMaxLength(MAX_REASON)
        self.note_field.setPlaceholderText(tr("What else to say (may stay empty)"))
        self.note_field.setAccessibleName(tr("What else to say (may stay empty)"))
        self.print_button = Button(tr("Print again"), "primary", "printing", self)
        self._cancel_button = Button(tr("Not now"), parent=self)
        self._assemble(title, copies, last_at)
        self._connect()
        self._fit()

    def _assemble(self, title: str, copies: int, last_at: datetime | None) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*(metrics.SPACE_XL,) * 4)
        column.setSpacing(metrics.SPACE_M)
        column.addWidget(label(title, "emphasis", wraps=True))
        told = Notice("info", self)
        same = tr("The number stays the same: nothing is ordered and nothing is charged again.")
        at = local(last_at).strftime("%m-%d %H:%M") if last_at is not None else ""
        before = tr("It came out {count} times, the last time {time}.", count=copies, time=at)
        once = tr("It came out once, {time}.", time=at)
        told.say(f"{same}\n{before if copies > 1 else once}")
        column.addWidget(told)
        column.addWidget(label(tr("Why again?"), "label"))
        for button in self.reason_buttons:
            self._group.addButton(button)
            column.addWidget(button)
        self.reason_buttons[0].setChecked(True)
        column.addWidget(self.note_field)
        mark = tr('The paper says "reprint, copy {number}", and the record names you.', number=copies + 1)
        column.addWidget(label(mark, "note", wraps=True))
        row = QHBoxLayout()
        row.setSpacing(metrics.SPACE_S)
        row.addStretch(1)
        for pressed in (self._cancel_button, self.print_button):
            pressed.setAutoDefault(True)
            row.addWidget(pressed)
        column.addLayout(row)
        self.reason_buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _fit(self) -> None:
        """As high as its longest language needs: what wraps counts only once the width is known."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.setMinimumHeight(layout.totalHeightForWidth(_WIDTH))

    def _connect(self) -> None:
        self._group.buttonClicked.connect(self._judge)
        self.note_field.textChanged.connect(self._judge)
        self.print_button.clicked.connect(self._on_print_clicked)
        self._cancel_button.clicked.connect(self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._on_print_clicked)

    def reason(self) -> str:
        """What is written down; empty while "something else" says nothing."""
        note = self.note_field.text().strip()
        if self.reason_buttons[-1].isChecked():
            return note
        chosen = next((button.text() for button in self.reason_buttons if button.isChecked()), "")
        return f"{chosen} · {note}" if note else chosen

    def _judge(self) -> None:
        self.print_button.setEnabled(bool(self.reason()))

    def _on_print_clicked(self) -> None:
        if self.reason():
            self.reason_given.emit(self.reason())
            self.accept()
