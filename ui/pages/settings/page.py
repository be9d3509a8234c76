"""The settings page: sections on the left, the chosen one beside them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QWidget

from app.kernel.i18n import tr
from ui.bridge.services import PageServices
from ui.pages.settings.about_section import AboutSection
from ui.pages.settings.account_section import AccountSection
from ui.pages.settings.account_terms import carrier_terms, wechat_terms
from ui.pages.settings.counter_section import CounterSection
from ui.pages.settings.entry import SettingsEntry
from ui.pages.settings.machine_section import MachineSection
from ui.pages.settings.people_section import PeopleSection
from ui.pages.settings.place_section import PlaceSection
from ui.pages.settings.presenter import SettingsPresenter
from ui.pages.settings.shop_form import ShopForm
from ui.pages.settings.shop_section import ShopSection
from ui.theme import metrics
from ui.widgets.ask import Answer, Question, answer_to
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.unsaved import unsaved_word

_NAV_WIDTH = 200


class Section(Protocol):
    """What a section must be able to do."""

    def refresh(self) -> None: ...


_SectionWidget = (
    ShopSection | PlaceSection | PeopleSection | MachineSection | AccountSection | CounterSection | AboutSection
)


@dataclass(frozen=True)
class _Place:
    key: str
    title: Callable[[], str]
    icon: str


_PLACES = (
    _Place("shop", lambda: tr("Shop"), "shop"),
    _Place("places", lambda: tr("Pickup and delivery"), "place"),
    _Place("people", lambda: tr("Staff"), "members"),
    _Place("machines", lambda: tr("Computers"), "local_only"),
    _Place("wechat", lambda: tr("WeChat"), "share"),
    _Place("carrier", lambda: tr("Carrier"), "shipping"),
    _Place("counter", lambda: tr("This computer"), "settings"),
    _Place("about", lambda: tr("About"), "info"),
)


class _Nav(Card):
    """The sections' names; ↑ and ↓ go from one to the next.

    Signals: `chosen(object)` carries a section's key.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(padding=metrics.SPACE_S, parent=parent)
        self.buttons: dict[str, Button] = {}
        self._group = QButtonGroup(self)
        self.body.setSpacing(2)
        for place in _PLACES:
            button = Button("", "tab", place.icon, self)
            button.setCheckable(True)
            button.setProperty("side", "left")
            button.setStyleSheet("text-align: left;")
            button.setProperty("section", place.key)
            button.clicked.connect(self._on_button_clicked)
            self._group.addButton(button)
            self.buttons[place.key] = button
            self.body.addWidget(button)
        self.body.addStretch(1)
        self.setFixedWidth(_NAV_WIDTH)

    def say(self, unsaved: int) -> None:
        for place in _PLACES:
            title = place.title()
            button = self.buttons[place.key]
            button.setText(f"{title} · {unsaved}" if unsaved and place.key == "shop" else title)
            button.setToolTip(unsaved_word(unsaved) if unsaved and place.key == "shop" else "")
            button.setAccessibleName(title)

    def _on_button_clicked(self) -> None:
        button = self.sender()
        if button is not None:
            self.chosen.emit(button.property("section"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        keys = [place.key for place in _PLACES]
        at = next((n for n, key in enumerate(keys) if self.buttons[key].hasFocus()), None)
        if step is None or at is None:
            super().keyPressEvent(event)
            return
        key = keys[(at + step) % len(keys)]
        self.buttons[key].setFocus(Qt.FocusReason.TabFocusReason)
        self.buttons[key].click()


class SettingsPage(QWidget):
    """Attributes: `nav_buttons` by section, `sections` by key, `presenter`, `form`."""

    def __init__(
        self,
        services: PageServices,
        parent: QWidget | None = None,
        told_unsaved: Callable[[int], None] = lambda _: None,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._told_unsaved = told_unsaved
        self._current = _PLACES[0].key
        self.sections: dict[str, Section] = {}
        self._nav = _Nav(self)
        self.nav_buttons = self._nav.buttons
        self._stack = QStackedWidget(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(metrics.SPACE_L)
        row.addWidget(self._nav)
        row.addWidget(self._stack, 1)
        desk = services.desk
        self.presenter = SettingsPresenter(
            services.runner, desk.ids, lambda: desk.on_duty, services.counter, self._on_changed
        )
        self.form = ShopForm(self.presenter, self._on_form_changed)
        self._nav.chosen.connect(self.open_row)
        self.retranslate()
        self._ask()

    # What the shell says

    def retranslate(self) -> None:
        """Say everything again in the language of now; what is unsaved stays in the form."""
        self._nav.say(self.form.changed)
        typed = {key: account.typed() for key, account in self._accounts().items()}
        self.sections = {}
        while (old := self._stack.widget(0)) is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
        self._make()
        for key, account in self._accounts().items():
            account.put_back(typed.get(key, {}))
        self._show_current()

    def _accounts(self) -> dict[str, AccountSection]:
        return {key: found for key, found in self.sections.items() if isinstance(found, AccountSection)}

    def unsaved(self) -> int:
        """How many settings hold here what the shop does not."""
        return self.form.changed + sum(account.unsaved() for account in self._accounts().values())

    def may_close(self) -> bool:
        """Ask what is to become of them; the window closes once they are saved, and stays when they cannot be."""
        question = Question(
            tr("Save the settings first?"),
            tr("{changes}. They would be lost with the window.", changes=unsaved_word(self.unsaved())),
            tr("Save and close"),
            tr("Go on editing"),
            third=tr("Close without saving"),
        )
        answer = answer_to(self, question)
        if answer is Answer.CONFIRM:
            self._save_all(lambda: self.window().close())
        return answer is Answer.THIRD

    def _save_all(self, done: Callable[[], object]) -> None:
        """One after the other; what cannot be saved keeps the window, with its reason."""
        unsaved = [(key, account) for key, account in self._accounts().items() if account.unsaved()]

        def save_accounts() -> None:
            if not unsaved:
                done()
                return
            key, account = unsaved.pop(0)
            self.open_row(key)
            account.save(save_accounts)

        if self.form.changed:
            self.open_row("shop")
            self.form.save(lambda _count: save_accounts())
        else:
            save_accounts()

    def page_shown(self) -> None:
        self._ask()

    def _ask(self) -> None:
        self.presenter.reload()
        self.presenter.ask_last_seen()
        self.presenter.wechat.ask()
        self.presenter.carrier.ask()

    def page_hidden(self) -> None:
        """What is unsaved waits here, and the side bar says how much."""
        self._tell_unsaved()

    def _tell_unsaved(self) -> None:
        self._told_unsaved(self.unsaved())

    def person_changed(self) -> None:
        """Somebody else may change more, or less."""
        self.retranslate()

    def open_row(self, row: object) -> None:
        """Show the section of this name."""
        if str(row) in self.nav_buttons:
            self._current = str(row)
            self._show_current()

    # Building

    def _make(self) -> None:
        shop = ShopSection(self.presenter, self.form, self)
        shop.saved.connect(self._on_shop_saved)
        made: tuple[_SectionWidget, ...] = (
            shop,
            PlaceSection(self.presenter, self),
            PeopleSection(self.presenter, self),
            MachineSection(self.presenter, self._services.desk.clock, self),
            AccountSection(self.presenter.wechat, wechat_terms(), self.presenter.may, self),
            AccountSection(self.presenter.carrier, carrier_terms(), self.presenter.may, self),
            CounterSection(self.presenter, self._services, self),
            AboutSection(self.presenter, self),
        )
        for place, section in zip(_PLACES, made, strict=True):
            self.sections[place.key] = section
            self._stack.addWidget(section)

    def _show_current(self) -> None:
        self.nav_buttons[self._current].setChecked(True)
        self._stack.setCurrentIndex([place.key for place in _PLACES].index(self._current))

    # Slots

    def _on_changed(self) -> None:
        setup = self.presenter.setup
        if setup is not None:
            self.form.follow(setup.settings)
        for section in self.sections.values():
            section.refresh()

    def _on_form_changed(self) -> None:
        self._nav.say(self.form.changed)
        self._tell_unsaved()
        shop = self.sections.get("shop")
        if shop is not None:
            shop.refresh()

    def _on_shop_saved(self, count: object) -> None:
        self._services.say(tr("Saved. It counts at every counter."))


def make_page(services: PageServices, told_unsaved: Callable[[int], None], parent: QWidget | None = None) -> QWidget:
    """The page's widget."""
    return SettingsPage(services, parent, told_unsaved)


def entry(services: PageServices) -> SettingsEntry:
    """The page as the shell registers it."""
    return SettingsEntry(services, make_page)
