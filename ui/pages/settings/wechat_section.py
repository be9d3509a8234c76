"""The shop's account at WeChat: how it stands, and its owner's way to set it. Secrets go in and never come out."""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.permission import Permission
from app.kernel import i18n
from app.kernel.i18n import tr
from app.wire.outside import OutsideReply, OutsideRequest, OutsideState
from ui.pages.settings import wording
from ui.pages.settings.parts import SettingRow, ruled, scrolled
from ui.pages.settings.presenter import SettingsPresenter
from ui.theme import metrics
from ui.theme.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.notice import Notice
from ui.widgets.text import label

_KEY_HEIGHT = 72
_SECRETS = ("app_secret", "apiv3_key", "merchant_key", "public_key")
_PLAIN = ("appid", "mchid", "merchant_serial", "notify_url", "public_key_id")


class WechatSection(QWidget):
    """Attributes: `fields` by name, `save_button`, `notice`, `state_chip`, `state_label`."""

    def __init__(self, presenter: SettingsPresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._shown: OutsideReply | None = None
        self.fields: dict[str, QLineEdit | QPlainTextEdit] = {}
        self.state_chip = Chip(parent=self)
        self.state_label = label("", "muted", wraps=True)
        self.notice = Notice("danger", self)
        self.save_button = Button(tr("Save the account"), "primary", parent=self)
        self._assemble()
        self.save_button.clicked.connect(self._on_save_clicked)
        self.refresh()

    def refresh(self) -> None:
        """Show how the account stands; what is being typed stays."""
        reply = self._presenter.outside
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
            field = self.fields[name]
            field.setText(text) if isinstance(field, QLineEdit) else field.setPlainText(text)

    def typed(self) -> dict[str, str]:
        """What is typed and not kept yet, by field."""
        kept = {name: str(getattr(self._shown, name, "")) for name in _PLAIN}
        return {name: text for name in self.fields if (text := self._text(name)) != kept.get(name, "")}

    # Building

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        area, cards = scrolled(tr("WeChat"), self)
        column.addWidget(area)
        state = Card(tr("WeChat Pay and mini-program"), parent=self)
        across = QHBoxLayout()
        across.setSpacing(metrics.SPACE_M)
        across.addWidget(self.state_chip)
        across.addWidget(self.state_label, 1)
        state.body.addLayout(across)
        cards.addWidget(state)
        self._form = Card(tr("Account"), parent=self)
        ruled(
            self._form.body,
            self._row("appid", tr("App id"), tr("Of the mini-program, begins with wx."), QLineEdit(self)),
            self._row("app_secret", tr("App secret"), "", self._secret()),
            self._row("mchid", tr("Merchant number"), "", QLineEdit(self)),
            self._row(
                "merchant_serial", tr("Certificate serial"), tr("Of the API certificate, 40 signs."), QLineEdit(self)
            ),
            self._row("apiv3_key", tr("APIv3 key"), tr("32 signs."), self._secret()),
            self._row("merchant_key", tr("Merchant key"), tr("The text of apiclient_key.pem."), self._key()),
            self._row("public_key_id", tr("Public key id"), tr("Empty for older accounts."), QLineEdit(self)),
            self._row("public_key", tr("WeChat's public key"), tr("The text of pub_key.pem."), self._key()),
            self._row(
                "notify_url", tr("Notice address"), tr("Where WeChat reports payments: https, public."), QLineEdit(self)
            ),
        )
        foot = QHBoxLayout()
        foot.addWidget(label(tr("Secrets are kept at the service alone, for its user only."), "note"), 1)
        foot.addWidget(self.save_button)
        self._form.body.addWidget(self.notice)
        self._form.body.addLayout(foot)
        cards.addWidget(self._form)
        cards.addStretch(1)

    def _row(self, name: str, title: str, help_text: str, field: QLineEdit | QPlainTextEdit) -> SettingRow:
        self.fields[name] = field
        return SettingRow(title, help_text, field)

    def _secret(self) -> QLineEdit:
        field = QLineEdit(self)
        field.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        return field

    def _key(self) -> QPlainTextEdit:
        field = QPlainTextEdit(self)
        field.setTabChangesFocus(True)
        field.setFixedHeight(_KEY_HEIGHT)
        return field

    # Filling and reading

    def _fill(self, reply: OutsideReply) -> None:
        for name in _PLAIN:
            field = self.fields[name]
            if isinstance(field, QLineEdit):
                field.setText(str(getattr(reply, name)))
        for name in _SECRETS:
            ending = str(reply.endings.get(name, ""))
            kept = tr("Set, ends in {ending}; empty keeps it", ending=ending)
            self.fields[name].setPlaceholderText(kept if ending else "")
            self.fields[name].clear()

    def _text(self, name: str) -> str:
        field = self.fields[name]
        return (field.text() if isinstance(field, QLineEdit) else field.toPlainText()).strip()

    def _on_save_clicked(self) -> None:
        self.save(lambda: None)

    def save(self, done: Callable[[], object]) -> None:
        """Give the account to the service; ``done`` is called when it is kept there."""
        self.save_button.setEnabled(False)
        account = OutsideRequest(actor="", **{name: self._text(name) for name in (*_PLAIN, *_SECRETS)})

        def kept() -> None:
            self._on_saved()
            done()

        self._presenter.set_outside(account, kept, self._on_refused)

    def _on_saved(self) -> None:
        self.save_button.setEnabled(True)
        reply = self._presenter.outside
        restarts = reply is not None and reply.needs_restart
        text = (
            tr("Kept. Start the service anew to use it.") if restarts else tr("Kept. The service uses it from now on.")
        )
        self.notice.say(text, "accent")

    def _on_refused(self, why: str) -> None:
        self.save_button.setEnabled(True)
        self.notice.say(why, "danger")


def account_state(state: OutsideState) -> tuple[str, Tone]:
    """How an account stands, as a word and a colour."""
    words: dict[OutsideState, tuple[str, Tone]] = {
        OutsideState.UNSET: (tr("Not set"), "grey"),
        OutsideState.SET: (tr("Set"), "green"),
        OutsideState.FAULTY: (tr("Cannot be used"), "red"),
        OutsideState.PRETENDED: (tr("Pretended"), "blue"),
    }
    return words[state]


def _told(reply: OutsideReply) -> str:
    if reply.state is OutsideState.PRETENDED:
        return tr("A demo shop is paid with play money by a WeChat that is only pretended.")
    if reply.state is OutsideState.UNSET:
        return tr("Buyers can pay as soon as the account is set; the counters work without it.")
    if reply.state is OutsideState.FAULTY:
        return i18n.render(reply.problem_text, {}, i18n.language())
    facts = [f"{reply.appid} · {tr('merchant {number}', number=reply.mchid)}"]
    if reply.since is not None:
        facts.append(tr("since {day}", day=wording.day(reply.since)))
    if reply.is_environment:
        facts.append(tr("given by the service's environment, changed there"))
    return " · ".join(facts)
