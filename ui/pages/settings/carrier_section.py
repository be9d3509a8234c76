"""The shop's account with SF Express: how it stands, and its owner's way to set it. Its secret never comes out."""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.permission import Permission
from app.kernel import i18n
from app.kernel.i18n import tr
from app.wire.carrier import CarrierReply, CarrierRequest
from app.wire.outside import OutsideState
from ui.pages.settings import wording
from ui.pages.settings.parts import SettingRow, ruled, scrolled
from ui.pages.settings.presenter import SettingsPresenter
from ui.pages.settings.wechat_section import account_state
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.notice import Notice
from ui.widgets.text import label

_PLAIN = ("partner_id", "monthly_card", "product")
_REAL, _SANDBOX = "real", "sandbox"


class CarrierSection(QWidget):
    """Attributes: `fields` by name, `place_box`, `save_button`, `notice`, `state_chip`, `state_label`."""

    def __init__(self, presenter: SettingsPresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._shown: CarrierReply | None = None
        self.fields: dict[str, QLineEdit] = {}
        places = [(_REAL, tr("Real, numbers for real parcels")), (_SANDBOX, tr("Sandbox, for trying only"))]
        self.place_box = ChoiceBox(places, self)
        self.state_chip = Chip(parent=self)
        self.state_label = label("", "muted", wraps=True)
        self.notice = Notice("danger", self)
        self.save_button = Button(tr("Save the account"), "primary", parent=self)
        self._assemble()
        self.save_button.clicked.connect(self._on_save_clicked)
        self.refresh()

    def refresh(self) -> None:
        """Show how the account stands; what is being typed stays."""
        reply = self._presenter.carrier
        self.state_chip.setVisible(reply is not None)
        if reply is None:
            self.state_label.setText(tr("The service knows it, and it cannot be asked now."))
            self._form.hide()
            return
        self.state_chip.set_state(*account_state(reply.state))
        self.state_label.setText(_told(reply))
        can_set = reply.state is not OutsideState.PRETENDED and not reply.is_environment
        self._form.setVisible(can_set and self._presenter.may(Permission.SETTINGS_EDIT))
        if reply != self._shown:
            self._shown = reply
            self._fill(reply)

    def unsaved(self) -> int:
        """How many fields hold what the service does not."""
        return 0 if self._form.isHidden() else len(self.typed())

    def put_back(self, typed: Mapping[str, str]) -> None:
        """Type it again, as after a change of language."""
        for name, text in typed.items():
            if name in self.fields:
                self.fields[name].setText(text)
            else:
                self.place_box.choose(text)

    def typed(self) -> dict[str, str]:
        """What is typed and not kept yet, by field."""
        kept = {name: str(getattr(self._shown, name, "")) for name in _PLAIN}
        found = {name: text for name in self.fields if (text := self._text(name)) != kept.get(name, "")}
        place = _SANDBOX if self._shown is not None and self._shown.is_sandbox else _REAL
        return found if self.place_box.key() == place else {**found, "place": self.place_box.key()}

    def save(self, done: Callable[[], object]) -> None:
        """Give the account to the service; ``done`` is called when it is kept there."""
        self.save_button.setEnabled(False)
        said = {name: self._text(name) for name in self.fields}
        account = CarrierRequest(actor="", is_sandbox=self.place_box.key() == _SANDBOX, **said)

        def kept() -> None:
            self._on_saved()
            done()

        self._presenter.set_carrier(account, kept, self._on_refused)

    # Building

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        area, cards = scrolled(tr("Carrier"), self)
        column.addWidget(area)
        state = Card(tr("Waybill numbers from SF Express"), parent=self)
        across = QHBoxLayout()
        across.setSpacing(metrics.SPACE_M)
        across.addWidget(self.state_chip)
        across.addWidget(self.state_label, 1)
        state.body.addLayout(across)
        cards.addWidget(state)
        secret = QLineEdit(self)
        secret.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        self._form = Card(tr("Account"), parent=self)
        ruled(
            self._form.body,
            self._row("partner_id", tr("Customer code"), tr("As SF's open platform shows it."), QLineEdit(self)),
            self._row("checkword", tr("Check word"), "", secret),
            self._row("monthly_card", tr("Monthly card"), tr("10 digits; empty: pay the courier."), QLineEdit(self)),
            self._row("product", tr("SF's product"), tr("Its number, 1 for example."), QLineEdit(self)),
            SettingRow(tr("Used for"), "", self.place_box),
        )
        self.place_box.setAccessibleName(tr("Used for"))
        foot = QHBoxLayout()
        foot.addWidget(label(tr("Secrets are kept at the service alone, for its user only."), "note"), 1)
        foot.addWidget(self.save_button)
        self._form.body.addWidget(self.notice)
        self._form.body.addLayout(foot)
        cards.addWidget(self._form)
        cards.addStretch(1)

    def _row(self, name: str, title: str, help_text: str, field: QLineEdit) -> SettingRow:
        self.fields[name] = field
        return SettingRow(title, help_text, field)

    # Filling and reading

    def _fill(self, reply: CarrierReply) -> None:
        for name in _PLAIN:
            self.fields[name].setText(str(getattr(reply, name)))
        kept = tr("Set, ends in {ending}; empty keeps it", ending=reply.ending)
        self.fields["checkword"].setPlaceholderText(kept if reply.ending else "")
        self.fields["checkword"].clear()
        self.place_box.choose(_SANDBOX if reply.is_sandbox else _REAL)

    def _text(self, name: str) -> str:
        return self.fields[name].text().strip()

    def _on_save_clicked(self) -> None:
        self.save(lambda: None)

    def _on_saved(self) -> None:
        self.save_button.setEnabled(True)
        reply = self._presenter.carrier
        restarts = reply is not None and reply.needs_restart
        used = tr("Kept. The service uses it from now on.")
        self.notice.say(tr("Kept. Start the service anew to use it.") if restarts else used, "accent")

    def _on_refused(self, why: str) -> None:
        self.save_button.setEnabled(True)
        self.notice.say(why, "danger")


def _told(reply: CarrierReply) -> str:
    if reply.state is OutsideState.PRETENDED:
        return tr("A demo shop gets its numbers from a carrier that is only pretended.")
    if reply.state is OutsideState.UNSET:
        return tr("With an account, numbers can be asked for while shipping; without it they are typed or scanned.")
    if reply.state is OutsideState.FAULTY:
        return i18n.render(reply.problem_text, {}, i18n.language())
    facts = [reply.partner_id]
    if reply.is_sandbox:
        facts.append(tr("Sandbox, for trying only"))
    if reply.since is not None:
        facts.append(tr("since {day}", day=wording.day(reply.since)))
    if reply.is_environment:
        facts.append(tr("given by the service's environment, changed there"))
    return " · ".join(facts)
