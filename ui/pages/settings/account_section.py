"""An account of the shop's outside: how it stands, and its owner's way to set it. Secrets go in and never come out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.permission import Permission
from app.kernel import i18n
from app.kernel.i18n import tr
from app.wire.outside import OutsideState
from ui.pages.settings import wording
from ui.pages.settings.account import Account, Reply, Wanted
from ui.pages.settings.parts import SettingRow, ruled, scrolled
from ui.theme import metrics
from ui.theme.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.notice import Notice
from ui.widgets.text import label

_KEY_HEIGHT = 72
Field = QLineEdit | QPlainTextEdit | ChoiceBox


class Kind(Enum):
    """What stands in a row: a line that is shown, one that is not, a key of many lines, or one of several choices."""

    PLAIN = 1
    SECRET = 2
    KEY = 3
    CHOICE = 4


@dataclass(frozen=True, slots=True)
class AccountRow:
    """``name`` is the field of the account; ``choices`` are (key, word) pairs."""

    name: str
    title: str
    help_text: str = ""
    kind: Kind = Kind.PLAIN
    choices: Sequence[tuple[str, str]] = ()

    @property
    def is_secret(self) -> bool:
        return self.kind in (Kind.SECRET, Kind.KEY)


@dataclass(frozen=True, slots=True)
class Terms(Generic[Wanted, Reply]):
    """All that differs from one account to another.

    title, headline    of the section and of its first card
    pretended, unset   how an account stands that is none
    facts              how one stands that is set
    shown              the texts of the rows that are no secrets
    ending             how a secret that is there ends, by its row
    request            the account that was typed
    """

    title: str
    headline: str
    rows: tuple[AccountRow, ...]
    pretended: str
    unset: str
    facts: Callable[[Reply], list[str]]
    shown: Callable[[Reply], Mapping[str, str]]
    ending: Callable[[Reply, str], str]
    request: Callable[[Mapping[str, str]], Wanted]


class AccountSection(QWidget):
    """Attributes: `fields` by name, `save_button`, `notice`, `state_chip`, `state_label`."""

    def __init__(
        self,
        account: Account[Any, Any],
        terms: Terms[Any, Any],
        may: Callable[[Permission], bool],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._account = account
        self._terms = terms
        self._may = may
        self._shown: object = None
        self.fields: dict[str, Field] = {}
        self.state_chip = Chip(parent=self)
        self.state_label = label("", "muted", wraps=True)
        self.notice = Notice("danger", self)
        self.save_button = Button(tr("Save the account"), "primary", parent=self)
        self._assemble()
        self._kept: Mapping[str, str] = {name: _text(field) for name, field in self.fields.items()}
        self.save_button.clicked.connect(self._on_save_clicked)
        self.refresh()

    def refresh(self) -> None:
        """Show how the account stands; what is being typed stays."""
        reply = self._account.reply
        self.state_chip.setVisible(reply is not None)
        if reply is None:
            self.state_label.setText(tr("The service knows it, and it cannot be asked now."))
            self._form.hide()
            return
        self.state_chip.set_state(*account_state(reply.state))
        self.state_label.setText(self._standing(reply))
        can_set = reply.state is not OutsideState.PRETENDED and not reply.is_environment
        self._form.setVisible(can_set and self._may(Permission.SETTINGS_EDIT))
        if reply != self._shown:
            self._shown = reply
            self._fill(reply)

    def unsaved(self) -> int:
        """How many fields hold what the service does not."""
        return 0 if self._form.isHidden() else len(self.typed())

    def put_back(self, typed: Mapping[str, str]) -> None:
        """Type it again, as after a change of language."""
        for name, text in typed.items():
            _put(self.fields[name], text)

    def typed(self) -> dict[str, str]:
        """What is typed and not kept yet, by field."""
        return {name: text for name, text in self._said().items() if text != self._kept.get(name, "")}

    def save(self, done: Callable[[], object]) -> None:
        """Give the account to the service; ``done`` is called when it is kept there."""
        self.save_button.setEnabled(False)

        def kept() -> None:
            self._on_saved()
            done()

        self._account.set(self._terms.request(self._said()), kept, self._on_refused)

    # Building

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        area, cards = scrolled(self._terms.title, self)
        column.addWidget(area)
        state = Card(self._terms.headline, parent=self)
        across = QHBoxLayout()
        across.setSpacing(metrics.SPACE_M)
        across.addWidget(self.state_chip)
        across.addWidget(self.state_label, 1)
        state.body.addLayout(across)
        cards.addWidget(state)
        self._form = Card(tr("Account"), parent=self)
        ruled(self._form.body, *(self._row(row) for row in self._terms.rows))
        foot = QHBoxLayout()
        foot.addWidget(label(tr("Secrets are kept at the service alone, for its user only."), "note"), 1)
        foot.addWidget(self.save_button)
        self._form.body.addWidget(self.notice)
        self._form.body.addLayout(foot)
        cards.addWidget(self._form)
        cards.addStretch(1)

    def _row(self, row: AccountRow) -> SettingRow:
        self.fields[row.name] = field = _field(row, self)
        return SettingRow(row.title, row.help_text, field)

    # Filling and reading

    def _standing(self, reply: Any) -> str:
        if reply.state is OutsideState.PRETENDED:
            return self._terms.pretended
        if reply.state is OutsideState.UNSET:
            return self._terms.unset
        if reply.state is OutsideState.FAULTY:
            return i18n.render(reply.problem_text, reply.problem_params, i18n.language())
        facts = self._terms.facts(reply)
        if reply.since is not None:
            facts.append(tr("since {day}", day=wording.day(reply.since)))
        if reply.is_environment:
            facts.append(tr("given by the service's environment, changed there"))
        return " · ".join(facts)

    def _fill(self, reply: Any) -> None:
        self._kept = self._terms.shown(reply)
        for row in self._terms.rows:
            field = self.fields[row.name]
            _put(field, self._kept.get(row.name, ""))
            if row.is_secret and not isinstance(field, ChoiceBox):
                ending = self._terms.ending(reply, row.name)
                kept = tr("Set, ends in {ending}; empty keeps it", ending=ending)
                field.setPlaceholderText(kept if ending else "")

    def _said(self) -> dict[str, str]:
        return {name: _text(field) for name, field in self.fields.items()}

    def _on_save_clicked(self) -> None:
        self.save(lambda: None)

    def _on_saved(self) -> None:
        self.save_button.setEnabled(True)
        reply = self._account.reply
        restarts = reply is not None and reply.needs_restart
        used = tr("Kept. The service uses it from now on.")
        self.notice.say(tr("Kept. Start the service anew to use it.") if restarts else used, "accent")

    def _on_refused(self, why: str) -> None:
        self.save_button.setEnabled(True)
        self.notice.say(why, "danger")


def _field(row: AccountRow, parent: QWidget) -> Field:
    if row.kind is Kind.CHOICE:
        return ChoiceBox(row.choices, parent)
    if row.kind is Kind.KEY:
        text = QPlainTextEdit(parent)
        text.setTabChangesFocus(True)
        text.setFixedHeight(_KEY_HEIGHT)
        return text
    line = QLineEdit(parent)
    if row.is_secret:
        line.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
    return line


def _text(field: Field) -> str:
    if isinstance(field, ChoiceBox):
        return field.key()
    return (field.text() if isinstance(field, QLineEdit) else field.toPlainText()).strip()


def _put(field: Field, text: str) -> None:
    if isinstance(field, ChoiceBox):
        field.choose(text)
    elif isinstance(field, QLineEdit):
        field.setText(text)
    else:
        field.setPlainText(text)


def account_state(state: OutsideState) -> tuple[str, Tone]:
    """How an account stands, as a word and a colour."""
    words: dict[OutsideState, tuple[str, Tone]] = {
        OutsideState.UNSET: (tr("Not set"), "grey"),
        OutsideState.SET: (tr("Set"), "green"),
        OutsideState.FAULTY: (tr("Cannot be used"), "red"),
        OutsideState.PRETENDED: (tr("Pretended"), "blue"),
    }
    return words[state]
