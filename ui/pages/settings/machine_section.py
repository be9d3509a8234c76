"""The shop's computers: which there are, when each was last heard of, and how one more joins."""

from datetime import datetime

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.desk.counter import NewCode
from app.domain.permission import Permission
from app.domain.staff.model import Device
from app.kernel.clock import Clock
from app.kernel.i18n import tr
from ui.pages.settings import wording
from ui.pages.settings.parts import empty_out, ruled, say, scrolled
from ui.pages.settings.presenter import SettingsPresenter
from ui.theme import metrics
from ui.widgets.ask import Question, ask
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.icon_label import IconLabel
from ui.widgets.notice import Notice
from ui.widgets.text import ElidedLabel, label, set_tone

_DIALOG_WIDTH = 520
_TICK_MS = 1000


class MachineSection(QWidget):
    """Attributes: `add_button`, `lock_buttons` by device, `note`, `dialog` (the open one)."""

    def __init__(self, presenter: SettingsPresenter, clock: Clock, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._clock = clock
        self._shown: object = None
        self.dialog: CodeDialog | None = None
        self.lock_buttons: dict[str, Button] = {}
        self.add_button = Button(tr("Add a computer…"), "primary", "add", self)
        self.note = label("", "note", "danger", wraps=True)
        self._may = presenter.may(Permission.DEVICE_MANAGE)
        self._assemble()
        self.add_button.clicked.connect(self.add)
        self.refresh()

    def refresh(self) -> None:
        """Show the computers; the same once more changes nothing."""
        wanted = (self._presenter.machines(), dict(self._presenter.seen))
        if wanted == self._shown:
            return
        self._shown = wanted
        empty_out(self._list)
        self.lock_buttons = {}
        ruled(self._list, *(self._row(device) for device in self._presenter.machines()))

    def add(self) -> None:
        """Offer a code for one more computer."""
        self.dialog = CodeDialog(self._presenter, self._clock, self)
        self.dialog.finished.connect(self._on_dialog_finished)
        self.dialog.open()

    # Building

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        area, cards = scrolled(tr("Computers"), self)
        column.addWidget(area)
        card = Card(parent=self)
        head = QHBoxLayout()
        head.addWidget(label(tr("Computers"), "card_title"))
        head.addStretch(1)
        head.addWidget(self.add_button)
        card.body.addLayout(head)
        self.add_button.setVisible(self._may)
        self._list = QVBoxLayout()
        self._list.setSpacing(metrics.SPACE_M)
        card.body.addLayout(self._list)
        cards.addWidget(card)
        say(self.note, "")
        cards.addWidget(self.note)
        cards.addStretch(1)

    def _row(self, device: Device) -> QWidget:
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(metrics.SPACE_M)
        across.addWidget(IconLabel("local_only", "text2", 22))
        words = QVBoxLayout()
        words.setSpacing(2)
        name = QHBoxLayout()
        name.setSpacing(metrics.SPACE_S)
        name.addWidget(label(tr("Counter {no} · {name}", no=device.no, name=device.name), "row_strong"))
        if self._presenter.is_here(device):
            name.addWidget(Chip(tr("This computer"), "green"))
        if device.revoked_at is not None:
            name.addWidget(Chip(tr("Locked out"), "red"))
        name.addStretch(1)
        words.addLayout(name)
        words.addWidget(ElidedLabel(self._facts(device), "note"))
        across.addLayout(words, 1)
        if self._may and device.revoked_at is None:
            across.addWidget(self._lock_button(device))
        return row

    def _facts(self, device: Device) -> str:
        kind = tr("Receives costs and margins") if device.is_manager else tr("Without costs and margins")
        facts = [kind, tr("joined {day}", day=wording.day(device.enrolled_at))]
        seen = self._presenter.seen.get(device.id)
        if device.revoked_at is not None:
            facts.append(tr("locked out {day}", day=wording.day(device.revoked_at)))
        elif seen is not None:
            facts.append(tr("last heard of {when}", when=wording.last_seen(seen, self._clock.now())))
        return " · ".join(facts)

    def _lock_button(self, device: Device) -> Button:
        button = Button(tr("Lock out…"), "link", parent=self)
        button.setAccessibleName(tr("Lock out {name}…", name=device.name))
        button.clicked.connect(lambda: self._lock_out(device))
        self.lock_buttons[device.id] = button
        return button

    # Acts

    def _lock_out(self, device: Device) -> None:
        text = tr("It can no longer reach the shop, and what waits on it stays on it. It can only join anew by a code.")
        if self._presenter.is_here(device):
            text = tr("This is the computer that you are sitting at.") + " " + text
        question = Question(
            tr("Lock out counter {no}?", no=device.no), text, tr("Lock out"), tr("Keep"), is_dangerous=True
        )
        if ask(self, question):
            self._presenter.lock_out(device, lambda: say(self.note, ""), lambda why: say(self.note, why))

    def _on_dialog_finished(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
        self._presenter.reload()


class CodeDialog(QDialog):
    """Makes a code, shows it large, and counts down until it ends.

    Attributes: `kind_box`, `make_button`, `code_label`, `copy_button`, `left_label`, `notice`.
    """

    def __init__(self, presenter: SettingsPresenter, clock: Clock, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._clock = clock
        self._code: NewCode | None = None
        self.setWindowTitle(tr("Add a computer"))
        self.setModal(True)
        self.setFixedWidth(_DIALOG_WIDTH)
        kinds = [("counter", tr("Without costs and margins")), ("manager", tr("Receives costs and margins"))]
        self.kind_box = ChoiceBox(kinds, self)
        self.kind_box.setAccessibleName(tr("What the computer receives"))
        self.make_button = Button(tr("Make a code"), "primary", parent=self)
        self.copy_button = Button(tr("Copy"), "plain", "copy", self)
        self.code_label = label("", "headline")
        self.code_label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.code_label.setAccessibleName(tr("Enrolment code"))
        self.left_label = label("", "note")
        self.notice = Notice("danger", self)
        self._how = label("", "muted", wraps=True)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._assemble()
        self._timer.timeout.connect(self._show_left)
        self.make_button.clicked.connect(self._on_make_clicked)
        self.copy_button.clicked.connect(self._on_copy_clicked)

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*(metrics.SPACE_XL,) * 4)
        column.setSpacing(metrics.SPACE_M)
        column.addWidget(label(tr("Add a computer"), "emphasis"))
        column.addWidget(label(tr("A code works once and for ten minutes."), "muted", wraps=True))
        across = QHBoxLayout()
        across.setSpacing(metrics.SPACE_S)
        across.addWidget(self.kind_box, 1)
        across.addWidget(self.make_button)
        column.addLayout(across)
        self._shown = Card(kind="inset", parent=self)
        code = QHBoxLayout()
        code.addWidget(self.code_label, 1)
        code.addWidget(self.copy_button)
        self._shown.body.addLayout(code)
        self._shown.body.addWidget(self.left_label)
        self._shown.body.addWidget(self._how)
        self._shown.hide()
        column.addWidget(self._shown)
        column.addWidget(self.notice)
        foot = QHBoxLayout()
        foot.addStretch(1)
        close = Button(tr("Close"), parent=self)
        close.clicked.connect(self.reject)
        foot.addWidget(close)
        column.addLayout(foot)

    def _on_make_clicked(self) -> None:
        self.make_button.setEnabled(False)
        is_manager = self.kind_box.key() == "manager"
        self._presenter.new_code(is_manager=is_manager, done=self._show_code, problem=self._show_problem)

    def _show_code(self, code: NewCode) -> None:
        self._code = code
        self.make_button.setEnabled(True)
        self.make_button.set_kind("plain")
        self.make_button.setText(tr("Another code"))
        self.code_label.setText(wording.grouped(code.text))
        self._how.setText(self._told())
        self.notice.say("")
        # Words that wrap inside a card do not make a window higher by themselves.
        self._how.setMinimumHeight(self._how.heightForWidth(_DIALOG_WIDTH - 2 * (metrics.SPACE_XL + metrics.SPACE_L)))
        self._shown.show()
        self._timer.start()
        self._show_left()
        self._fit()

    def _told(self) -> str:
        counter = self._presenter.counter
        url = counter.facts().service_url if counter is not None else ""
        command = tr("On the new computer: run --service {url} --code {code}", url=url, code=self.code_label.text())
        if counter is not None and counter.facts().is_own_service:
            command += "\n" + tr("A service brought along like this one answers on this computer alone.")
        return command

    def _show_problem(self, why: str) -> None:
        self.make_button.setEnabled(True)
        self.notice.say(why)
        self._fit()

    def _fit(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.activate()
        self.adjustSize()

    def _show_left(self) -> None:
        if self._code is None:
            return
        seconds = self._seconds_left(self._clock.now())
        if seconds > 0:
            minutes, rest = divmod(seconds, 60)
            self.left_label.setText(tr("Still works for {time}", time=f"{minutes}:{rest:02d}"))
        else:
            self.left_label.setText(tr("Has ended. Make another one."))
            self._timer.stop()
        set_tone(self.left_label, "" if seconds > 0 else "danger")

    def _seconds_left(self, now: datetime) -> int:
        return max(0, round((self._code.expires_at - now).total_seconds())) if self._code else 0

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.code_label.text())
