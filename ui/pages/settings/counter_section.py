"""What belongs to this computer alone; each change counts at once."""

import dataclasses
from typing import Any

from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from app.desk.preferences import Preferences
from app.desk.sounds import Sound
from app.kernel.i18n import tr
from ui.bridge.services import PageServices
from ui.pages.settings import wording
from ui.pages.settings.parts import SettingRow, ruled, scrolled
from ui.pages.settings.presenter import SettingsPresenter
from ui.pages.settings.service_card import ServiceCard
from ui.theme import metrics
from ui.widgets.button import Button
from ui.widgets.card import Card, rule
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.text import label

_PORTS = range(1024, 65_536)
_VOLUMES = (25, 50, 75, 100)
_SOUNDS_A_ROW = 4


class CounterSection(QWidget):
    """Attributes: `theme_box`, `language_box`, `point_box`, `sounds_box`, `volume_box`, `sound_buttons` by sound,
    `port_field`, `service_card` where the shop's service is not this computer's own.
    """

    def __init__(self, presenter: SettingsPresenter, services: PageServices, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._services = services
        now = self._preferences()
        self.theme_box = ChoiceBox(_themes(), self)
        self.language_box = ChoiceBox([("zh_CN", "中文"), ("en", "English")], self)
        self.point_box = ChoiceBox(self._points(), self)
        self.sounds_box = QCheckBox(tr("Play sounds"), self)
        self.volume_box = ChoiceBox(_loudnesses(now.sound_volume), self)
        self.sound_buttons: dict[Sound, Button] = {}
        self.port_field = QLineEdit(str(now.port), self)
        self.service_card: ServiceCard | None = None
        self.theme_box.choose(now.theme)
        self.language_box.choose(now.language)
        self.point_box.choose(now.pickup_point_id)
        self.sounds_box.setChecked(now.sounds_on)
        self.volume_box.choose(str(now.sound_volume))
        self.volume_box.setEnabled(now.sounds_on)
        self._assemble()
        self._connect()

    def refresh(self) -> None:
        """The same values may have been changed by the buttons of the top bar."""
        now = self._preferences()
        self.theme_box.choose(now.theme)
        self.language_box.choose(now.language)
        self.point_box.set_choices(self._points())
        self.point_box.choose(now.pickup_point_id)

    # Building

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        area, cards = scrolled(tr("This computer"), self)
        column.addWidget(area)
        look = Card(tr("Appearance"), parent=self)
        ruled(
            look.body,
            SettingRow(tr("Theme"), "", self.theme_box),
            SettingRow(tr("Language"), "", self.language_box),
        )
        cards.addWidget(look)
        pickup = Card(tr("Pickup"), parent=self)
        note = tr("Where goods are handed over at this computer; codes of other points are sent there.")
        ruled(pickup.body, SettingRow(tr("Pickup point of this counter"), note, self.point_box))
        cards.addWidget(pickup)
        cards.addWidget(self._sounds())
        counter = self._presenter.counter
        store, facts = self._services.preferences, counter.facts() if counter is not None else None
        if facts is not None and facts.is_own_service:
            cards.addWidget(self._own_service())
        else:
            self.port_field.hide()
        if facts is not None and store is not None and not facts.is_own_service:
            self.service_card = ServiceCard(facts, store, self)
            cards.addWidget(self.service_card)
        cards.addStretch(1)

    def _points(self) -> list[tuple[str, str]]:
        setup = self._presenter.setup
        points = [point for point in (setup.points if setup else ()) if point.archived_at is None]
        return [("", tr("Not chosen")), *((point.id, point.name) for point in points)]

    def _sounds(self) -> Card:
        card = Card(tr("Sounds"), parent=self)
        ruled(
            card.body,
            SettingRow(tr("Sounds"), tr("Nothing is told by sound alone."), self.sounds_box),
            SettingRow(tr("Loudness"), "", self.volume_box),
        )
        counter = self._presenter.counter
        if counter is None or not counter.facts().can_sound:
            card.body.addWidget(label(tr("This computer has nothing to play sounds with."), "note", "warn"))
            return card
        card.body.addWidget(rule())
        card.body.addWidget(label(tr("Listen"), "row"))
        grid = QGridLayout()
        grid.setSpacing(metrics.SPACE_S)
        for place, sound in enumerate(Sound):
            button = Button(wording.sound_word(sound), parent=self)
            button.set_height(metrics.BUTTON_SMALL)
            button.setAccessibleName(tr("Listen: {sound}", sound=wording.sound_word(sound)))
            button.clicked.connect(lambda _checked=False, sound=sound: counter.play(sound))
            button.setEnabled(self._preferences().sounds_on)
            self.sound_buttons[sound] = button
            grid.addWidget(button, place // _SOUNDS_A_ROW, place % _SOUNDS_A_ROW)
        card.body.addLayout(grid)
        return card

    def _own_service(self) -> Card:
        card = Card(tr("Service"), parent=self)
        note = tr("Other counters and the tunnel to WeChat reach the shop's service here. Counts from the next start.")
        self._port_row = SettingRow(tr("Port of the service"), note, self.port_field)
        ruled(card.body, self._port_row)
        return card

    def _connect(self) -> None:
        self.theme_box.activated.connect(self._on_theme_box_activated)
        self.language_box.activated.connect(self._on_language_box_activated)
        self.point_box.activated.connect(self._on_point_box_activated)
        self.sounds_box.toggled.connect(self._on_sounds_box_toggled)
        self.volume_box.activated.connect(self._on_volume_box_activated)
        self.port_field.textEdited.connect(self._on_port_field_edited)

    # Keeping

    def _preferences(self) -> Preferences:
        store = self._services.preferences
        return store.read() if store is not None else Preferences()

    def _keep(self, **changes: Any) -> None:
        store = self._services.preferences
        if store is not None:
            store.write(dataclasses.replace(store.read(), **changes))

    # Slots

    def _on_theme_box_activated(self) -> None:
        self._services.choose_theme(self.theme_box.key())

    def _on_language_box_activated(self) -> None:
        self._services.choose_language(self.language_box.key())

    def _on_point_box_activated(self) -> None:
        self._keep(pickup_point_id=self.point_box.key())

    def _on_sounds_box_toggled(self, is_on: bool) -> None:
        self._keep(sounds_on=is_on)
        for control in (self.volume_box, *self.sound_buttons.values()):
            control.setEnabled(is_on)

    def _on_volume_box_activated(self) -> None:
        self._keep(sound_volume=int(self.volume_box.key()))

    def _on_port_field_edited(self, text: str) -> None:
        is_port = text.strip().isdecimal() and int(text) in _PORTS
        problem = tr("A port is a number from {least} to {most}.", least=_PORTS[0], most=_PORTS[-1])
        self._port_row.set_problem("" if is_port else problem)
        if is_port:
            self._keep(port=int(text))


def _loudnesses(now: int) -> list[tuple[str, str]]:
    return [(str(percent), f"{percent} %") for percent in sorted({*_VOLUMES, now})]


def _themes() -> list[tuple[str, str]]:
    return [("light", tr("Light")), ("dark", tr("Dark")), ("system", tr("As the computer"))]
