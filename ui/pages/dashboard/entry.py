"""The overview's place in the side bar: the first page, with the day and the time beside its title."""

import zoneinfo
from collections.abc import Callable
from datetime import timedelta, tzinfo
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.kernel.i18n import tr
from app.kernel.later import later
from ui.bridge.services import PageServices

if TYPE_CHECKING:
    from ui.pages.dashboard import wording
else:
    wording = later("ui.pages.dashboard.wording")

OLD_AFTER = timedelta(minutes=2)
TakeZone = Callable[[zoneinfo.ZoneInfo], None]


class DashboardEntry:
    """A page as the shell wants it.

    Attributes: `key`, `group`, `icon`.
    """

    key = "overview"
    group = "business"
    icon = "overview"

    def __init__(self, services: PageServices, make: Callable[[PageServices, QWidget, TakeZone], QWidget]) -> None:
        self._services = services
        self._make = make
        self._zone: tzinfo | None = None

    def title(self) -> str:
        return tr("Overview")

    def fact(self) -> str:
        """The present, or from when the figures are while the service cannot be reached."""
        now = self._services.desk.clock.now()
        status = self._services.sync_status()
        if status is not None and status.synced_at is not None and now - status.synced_at > OLD_AFTER:
            return tr("Figures up to {time}", time=f"{status.synced_at.astimezone(self._zone):%H:%M}")
        return wording.day_line(now.astimezone(self._zone))

    def count(self) -> int | None:
        """What waits here waits on the other pages too."""
        return None

    def build(self, parent: QWidget) -> QWidget:
        return self._make(self._services, parent, self._take_zone)

    def _take_zone(self, zone: zoneinfo.ZoneInfo) -> None:
        """The shop's own zone is known: its days and hours are the page's, wherever this computer is."""
        if zone != self._zone:
            self._zone = zone
            self._services.recount()
