"""The products' place in the side bar: its name, and how many there are."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.kernel.i18n import tr
from app.kernel.later import later
from ui.bridge.services import PageServices

if TYPE_CHECKING:
    from app.desk import goods
    from app.desk.goods import ProductList
    from app.desk.runner import ChangeSet
    from ui.bridge.finds import Found
    from ui.pages.catalog import hits, keys
    from ui.widgets.keys import Key
else:
    goods, keys = later("app.desk.goods"), later("ui.pages.catalog.keys")
    hits = later("ui.pages.catalog.hits")


class ProductsEntry:
    """A page as the shell wants it.

    Attributes: `key`, `group`, `icon`.
    """

    key = "products"
    group = "goods"
    icon = "products"

    def __init__(self, services: PageServices, make: Callable[[PageServices, QWidget], QWidget]) -> None:
        self._services = services
        self._make = make
        self._total: int | None = None
        services.runner.listen(self._on_change)
        services.behind(self.refresh)

    def title(self) -> str:
        return tr("Products")

    def fact(self) -> str:
        return "" if self._total is None else tr("{count} products", count=f"{self._total:,}")

    def count(self) -> int | None:
        """Nothing waits here."""
        return None

    def shortcuts(self) -> "Sequence[Key]":
        """The page's own keys, for the sheet of all keys."""
        return keys.KEYS

    def build(self, parent: QWidget) -> QWidget:
        return self._make(self._services, parent)

    def find(self, words: str, most: int, on_found: "Callable[[Found], None]", is_wanted: Callable[[], bool]) -> None:
        """Answers the products that have the words, for the palette."""
        query = goods.first_products(goods.ProductFilter(words=words), most)
        self._services.runner.query(query, lambda found: on_found(hits.found(*found)), is_wanted)

    def refresh(self) -> None:
        """Count again."""
        self._services.runner.query(goods.product_list(goods.ProductFilter()), self._on_list, lambda: True)

    def _on_change(self, changes: "ChangeSet") -> None:
        if changes.touches(("products",)):
            self.refresh()

    def _on_list(self, found: "ProductList") -> None:
        total = found.counts.get("", 0)
        if total != self._total:
            self._total = total
            self._services.recount()
