"""Products as the palette shows them."""

from collections.abc import Sequence

from app.desk.goods import ProductList, ProductSummary
from app.kernel.i18n import tr
from ui.bridge.finds import Found, Hit
from ui.pages.catalog import wording


def found(listed: ProductList, shown: Sequence[ProductSummary]) -> Found:
    return Found(tuple(_hit(row) for row in shown), listed.counts.get("", 0))


def _hit(row: ProductSummary) -> Hit:
    title = f"{row.title} · {wording.price_range(row.least_fen, row.most_fen)}"
    stock = tr("{count} available", count=wording.whole(row.available_qty))
    note = " · ".join(part for part in (row.code, row.category, stock) if part)
    return Hit(title, note, row.product_id, (wording.state_word(row.state), wording.state_tone(row.state)))
