"""The settings' place in the side bar."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.kernel.i18n import tr
from ui.bridge.services import PageServices


class SettingsEntry:
    """A page as the shell wants it.

    Attributes: `key`, `group`, `icon`.
    """

    key = "settings"
    group = "admin"
    icon = "settings"

    def __init__(self, services: PageServices, make: Callable[[PageServices, QWidget], QWidget]) -> None:
        self._services = services
        self._make = make

    def title(self) -> str:
        return tr("Settings")

    def fact(self) -> str:
        return ""

    def count(self) -> int | None:
        """Nothing waits here."""
        return None

    def build(self, parent: QWidget) -> QWidget:
        return self._make(self._services, parent)
