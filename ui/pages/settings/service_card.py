"""Where the shop's service is, when it is not this computer's own: another address, or the way back."""

import dataclasses

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.desk.counter import CounterFacts
from app.desk.planning import address_of
from app.desk.preferences import PreferenceStore
from app.kernel.i18n import tr
from ui.pages.settings.parts import SettingRow, ruled
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.text import label


class ServiceCard(Card):
    """Nothing is kept before it is saved: half of an address would lead the next start astray.

    Attributes: `url_field`, `save_button`, `hint_label`.
    """

    def __init__(self, facts: CounterFacts, preferences: PreferenceStore, parent: QWidget) -> None:
        super().__init__(tr("Service"), parent=parent)
        self._facts = facts
        self._preferences = preferences
        self.url_field = QLineEdit(self._kept(), self)
        self.save_button = Button(tr("Save the address"), parent=self)
        self.hint_label = label("", "note", wraps=True)
        help_text = tr("Only when the shop's service has moved.")
        if facts.can_be_own:
            help_text = tr("Only when the shop's service has moved. Left empty, this computer's own service is used.")
            self.url_field.setPlaceholderText(tr("This computer's own service"))
        self._row = SettingRow(tr("Address of the service"), help_text, self.url_field)
        ruled(self.body, self._row)
        foot = QHBoxLayout()
        foot.addWidget(self.hint_label, 1)
        foot.addWidget(self.save_button)
        self.body.addLayout(foot)
        self.url_field.textEdited.connect(self._on_url_field_edited)
        self.url_field.returnPressed.connect(self.save_button.click)
        self.save_button.clicked.connect(self._on_save_clicked)
        self._show()

    def _kept(self) -> str:
        return self._preferences.read().service_url

    def _typed(self) -> str | None:
        """What would be kept, "" for our own service; None for what cannot be."""
        text = self.url_field.text().strip()
        if not text:
            return "" if self._facts.can_be_own else None
        return address_of(text) or None

    def _show(self) -> None:
        typed, kept = self._typed(), self._kept()
        self.save_button.setEnabled(typed is not None and typed != kept)
        if kept == self._facts.service_url:
            self.hint_label.setText(tr("Counts from the next start."))
        elif kept:
            self.hint_label.setText(tr("From the next start the service is at {url}.", url=kept))
        else:
            self.hint_label.setText(tr("From the next start this computer's own service is used."))

    # Slots

    def _on_url_field_edited(self, _text: str) -> None:
        is_wrong = self._typed() is None
        self._row.set_problem(tr("An address begins with http or https and names a computer.") if is_wrong else "")
        self._show()

    def _on_save_clicked(self) -> None:
        typed = self._typed()
        if typed is not None:
            self._preferences.write(dataclasses.replace(self._preferences.read(), service_url=typed))
        self._show()
