"""The tour's two counters: one that brings the service along, one that joins it, each on a cable of its own."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.desk import goods, queries
from app.desk.plan import ChildConfig, Plan, child_command
from app.desk.preferences import Preferences, PreferenceStore
from app.desk.runner import Done
from app.desk.secrets import FileSecrets
from app.desk.session import OnDuty
from app.desk.status import Link
from app.domain.command import Command
from app.domain.permission import Role
from app.kernel.clock import SystemClock
from ui.desktop_window import DesktopWindow
from ui.start import application
from ui.tour.cable import Cable
from ui.tour.ears import Ears
from ui.tour.record import StepFailed, require
from ui.tour.stage import result_of, wait_until


@dataclass
class Counter:
    """A desktop with its window, the cable to its service and somebody who hears it."""

    name: str
    cable: Cable
    opened: DesktopWindow
    ears: Ears
    is_closed: bool = False

    @property
    def desk(self) -> Any:
        return self.opened.desktop.desk

    def ask(self, query: Any) -> Any:
        return result_of(self.desk.query(query), f"{self.name}: a query")

    def do(self, command: Command) -> None:
        """Give a command as the person on duty would; it must be accepted here and now."""
        outcome = result_of(self.desk.perform(command), f"{self.name}: {command.NAME}")
        require(isinstance(outcome, Done), f"{self.name}: {command.NAME} was answered {outcome}")

    def tries(self, command: Command) -> bool:
        """Give a command that may be refused now and accepted later; answers whether it was accepted."""
        return isinstance(result_of(self.desk.perform(command), f"{self.name}: {command.NAME}"), Done)

    def product(self, title: str) -> goods.ProductDetail:
        found = self.ask(goods.product_list(goods.ProductFilter(words=title)))
        require(len(found.rowids) >= 1, f"{self.name}: no product {title}")
        window = self.ask(goods.product_window(found.rowids[:1]))
        detail: goods.ProductDetail | None = self.ask(goods.product_detail(window[found.rowids[0]].product_id))
        if detail is None:
            raise StepFailed(f"{self.name}: {title} has no detail")
        return detail

    def product_by_id(self, product_id: str) -> goods.ProductDetail:
        detail: goods.ProductDetail = self.ask(goods.product_detail(product_id))
        return detail

    def order(self, order_id: str) -> queries.OrderDetail | None:
        detail: queries.OrderDetail | None = self.ask(queries.order_detail(order_id))
        return detail

    def waiting(self) -> int:
        overview: queries.SyncOverview = self.ask(queries.sync_overview())
        return overview.waiting_count

    def takes_duty(self, name: str) -> None:
        """Somebody else works at this counter from now on."""
        people = self.ask(queries.staff())
        staff_id, found, role = next(person for person in people if person[1] == name)
        self.opened.desktop.take_duty(OnDuty(staff_id, found, Role(role)))

    def is_online(self) -> bool:
        return self.opened.desktop.status.link is Link.ONLINE

    def is_offline(self) -> bool:
        return self.opened.desktop.status.link is Link.OFFLINE

    def close(self) -> None:
        """Once; a tour that ends between two steps may find it closed already."""
        if not self.is_closed:
            self.is_closed = True
            self.opened.close()
            self.cable.close()


def first_counter(main: Path, folder: Path, *, is_demo: bool = True, port: int = 0, database: str = "") -> Counter:
    """Brings the service along as its child and founds the demo shop, or one of its own without anything in it.

    ``database`` is where the shop is when it is not in the service's folder.
    """
    cable = Cable()
    service = folder / "service"
    environment = {"ZHANGGUI_DATABASE": database} if database else {}
    child = ChildConfig(child_command(main, service), service, port, {"is_demo": is_demo}, environment)
    plan = Plan(folder / "counter-1", "柜台一", child, route=cable.route)
    return _open("counter 1", plan, cable)


def second_counter(folder: Path, first: Counter) -> Counter:
    """Joins the same shop with a code that the first counter shows."""
    cable = Cable()
    url = first.opened.desktop.service_url
    code = first.opened.desktop.enrolment_code()
    plan = Plan(folder / "counter-2", "柜台二", None, url, code, route=cable.route)
    return _open("counter 2", plan, cable)


def _open(name: str, plan: Plan, cable: Cable) -> Counter:
    PreferenceStore(plan.folder).write_now(Preferences(label_folder=str(plan.folder / "labels")))
    ears = Ears()
    plan = replace(plan, player=ears)
    opened = DesktopWindow(application(), plan, FileSecrets(plan.folder / "secrets.json"), SystemClock())
    counter = Counter(name, cable, opened, ears)
    opened.show()
    wait_until(counter.is_online, f"{name} is online", 30)
    wait_until(lambda: counter.desk.on_duty is not None, f"{name} knows who is on duty")
    return counter
