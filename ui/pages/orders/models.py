"""The orders' rows for the paged table: where they come from and what each column shows of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from app.desk import queries
from app.desk.queries import OrderSummary
from app.kernel.i18n import tr
from app.printing.masking import mask_name, mask_phone
from ui.pages.orders import wording
from ui.theme import fonts, metrics
from ui.widgets.cell import Cell, Column, Mark
from ui.widgets.chip import chip_width
from ui.widgets.money import format_fen
from ui.widgets.row_painting import first_width

if TYPE_CHECKING:
    from app.desk.runner import Runner
    from app.kernel.clock import Clock
    from ui.bridge.pictures import PictureShelf

CHANNEL = "channel"
STATE = "state"
PLACED = "placed"
_CELL_EDGES = 24
_BETWEEN_CHIPS = 6
_LONGEST = "WX20260000000000 · ×00"


class OrderRows:
    """Fetches windows of the list."""

    def __init__(self, runner: "Runner") -> None:
        self._runner = runner

    def request_window(self, rowids: Sequence[int], callback: Callable[[Mapping[int, OrderSummary]], None]) -> None:
        self._runner.query(queries.order_window(rowids), callback, lambda: True)


def receiver_cell(row: OrderSummary) -> Cell:
    if not row.receiver and not row.phone:
        return Cell("—", token="text3")
    return Cell(mask_name(row.receiver), mask_phone(row.phone))


def state_cell(row: OrderSummary) -> Cell:
    marks = [Mark(wording.state_word(row.state), wording.state_tone(row.state))]
    if row.is_syncing:
        marks.append(Mark(tr("Not synced"), "amber", has_dot=False))
    return Cell(marks=tuple(marks))


def columns(clock: "Clock", pictures: "PictureShelf | None" = None) -> tuple[Column[OrderSummary], ...]:
    def goods_cell(row: OrderSummary) -> Cell:
        """The first article stands for all; the count comes before what may be cut off."""
        title = row.title
        if row.line_count > 1:
            title = tr("{title} +{count}", title=row.title, count=row.line_count - 1)
        picture = pictures.image(row.sha256) if pictures is not None else None
        return Cell(title, f"{row.no} · ×{row.piece_count}", tile=row.title or row.no, picture=picture)

    def placed_cell(row: OrderSummary) -> Cell:
        return Cell(wording.moment(row.placed_at, clock.now()), token="text2")

    def amount_cell(row: OrderSummary) -> Cell:
        return Cell(format_fen(row.total_fen), is_strong=True)

    def channel_cell(row: OrderSummary) -> Cell:
        return Cell(wording.channel_word(row.channel), token="text2")

    return (
        Column("goods", lambda: tr("Order / goods"), goods_cell),
        Column("receiver", lambda: tr("Receiver"), receiver_cell, 96),
        Column(CHANNEL, lambda: tr("Channel"), channel_cell, channel_width()),
        Column("amount", lambda: tr("Amount"), amount_cell, 98, "right"),
        Column(STATE, lambda: tr("State"), state_cell, state_width()),
        Column(PLACED, lambda: tr("Placed"), placed_cell, 102),
    )


def channel_width() -> int:
    words = (tr("Channel"), wording.channel_word("mini_program"))
    return round(max(fonts.advance(word) for word in words) + _CELL_EDGES + 1)


def goods_width() -> int:
    """Room for an order's number and its count of pieces: the number is what people read out."""
    return first_width(fonts.advance(_LONGEST, metrics.NOTE), metrics.ROW_TWO_LINES)


def state_width(*, is_stacked: bool = False) -> int:
    """Room for the widest state with the mark beside it, or below it, in the language of now."""
    widest = max(chip_width(wording.state_word(state)) for state in wording.STATES)
    mark = chip_width(tr("Not synced"), has_dot=False)
    return round((max(widest, mark) if is_stacked else widest + _BETWEEN_CHIPS + mark) + _CELL_EDGES + 1)
