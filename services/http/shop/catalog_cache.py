"""Lists and products as ready bytes, kept until something they show changes."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.domain.settings import Setting, ShopSettings, read_settings
from app.kernel.clock import Clock
from app.tables.kept import SELDOM_TABLES, Rows
from app.tables.view import SqlView
from services.authority.batch import Committed

CATALOG_TABLES = frozenset(
    {"categories", "products", "skus", "spec_axes", "spec_values", "product_media", "media", "settings"}
    | {"pickup_points", "delivery_areas"}
)
STOCK_TABLES = frozenset({"stock_levels", "settings"})
MAX_ENTRIES = 2_000


@dataclass(frozen=True, slots=True)
class Entry:
    """Bytes and the moment at which time alone makes them wrong; None bytes say that there is nothing."""

    body: bytes | None
    ends_at: datetime | None = None


class Shelf:
    """Answers by key; what was read before a change is never kept after it. May be used from any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._generation = 0

    def clear(self) -> None:
        with self._lock:
            self._generation += 1
            self._entries.clear()

    def get(self, key: str, read: Callable[[], Entry]) -> bytes | None:
        with self._lock:
            found, generation = self._entries.get(key), self._generation
            if found is not None and (found.ends_at is None or self._clock.now() < found.ends_at):
                self._entries.move_to_end(key)
                return found.body
        made = read()
        with self._lock:
            if generation == self._generation:  # else a commit came in between, and this may be older
                self._entries[key] = made
                self._entries.move_to_end(key)
                if len(self._entries) > MAX_ENTRIES:
                    self._entries.popitem(last=False)
        return made.body


class CatalogCache:
    """``pages`` show the catalogue, ``stock`` shows levels, which change with every order.

    ``rows`` are what prices are made of; whoever looks takes them before its snapshot begins.
    """

    def __init__(self, clock: Clock) -> None:
        self.pages = Shelf(clock)
        self.stock = Shelf(clock)
        self.rows: Rows = {}
        self._settings: tuple[tuple[Setting, ...], ShopSettings] = ((), ShopSettings())

    def settings(self, view: SqlView) -> ShopSettings:
        """The settings as this view holds them; reading their texts is dear, so it is done once for the same rows."""
        rows, (known, settings) = view.children(Setting), self._settings
        if rows != known:
            settings = read_settings(view)
            self._settings = (rows, settings)
        return settings

    def known_settings(self) -> ShopSettings | None:
        """The settings if nobody has to be asked for them."""
        rows, (known, settings) = self.rows.get((Setting, ())), self._settings
        return settings if rows is not None and rows == known else None

    def forget_rows(self) -> None:
        """For whoever knows that a price has changed, although another process has not told of it yet."""
        self.rows = {}

    def on_commit(self, committed: Committed) -> None:
        if committed.tables & SELDOM_TABLES:
            self.forget_rows()
        if committed.tables & CATALOG_TABLES:
            self.pages.clear()
        if committed.tables & STOCK_TABLES:
            self.stock.clear()
