"""Rows that hardly ever change, kept from one look-up to the next: the catalogue, the promotions, the settings.

Whoever keeps them drops all of them when one has changed. A view holds the rows that were kept when it was made, before
its snapshot began, so what it has read of an older state can never be found by a later view.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from app.domain.catalog.model import Category, Product, ProductMedia, Sku
from app.domain.delivery.model import DeliveryArea
from app.domain.paper.model import PrintStation
from app.domain.pickup.model import PickupPoint
from app.domain.promotions.model import MemberLevel, Promotion, SkuLevelPrice
from app.domain.row import Audience, Row
from app.domain.settings import Setting
from app.tables.statements import Database
from app.tables.view import SqlView

R = TypeVar("R", bound=Row)
SELDOM: frozenset[type[Row]] = frozenset(
    (Category, Product, ProductMedia, Sku, DeliveryArea, PrintStation, PickupPoint)
    + (MemberLevel, Promotion, SkuLevelPrice, Setting)
)
SELDOM_TABLES = frozenset(kind.TABLE for kind in SELDOM)
MOST_KEPT = 5_000
Rows = dict[Any, Any]
"""Answers by question; to drop them is to take a new one."""


class KeptView(SqlView):
    """Looks at the state within the running transaction, and at what is kept of it."""

    def __init__(self, database: Database, audiences: Iterable[Audience], rows: Rows) -> None:
        super().__init__(database, audiences)
        self.database = database
        self._rows = rows

    def get(self, kind: type[R], *key: str) -> R | None:
        if kind not in SELDOM:
            return super().get(kind, *key)
        question = (kind, key)
        try:
            found: R | None = self._rows[question]
        except KeyError:
            found = super().get(kind, *key)
            self._keep(question, found)
        return found

    def children(self, kind: type[R], **by: str) -> tuple[R, ...]:
        if kind not in SELDOM:
            return super().children(kind, **by)
        question = (kind, tuple(by.items()))
        try:
            found: tuple[R, ...] = self._rows[question]
        except KeyError:
            found = super().children(kind, **by)
            self._keep(question, found)
        return found

    def _keep(self, question: Any, answer: Any) -> None:
        if len(self._rows) >= MOST_KEPT:
            self._rows.clear()
        self._rows[question] = answer
