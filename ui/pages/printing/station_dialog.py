"""Which computer of the shop prints a kind of paper by itself."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.desk.printing import DocumentKind, PaperBoard
from app.desk.runner import Done, NeedsNetwork, Rejected, Runner
from app.desk.wording import refusal
from app.domain.paper.commands import AssignStation
from app.domain.staff.model import Device
from app.kernel.i18n import tr
from ui.pages.printing import wording
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.fitting import fit
from ui.widgets.form import Form
from ui.widgets.notice import Notice
from ui.widgets.text import label

_WIDTH = 520
_KINDS = (DocumentKind.LABEL, DocumentKind.RECEIPT)
"""What the shop asks for by itself; a picking list is made when somebody goes to pick."""


class StationDialog(QDialog):
    """Attributes: `station_boxes` and `fallback_boxes` by kind, `save_button`, `notice`."""

    def __init__(self, runner: Runner, board: PaperBoard, may_change: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._runner = runner
        self._board = board
        self._waiting = 0
        self.setWindowTitle(tr("Print stations"))
        self.setModal(True)
        self.setFixedWidth(_WIDTH)
        self.station_boxes: dict[DocumentKind, ChoiceBox] = {}
        self.fallback_boxes: dict[DocumentKind, ChoiceBox] = {}
        self.notice = Notice("danger", self)
        self.save_button = Button(tr("Save"), "primary", parent=self)
        self._close_button = Button(tr("Close"), parent=self)
        self._assemble(may_change)
        self.save_button.setVisible(may_change)
        self.save_button.clicked.connect(self._on_save_clicked)
        self._close_button.clicked.connect(self.reject)
        fit(self)

    def _assemble(self, may_change: bool) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*(metrics.SPACE_XL,) * 4)
        column.setSpacing(metrics.SPACE_M)
        column.addWidget(label(tr("Print stations"), "emphasis"))
        told = tr(
            "A station prints by itself as soon as an order was shipped or paid, on any computer. The second computer"
            " sees what waits there and can print it."
        )
        column.addWidget(label(told, "muted", wraps=True))
        form = Form(self)
        choices = [("", tr("None: printed by hand")), *_choices(self._board.devices, self._board.device_id)]
        second = [("", tr("None")), *choices[1:]]
        now = {station.document_kind: station for station in self._board.stations}
        for kind in _KINDS:
            first_box, second_box = ChoiceBox(choices, self), ChoiceBox(second, self)
            station = now.get(kind)
            first_box.choose(station.device_id if station else "")
            second_box.choose(station.fallback_id if station else "")
            form.add_row(wording.kind_word(kind), first_box)
            form.add_row(tr("Second computer"), second_box)
            self.station_boxes[kind], self.fallback_boxes[kind] = first_box, second_box
            for box in (first_box, second_box):
                box.setEnabled(may_change)
        column.addWidget(form)
        if not may_change:
            column.addWidget(label(tr("Only the owner changes this."), "note"))
        column.addWidget(self.notice)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._close_button)
        row.addWidget(self.save_button)
        column.addLayout(row)

    def wanted(self) -> list[AssignStation]:
        """What differs from how it is."""
        now = {station.document_kind: (station.device_id, station.fallback_id) for station in self._board.stations}
        chosen = {kind: (self.station_boxes[kind].key(), self.fallback_boxes[kind].key()) for kind in _KINDS}
        return [AssignStation(kind, *pair) for kind, pair in chosen.items() if pair != now.get(kind, ("", ""))]

    def _on_save_clicked(self) -> None:
        self.notice.say("")
        commands = self.wanted()
        self._waiting = len(commands)
        if not commands:
            self.accept()
        self.save_button.setEnabled(not commands)
        for command in commands:
            self._runner.perform(command, self._on_done, self._on_refused, on_lost=self._on_lost)

    def _on_done(self, _done: Done) -> None:
        self._waiting -= 1
        if not self._waiting:
            self.accept()

    def _on_lost(self) -> None:
        """Nobody can tell whether it was saved; the reason was told, and saving once more does no harm."""
        self.save_button.setEnabled(True)

    def _on_refused(self, outcome: Rejected | NeedsNetwork) -> None:
        self.save_button.setEnabled(True)
        needs = tr("This needs the network.")
        self.notice.say(refusal(outcome) if isinstance(outcome, Rejected) else needs)
        fit(self)


def _choices(devices: Sequence[Device], here: str) -> list[tuple[str, str]]:
    found = []
    for device in devices:
        if device.revoked_at is None:
            name = tr("Counter {no} · {name}", no=device.no, name=device.name)
            found.append((device.id, tr("{name} (this one)", name=name) if device.id == here else name))
    return found
