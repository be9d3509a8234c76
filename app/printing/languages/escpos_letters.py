"""Receipts in ESC/POS set by the printer itself: the second renderer of a document, for slow lines.

Codes, and lines with a sign that such printers lack, are drawn as the first renderer has them, so that they can be read
on every printer.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

from app.printing.bitmap import Bitmap, rasterise
from app.printing.document import Align, Block, Box, Ink, Line, Page, PrintDocument, Rect, Text, Weight
from app.printing.languages import escpos
from app.printing.languages.columns import CODE_PAGE, can_say, columns_of, padded, plain, wrapped
from app.printing.languages.escpos import Roll
from app.printing.pdf import DPI_203, render_pdf

_CHINESE_ON = b"\x1c&"
_ALIGN_LEFT = b"\x1ba\x00"
_BOLD = {False: b"\x1bE\x00", True: b"\x1bE\x01"}
_WHITE_ON_BLACK = {False: b"\x1dB\x00", True: b"\x1dB\x01"}
_SIZE = {1: b"\x1d!\x00", 2: b"\x1d!\x11"}
_PLAIN = _SIZE[1] + _BOLD[False] + _WHITE_ON_BLACK[False]
_NARROW_MM10 = 600


def receipt(document: PrintDocument, roll: Roll) -> bytes:
    """The bytes of a slip, cut off at its end where the printer can."""
    body = b"".join(_Slip(document, number, roll).said() for number in range(len(document.pages)))
    return escpos.whole(_ALIGN_LEFT + _CHINESE_ON + body, roll)


class _Slip:
    """One page; drawn only when something of it has to be."""

    def __init__(self, document: PrintDocument, number: int, roll: Roll) -> None:
        self._document = document
        self._number = number
        self._page = document.pages[number]
        self._columns = roll.columns

    def said(self) -> bytes:
        return b"".join(self._row(row) for row in _rows(self._page.blocks))

    @cached_property
    def _picture(self) -> Bitmap:
        return rasterise(render_pdf(self._document, DPI_203), self._number)

    def _row(self, blocks: tuple[Block, ...]) -> bytes:
        if isinstance(blocks[0], Line):
            return b"-" * self._columns + b"\n"
        texts = tuple(block for block in blocks if isinstance(block, Text))
        if not texts or not all(can_say(text.text) for text in texts):
            return self._drawn([block.box for block in blocks if not isinstance(block, Line)])
        return self._set(texts)

    def _drawn(self, boxes: list[Box]) -> bytes:
        """A strip of the page as it is previewed."""
        top = DPI_203.dots(min(box.y_mm10 for box in boxes))
        bottom = DPI_203.dots(max(box.y_mm10 + box.height_mm10 for box in boxes))
        return escpos.picture(self._picture.band(top, bottom - top))

    def _set(self, texts: tuple[Text, ...]) -> bytes:
        """Twice as large where that is wished and stands on one line; else in as many lines as needed."""
        size = 2 if min(text.size_mm10 for text in texts) >= _double_from(self._page) else 1
        lines = _lines(texts, self._columns // size)
        if size == 2 and len(lines) > 1:
            size, lines = 1, _lines(texts, self._columns)
        is_bold = any(text.weight is Weight.BOLD for text in texts)
        is_white = any(text.ink is Ink.WHITE for text in texts)
        body = b"".join((line if is_white else line.rstrip()).encode(CODE_PAGE) + b"\n" for line in lines)
        return _SIZE[size] + _BOLD[is_bold] + _WHITE_ON_BLACK[is_white] + body + _PLAIN


def _rows(blocks: Sequence[Block]) -> Iterator[tuple[Block, ...]]:
    """Texts that stand beside each other are one line; frames and upright rules are left out."""
    row: list[Block] = []
    for block in blocks:
        if isinstance(block, Rect) or (isinstance(block, Line) and block.is_vertical):
            continue
        if row and not _is_beside(row[-1], block):
            yield tuple(row)
            row = []
        row.append(block)
    if row:
        yield tuple(row)


def _is_beside(left: Block, right: Block) -> bool:
    return isinstance(left, Text) and isinstance(right, Text) and left.box.y_mm10 == right.box.y_mm10


def _lines(texts: tuple[Text, ...], columns: int) -> list[str]:
    """What the row says; more than one line when it is too long for its columns."""
    if len(texts) > 1:
        return _pair(plain(texts[0].text), plain(texts[-1].text), columns)
    return [padded(line, columns, texts[0].align) for line in wrapped(plain(texts[0].text), columns)]


def _pair(words: str, figure: str, columns: int) -> list[str]:
    """Words at the left, their figure at the right: behind the words where there is room, else below them."""
    *above, last = wrapped(words, columns)
    room = columns - columns_of(last) - 1
    if columns_of(figure) <= room:
        return [*above, last + padded(figure, room + 1, Align.RIGHT)]
    return [*above, last, *(padded(line, columns, Align.RIGHT) for line in wrapped(figure, columns))]


def _double_from(page: Page) -> int:
    """Signs of this height and more are printed twice as wide and high; the base font is 3 mm."""
    return 38 if page.width_mm10 < _NARROW_MM10 else 46
