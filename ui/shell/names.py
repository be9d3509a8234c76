"""Whose shop this is, which counter, who works here, and by which clock, as the replica has it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from app.desk.assembly import Desktop
from app.desk.queries import ShopFacts, shop_facts, staff
from app.desk.session import OnDuty
from app.domain.permission import Role
from app.kernel.i18n import tr
from ui.bridge.runner import QtRunner
from ui.shell.duty import offer_people
from ui.shell.main_window import MainWindow
from ui.shell.state import Person, ShopIdentity

ANOTHER_SHOP = "another_shop"


class Names(QObject):
    """Between the desktop and the window's head. ``wants_own_shop``: the command line asked for a shop of one's own.

    Signals: `zone_named(object)` carries the shop's time zone; `demo_known(object)` whether this is a demo.
    """

    zone_named = Signal(object)
    demo_known = Signal(object)

    def __init__(
        self, desktop: Desktop, runner: QtRunner, window: MainWindow, place: str, *, wants_own_shop: bool
    ) -> None:
        super().__init__(window)
        self._desktop, self._runner, self._window = desktop, runner, window
        self._place = place
        self._wants_own_shop = wants_own_shop
        runner.listen(lambda changes: self.refresh() if changes.touches(("settings", "staff")) else None)

    def refresh(self) -> None:
        """Ask again."""
        self.ask(self.show)

    def ask(self, on_facts: Callable[[ShopFacts], None]) -> None:
        """What the shop is called, as far as it is known here."""
        self._runner.query(shop_facts(), on_facts)

    def show(self, facts: ShopFacts) -> None:
        self.zone_named.emit(facts.time_zone)
        no = self._desktop.counter_no
        parts = [facts.place] if facts.place else []
        parts += [tr("Counter {no}", no=no)] if no else [self._place]
        name = facts.name or tr("Zhanggui")
        shown = tr("{shop} (demo)", shop=name) if facts.is_demo else name
        self._window.set_identity(ShopIdentity(shown, " · ".join(parts)))
        self.demo_known.emit(facts.is_demo)
        if self._wants_own_shop:
            self._window.set_notice(ANOTHER_SHOP, self._tell_of_demo if facts.is_demo else None)
        person = self._desktop.desk.on_duty
        self._window.set_person(None if person is None else Person(person.name, role_name(person.role)))

    def ask_who(self) -> None:
        """Offer the people of the shop."""
        self._runner.query(staff(), self._offer_people)

    def _tell_of_demo(self) -> str:
        return tr(
            "The folder {folder} holds the demo shop, so that is what you see. A shop of your own needs a new folder:"
            " --data DIR --real",
            folder=str(self._desktop.facts().folder),
        )

    def _offer_people(self, people: Sequence[tuple[str, str, str]]) -> None:
        name = self._window.top_bar.person_button
        offer_people(name, people, lambda role: role_name(Role(role)), self._take_duty)

    def _take_duty(self, person: tuple[str, str, str]) -> None:
        staff_id, name, role = person
        self._desktop.take_duty(OnDuty(staff_id, name, Role(role)))


def role_name(role: Role) -> str:
    names: dict[Role, Callable[[], str]] = {
        Role.OWNER: lambda: tr("Owner"),
        Role.MANAGER: lambda: tr("Manager"),
        Role.CLERK: lambda: tr("Clerk"),
        Role.COURIER: lambda: tr("Courier"),
    }
    return names[role]() if role in names else str(role)
