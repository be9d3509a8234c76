"""The print centre's place in the side bar: its name, what came out today, and what waits for a person."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.kernel.i18n import tr
from app.kernel.later import later
from ui.bridge.services import PageServices

if TYPE_CHECKING:
    from app.desk import printing
    from app.desk.runner import ChangeSet
    from ui.pages.printing import keys, presenter
    from ui.widgets.keys import Key
else:
    printing = later("app.desk.printing")
    keys, presenter = later("ui.pages.printing.keys"), later("ui.pages.printing.presenter")


class PrintingEntry:
    """A page as the shell wants it.

    Attributes: `key`, `group`, `icon`.
    """

    key = "printing"
    group = "admin"
    icon = "printing"

    def __init__(self, services: PageServices, make: Callable[[PageServices, QWidget], QWidget]) -> None:
        self._services = services
        self._make = make
        self._waiting: int | None = None
        services.runner.listen(self._on_change)
        services.behind(self.refresh)

    def title(self) -> str:
        return tr("Print centre")

    def fact(self) -> str:
        return ""

    def count(self) -> int | None:
        """Papers that go on only when somebody does something."""
        return self._waiting

    def shortcuts(self) -> "tuple[Key, ...]":
        return keys.KEYS

    def build(self, parent: QWidget) -> QWidget:
        return self._make(self._services, parent)

    def refresh(self) -> None:
        """Count again."""
        self._services.runner.query(printing.needs_a_person(), self._on_count, lambda: True)

    def _on_change(self, changes: "ChangeSet") -> None:
        if changes.touches(presenter.TABLES):
            self.refresh()

    def _on_count(self, count: int) -> None:
        if count != self._waiting:
            self._waiting = count
            self._services.recount()
