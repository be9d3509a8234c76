"""The pickup page's place in the side bar: its name, where it is, and how many stand ready to be handed over."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.kernel.i18n import tr
from app.kernel.later import later
from ui.bridge.services import PageServices
from ui.pages.pickup.place import CounterPlace

if TYPE_CHECKING:
    from app.desk import pickup
    from app.desk.pickup import AtCounter
    from app.desk.runner import ChangeSet
    from app.domain import opening
    from ui.pages.pickup import keys, wording
    from ui.widgets.keys import Key
else:
    pickup, opening = later("app.desk.pickup"), later("app.domain.opening")
    keys, wording = later("ui.pages.pickup.keys"), later("ui.pages.pickup.wording")


class PickupEntry:
    """A page as the shell wants it.

    Attributes: `key`, `group`, `icon`.
    """

    key = "pickup"
    group = "business"
    icon = "pickup"

    def __init__(self, services: PageServices, make: Callable[[PageServices, CounterPlace, QWidget], QWidget]) -> None:
        self._services = services
        self._make = make
        self._place = CounterPlace(services)
        self._at: AtCounter | None = None
        services.runner.listen(self._on_change)
        self._place.watch(self.refresh)
        services.behind(self.refresh)

    def title(self) -> str:
        return tr("Pickup counter")

    def fact(self) -> str:
        """Which point this is, and until when it is open today."""
        points = self._at.lists.points if self._at is not None else ()
        wanted = self._place.point_id
        point = next((point for point in points if point.id == wanted or len(points) == 1), None)
        if point is None or self._at is None:
            return ""
        hours = wording.hours(opening.hours_on(point.hours, self._at.today))
        return tr("Point {name} · today {hours}", name=point.name, hours=hours)

    def count(self) -> int | None:
        """Orders that stand ready for their buyers."""
        return self._at.lists.ready_count if self._at is not None else None

    def shortcuts(self) -> "Sequence[Key]":
        """The page's own keys, for the sheet of all keys."""
        return keys.KEYS

    def build(self, parent: QWidget) -> QWidget:
        return self._make(self._services, self._place, parent)

    def refresh(self) -> None:
        """Ask again."""
        query = pickup.at_counter(self._place.point_id, self._services.desk.clock.now())
        self._services.runner.query(query, self._on_answer, lambda: True)

    def _on_change(self, changes: "ChangeSet") -> None:
        if changes.touches(("pickups", "pickup_points", "settings")):
            self.refresh()

    def _on_answer(self, at: "AtCounter") -> None:
        if at != self._at:
            self._at = at
            self._services.recount()
