"""A printer: what it prints, how it stands, and what to do about it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.kernel.i18n import tr
from ui.pages.printing.rows import PrinterShown
from ui.theme import metrics
from ui.widgets.button import Button, IconButton
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.icon_label import IconLabel
from ui.widgets.text import ElidedLabel, label, set_tone


class PrinterCard(Card):
    """Attributes: `pause_button`, `ready_button`, `edit_button`.

    Signals: `pause_wanted(object)`, `ready_told(object)`, `edit_wanted(object)` carry the printer's id.
    """

    pause_wanted = Signal(object)
    ready_told = Signal(object)
    edit_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=14, parent=parent)
        self._printer_id = ""
        self._name = ElidedLabel("", "strong")
        self._use = label("", "note", wraps=True)
        self._line = ElidedLabel("", "note")
        self._chip = Chip(parent=self)
        self.edit_button = IconButton("edit", "", 28, self)
        self.pause_button = Button("", "link", parent=self)
        self.ready_button = Button("", "link", parent=self)
        for button in (self.pause_button, self.ready_button):
            button.set_height(26)
        head = QHBoxLayout()
        head.setSpacing(metrics.SPACE_S)
        head.addWidget(IconLabel("printing", "text2", 18))
        head.addWidget(self._name, 1)
        head.addWidget(self._chip)
        head.addWidget(self.edit_button)
        foot = QHBoxLayout()
        foot.setSpacing(metrics.SPACE_S)
        foot.addWidget(self._line, 1)
        foot.addWidget(self.ready_button)
        foot.addWidget(self.pause_button)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self._use)
        column.addLayout(foot)
        self.body.addLayout(column)
        self.pause_button.clicked.connect(self._on_pause_clicked)
        self.ready_button.clicked.connect(self._on_ready_clicked)
        self.edit_button.clicked.connect(self._on_edit_clicked)

    def line_text(self) -> str:
        """What it says of its work."""
        return self._line.text()

    def show_printer(self, shown: PrinterShown) -> None:
        self._printer_id = shown.setup.id
        self._name.setText(shown.name)
        self._use.setText(shown.use)
        self._chip.set_state(shown.state, shown.tone)
        self._line.setText(f"{shown.trouble} · {shown.line}" if shown.trouble else shown.line)
        set_tone(self._line, "danger" if shown.trouble else "")
        paused = shown.setup.is_paused
        self.pause_button.setText(tr("Go on") if paused else tr("Pause"))
        self.pause_button.setAccessibleName(
            tr("Let {printer} go on", printer=shown.name) if paused else tr("Pause {printer}", printer=shown.name)
        )
        self.pause_button.setToolTip("F8")
        self.ready_button.setText(tr("It is ready"))
        self.ready_button.setAccessibleName(tr("{printer} is ready", printer=shown.name))
        self.ready_button.setVisible(bool(shown.trouble))
        self.edit_button.set_name(tr("Set up {printer}", printer=shown.name))

    def _on_pause_clicked(self) -> None:
        self.pause_wanted.emit(self._printer_id)

    def _on_ready_clicked(self) -> None:
        self.ready_told.emit(self._printer_id)

    def _on_edit_clicked(self) -> None:
        self.edit_wanted.emit(self._printer_id)
