"""The picking list on A4: first the walk along the shelves, then what goes into which basket."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.kernel.i18n import render
from app.printing.document import Align, Block, Box, Code128, Fit, Ink, Line, Page, PrintDocument, Rect, Text, Weight
from app.printing.masking import mask_name, mask_phone, mask_remark
from app.printing.picking import PickingData, PickLine, PickOrder
from app.printing.typeset import wrapped_height

WIDTH, HEIGHT = 2100, 2970
EDGE = 120
FOOT = HEIGHT - 150
BODY, SMALL = 36, 29
_NUMBERS = re.compile(r"(\d+)")
_Draw = Callable[[int], list[Block]]


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the list that is never torn between two pages: its height, and how it looks from a given line."""

    height: int
    draw: _Draw


@dataclass(frozen=True, slots=True)
class _Stop:
    """One article at its shelf, with the pieces for each basket."""

    line: PickLine
    baskets: tuple[tuple[int, int], ...]

    @property
    def qty(self) -> int:
        return sum(qty for _, qty in self.baskets)


def picking_list(data: PickingData, language: str = "zh_CN") -> PrintDocument:
    """Lay the list out; buyers are masked here."""
    sheet = _Sheet(data, language)
    return PrintDocument(sheet.say("Picking list, {count} orders", count=len(data.orders)), sheet.pages())


def shelf_order(shelf: str) -> tuple[bool, list[tuple[int, str]]]:
    """A-2 before A-10, goods without a shelf last."""
    return not shelf, [(int(part), "") if part.isdigit() else (0, part) for part in _NUMBERS.split(shelf)]


def _stops(orders: Sequence[PickOrder]) -> list[_Stop]:
    """The same article of several orders is fetched once."""
    found: dict[tuple[str, str, str, str], tuple[PickLine, dict[int, int]]] = {}
    for basket, order in enumerate(orders, 1):
        for line in order.lines:
            _, baskets = found.setdefault((line.shelf, line.code, line.title, line.spec), (line, {}))
            baskets[basket] = baskets.get(basket, 0) + line.qty
    stops = [_Stop(line, tuple(sorted(baskets.items()))) for line, baskets in found.values()]
    return sorted(stops, key=lambda stop: (shelf_order(stop.line.shelf), stop.line.code, stop.line.title))


