"""The settings' place in the side bar."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.kernel.i18n import tr
from app.kernel.later import later
from ui.bridge.services import PageServices

if TYPE_CHECKING:
    from ui.widgets import unsaved
else:
    unsaved = later("ui.widgets.unsaved")


class SettingsEntry:
    """A page as the shell wants it.

    Attributes: `key`, `group`, `icon`.
    """

    key = "settings"
    group = "admin"
    icon = "settings"

    def __init__(
        self, services: PageServices, make: Callable[[PageServices, Callable[[int], None], QWidget], QWidget]
    ) -> None:
        self._services = services
        self._make = make
        self._unsaved = 0

    def title(self) -> str:
        return tr("Settings")

    def fact(self) -> str:
        return unsaved.unsaved_word(self._unsaved) if self._unsaved else ""

    def count(self) -> int | None:
        """What was changed and not saved."""
        return self._unsaved or None

    def build(self, parent: QWidget) -> QWidget:
        return self._make(self._services, self._on_unsaved, parent)

    def _on_unsaved(self, count: int) -> None:
        if count != self._unsaved:
            self._unsaved = count
            self._services.recount()
