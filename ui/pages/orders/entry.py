"""The orders' place in the side bar: its name, how many orders there are, and how many wait to be shipped."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.desk import queries
from app.desk.queries import OrderFilter
from app.domain.orders.state import SHIPPABLE
from app.kernel.i18n import tr
from app.kernel.later import later
from ui.bridge.services import PageServices
from ui.pages.orders import wording

if TYPE_CHECKING:
    from app.desk.runner import ChangeSet
    from ui.bridge.finds import Found
    from ui.pages.orders import hits, keys
    from ui.widgets.keys import Key
else:
    hits, keys = later("ui.pages.orders.hits"), later("ui.pages.orders.keys")


class OrdersEntry:
    """A page as the shell wants it.

    Attributes: `key`, `group`, `icon`.
    """

    key = "orders"
    group = "business"
    icon = "orders"

    def __init__(self, services: PageServices, make: Callable[[PageServices, QWidget], QWidget]) -> None:
        self._services = services
        self._make = make
        self._counts: Mapping[str, int] = {}
        services.runner.listen(self._on_change)
        self.refresh()

    def title(self) -> str:
        return tr("Orders")

    def fact(self) -> str:
        count = self._counts.get("")
        return "" if count is None else wording.order_count(count)

    def count(self) -> int | None:
        """Orders to ship."""
        return sum(self._counts.get(state, 0) for state in SHIPPABLE)

    def shortcuts(self) -> "Sequence[Key]":
        """The page's own keys, for the sheet of all keys."""
        return keys.KEYS

    def build(self, parent: QWidget) -> QWidget:
        return self._make(self._services, parent)

    def find(self, words: str, most: int, on_found: "Callable[[Found], None]", is_wanted: Callable[[], bool]) -> None:
        """Answers the newest orders that have the words, for the palette."""
        query = queries.first_orders(OrderFilter(words=words), most)
        self._services.runner.query(query, lambda found: on_found(hits.found(found, self._services)), is_wanted)

    def refresh(self) -> None:
        """Count again."""
        self._services.runner.query(queries.order_counts(), self._on_counts, lambda: True)

    def _on_change(self, changes: "ChangeSet") -> None:
        if changes.touches(("orders",)):
            self.refresh()

    def _on_counts(self, counts: Mapping[str, int]) -> None:
        if counts != self._counts:
            self._counts = counts
            self._services.recount()