class _Sheet:
    """Breaks the parts into pages, each with its head and foot."""

    def __init__(self, data: PickingData, language: str) -> None:
        self._data = data
        self._language = language

    def say(self, template: str, **params: Any) -> str:
        return render(template, params, self._language)

    def pages(self) -> tuple[Page, ...]:
        parts = [self._walk_head(), *(self._stop(stop) for stop in _stops(self._data.orders))]
        parts += [self._baskets_head(), *(self._basket(n, order) for n, order in enumerate(self._data.orders, 1))]
        broken: list[list[Block]] = [[]]
        y = top = EDGE + 190
        for part in parts:
            if y + part.height > FOOT and y > top:
                broken.append([])
                y = top
            broken[-1] += part.draw(y)
            y += part.height
        return tuple(
            Page(WIDTH, HEIGHT, (*self._frame(number, len(broken)), *blocks)) for number, blocks in enumerate(broken, 1)
        )

    def _frame(self, number: int, count: int) -> list[Block]:
        data = self._data
        pieces = sum(line.qty for order in data.orders for line in order.lines)
        facts = self.say("{orders} orders · {pieces} pieces", orders=len(data.orders), pieces=pieces)
        right = " · ".join(
            part for part in (data.staff, self.say("Printed {printed_at}", printed_at=data.printed_at)) if part
        )
        page = self.say("Page {number} of {count}", number=number, count=count)
        return [
            _text(Box(EDGE, EDGE, 1100, 70), f"{self.say('Picking list')}\u3000{data.shop_name}", 58, Weight.BOLD),
            _text(Box(WIDTH - EDGE - 760, EDGE, 760, 70), facts, 44, Weight.BOLD, align=Align.RIGHT),
            _text(Box(WIDTH - EDGE - 760, EDGE + 80, 760, 44), right, SMALL, align=Align.RIGHT),
            Line(EDGE, EDGE + 140, WIDTH - 2 * EDGE, width_mm10=5),
            *self._mark(),
            _text(Box(EDGE, FOOT + 40, 900, 44), self.say("Picked by"), SMALL),
            _text(Box(WIDTH - EDGE - 500, FOOT + 40, 500, 44), page, SMALL, align=Align.RIGHT),
        ]

    def _mark(self) -> list[Block]:
        """On every sheet of a copy, so that nobody fetches the same goods twice."""
        if self._data.copy_no <= 1:
            return []
        box = Box(EDGE, EDGE + 76, 400, 54)
        said = self.say("Reprint · copy {copy_no}", copy_no=self._data.copy_no)
        return [
            Rect(box, is_filled=True),
            _text(box, said, BODY, Weight.BOLD, align=Align.CENTRE, ink=Ink.WHITE),
        ]

    def _walk_head(self) -> _Part:
        titles = (
            (EDGE + 80, 260, "Shelf", Align.LEFT),
            (EDGE + 350, 900, "Goods", Align.LEFT),
            (1370, 130, "Pieces", Align.RIGHT),
            (1540, WIDTH - EDGE - 1540, "Basket × pieces", Align.LEFT),
        )

        def draw(y: int) -> list[Block]:
            return [
                _text(Box(x, y, width, 44), self.say(title), SMALL, align=align) for x, width, title, align in titles
            ]

        return _Part(60, draw)

    def _stop(self, stop: _Stop) -> _Part:
        line = stop.line
        goods = f"{line.title}\u3000{line.spec}" if line.spec else line.title
        baskets = "  ".join(f"{basket}×{qty}" for basket, qty in stop.baskets)
        baskets_width = WIDTH - EDGE - 1540
        title_height = wrapped_height(goods, BODY, 940, Weight.BOLD)
        baskets_height = wrapped_height(baskets, BODY, baskets_width)
        height = max(title_height + 50, baskets_height + 18, 84)

        def draw(y: int) -> list[Block]:
            return [
                Line(EDGE, y, WIDTH - 2 * EDGE, width_mm10=1),
                Rect(Box(EDGE + 6, y + 18, 44, 44)),
                _text(Box(EDGE + 80, y + 14, 260, 52), line.shelf or "—", 42, Weight.BOLD, fit=Fit.WHOLE),
                _text(Box(EDGE + 350, y + 14, 940, title_height), goods, BODY, Weight.BOLD, fit=Fit.WRAP),
                _text(Box(EDGE + 350, y + 16 + title_height, 940, 36), line.code, SMALL),
                _text(Box(1370, y + 14, 130, 56), str(stop.qty), 50, Weight.BOLD, align=Align.RIGHT, fit=Fit.WHOLE),
                _text(Box(1540, y + 18, baskets_width, baskets_height), baskets, BODY, fit=Fit.WRAP),
            ]

        return _Part(height + 22, draw)

    def _baskets_head(self) -> _Part:
        def draw(y: int) -> list[Block]:
            return [
                Line(EDGE, y + 20, WIDTH - 2 * EDGE, width_mm10=5),
                _text(Box(EDGE, y + 44, 900, 60), self.say("Baskets"), 44, Weight.BOLD),
            ]

        return _Part(130, draw)

    def _basket(self, number: int, order: PickOrder) -> _Part:
        notes = self._notes(order)
        notes_height = wrapped_height(notes, SMALL, 1150) if notes else 0
        height = max(150, 110 + notes_height)
        who = f"{mask_name(order.receiver)}\u3000{mask_phone(order.phone)}" if order.receiver or order.phone else ""
        goods = self.say("{count} pieces", count=sum(line.qty for line in order.lines))
        if not order.is_confirmed:
            goods += " · " + self.say("Not synced")

        def draw(y: int) -> list[Block]:
            blocks: list[Block] = [
                Line(EDGE, y, WIDTH - 2 * EDGE, width_mm10=1),
                _text(Box(EDGE, y + 22, 130, 84), str(number), 76, Weight.BOLD, fit=Fit.WHOLE),
                _text(Box(EDGE + 150, y + 18, 620, 46), order.no, BODY, Weight.BOLD, fit=Fit.WHOLE),
                _text(
                    Box(EDGE + 150, y + 66, 1150, 36), "\u3000".join(filter(None, (order.delivery, who, goods))), SMALL
                ),
                Code128(Box(1300, y + 16, WIDTH - EDGE - 1300, 96), order.no, 375, Align.RIGHT),
            ]
            if notes:
                blocks.append(_text(Box(EDGE + 150, y + 108, 1150, notes_height), notes, SMALL, fit=Fit.WRAP))
            return blocks

        return _Part(height + 14, draw)

    def _notes(self, order: PickOrder) -> str:
        found = []
        if order.remark:
            found.append(self.say("Buyer's note: {note}", note=mask_remark(order.remark, order.receiver)))
        if order.staff_remark:
            found.append(self.say("Shop's note: {note}", note=mask_remark(order.staff_remark, order.receiver)))
        return "\n".join(found)


def _text(box: Box, text: str, size: int, weight: Weight = Weight.REGULAR, **style: Any) -> Text:
    return Text(box, text, size, weight, least_mm10=min(size, 22), **style)
