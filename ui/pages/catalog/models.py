"""The products' rows for the paged table: where they come from and what each column shows of them."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtGui import QFontMetricsF

from app.desk import goods
from app.desk.goods import ProductSummary
from app.desk.runner import Runner
from app.kernel.clock import Clock
from app.kernel.i18n import tr
from ui.bridge.pictures import PictureShelf
from ui.pages.catalog import wording
from ui.theme import fonts, metrics
from ui.widgets.cell import Cell, Column, Mark
from ui.widgets.chip import chip_width

CATEGORY = "category"
STOCK = "stock"
STATE = "state"
CHANGED = "changed"
_CELL_EDGES = 24


class ProductRows:
    """Fetches windows of the list."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def request_window(self, rowids: Sequence[int], callback: Callable[[Mapping[int, ProductSummary]], None]) -> None:
        self._runner.query(goods.product_window(rowids), callback, lambda: True)


def stock_cell(row: ProductSummary) -> Cell:
    """The number first; what is wrong with it in words below, never in colour alone."""
    token = "danger" if row.empty_skus else "warn"
    is_sold_out = row.available_qty <= 0
    word = wording.stock_word(row)
    return Cell(wording.whole(row.available_qty), word, token="danger" if is_sold_out else "text", second_token=token)


def columns(clock: Clock, pictures: PictureShelf | None) -> tuple[Column[ProductSummary], ...]:
    def title_cell(row: ProductSummary) -> Cell:
        second = " · ".join(part for part in (wording.count_word(row.sku_count), row.code) if part)
        picture = pictures.image(row.sha256) if pictures is not None else None
        return Cell(row.title, second, tile=row.title, picture=picture)

    def changed_cell(row: ProductSummary) -> Cell:
        """When it was changed last, and below whether the service knows it."""
        at = wording.moment(row.changed_at, clock.now()) if row.changed_at else "—"
        return Cell(at, tr("Not synced") if row.is_syncing else "", token="text2", second_token="warn")

    def category_cell(row: ProductSummary) -> Cell:
        return Cell(row.category or "—", token="text2")

    def price_cell(row: ProductSummary) -> Cell:
        return Cell(wording.price_range(row.least_fen, row.most_fen))

    def state_cell(row: ProductSummary) -> Cell:
        return Cell(marks=(Mark(wording.state_word(row.state), wording.state_tone(row.state)),))

    return (
        Column("title", lambda: tr("Product"), title_cell),
        Column(CATEGORY, lambda: tr("Category"), category_cell, 96),
        Column("price", lambda: tr("Price"), price_cell, 132, "right"),
        Column(STOCK, lambda: tr("Available"), stock_cell, stock_width(), "right"),
        Column(STATE, lambda: tr("State"), state_cell, state_width()),
        Column(CHANGED, lambda: tr("Changed"), changed_cell, 94, "right"),
    )


def stock_width() -> int:
    """Room for what may be wrong with an article's stock, in the language of now."""
    words = (tr("{count} low", count=99), tr("{count} out", count=99), tr("Sold out"), tr("Available"))
    measure = QFontMetricsF(fonts.font(metrics.NOTE))
    return round(max(measure.horizontalAdvance(word) for word in words) + _CELL_EDGES + 6)


def state_width() -> int:
    return round(max(chip_width(wording.state_word(state)) for state in wording.STATES) + _CELL_EDGES + 1)
