"""Receipts in ESC/POS: as a picture, exact to the dot, or as text, which is quick on slow lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.printing import code128
from app.printing.bitmap import Bitmap, rasterise
from app.printing.document import Align, Block, Box, Code128, Fit, Line, Page, PrintDocument, Qr, Rect, Text, Weight
from app.printing.languages.columns import columns_of, padded, wrapped
from app.printing.pdf import DPI_203, Resolution, render_pdf

BAND_ROWS = 256
"""Small printers hold a band in memory, not a page."""
_INIT = b"\x1b@"
_CUT = b"\x1dVB\x00"
_CHINESE_ON, _CHINESE_OFF = b"\x1c&", b"\x1c."
_ALIGN = {Align.LEFT: b"\x1ba\x00", Align.CENTRE: b"\x1ba\x01", Align.RIGHT: b"\x1ba\x02"}
_BOLD_ON, _BOLD_OFF = b"\x1bE\x01", b"\x1bE\x00"
_SIZE = {1: b"\x1d!\x00", 2: b"\x1d!\x11"}


class Encoding(StrEnum):
    """What the printer's own Chinese font is addressed in; a picture needs none."""

    PICTURE = "picture"
    GBK = "gbk"
    GB18030 = "gb18030"


@dataclass(frozen=True, slots=True)
class Roll:
    """A receipt printer: dots and columns of its line, how it speaks Chinese, whether it has a knife."""

    width_dots: int
    columns: int
    encoding: Encoding = Encoding.PICTURE
    has_knife: bool = True


ROLL_58 = Roll(384, 32, has_knife=False)
ROLL_80 = Roll(576, 48)


def receipt(document: PrintDocument, roll: Roll, resolution: Resolution = DPI_203) -> bytes:
    """The bytes of a slip, cut off at its end where the printer can."""
    if roll.encoding is Encoding.PICTURE:
        pdf = render_pdf(document, resolution)
        return slip([rasterise(pdf, page) for page in range(len(document.pages))], roll)
    return _whole(b"".join(_page_as_text(page, roll) for page in document.pages), roll)


def slip(pages: Sequence[Bitmap], roll: Roll) -> bytes:
    """The bytes of a slip that is drawn already."""
    return _whole(b"".join(picture(page) for page in pages), roll)


def _whole(body: bytes, roll: Roll) -> bytes:
    return _INIT + body + b"\n\n\n" + (_CUT if roll.has_knife else b"\n")


def picture(bitmap: Bitmap) -> bytes:
    """Rows of dots in bands; a set bit is black."""
    out = []
    for top in range(0, bitmap.height_dots, BAND_ROWS):
        rows = min(BAND_ROWS, bitmap.height_dots - top)
        part = bitmap.rows[top * bitmap.row_bytes : (top + rows) * bitmap.row_bytes]
        out.append(b"\x1dv0\x00" + bitmap.row_bytes.to_bytes(2, "little") + rows.to_bytes(2, "little") + part)
    return b"".join(out)


def _page_as_text(page: Page, roll: Roll) -> bytes:
    return b"".join(_row(blocks, page, roll) for blocks in _rows(page.blocks))


def _rows(blocks: Sequence[Block]) -> Iterator[tuple[Block, ...]]:
    """Blocks that stand beside each other are one line of text; frames are left out."""
    row: list[Block] = []
    for block in blocks:
        if isinstance(block, Rect):
            continue
        if row and not _is_beside(row[-1], block):
            yield tuple(row)
            row = []
        row.append(block)
    if row:
        yield tuple(row)


def _is_beside(left: Block, right: Block) -> bool:
    return isinstance(left, Text) and isinstance(right, Text) and left.box.y_mm10 == right.box.y_mm10


def _row(blocks: tuple[Block, ...], page: Page, roll: Roll) -> bytes:
    first = blocks[0]
    if isinstance(first, Line):
        return b"-" * roll.columns + b"\n"
    if isinstance(first, Qr):
        return _ALIGN[Align.CENTRE] + _qr(first.data) + _ALIGN[Align.LEFT]
    if isinstance(first, Code128):
        return _ALIGN[Align.CENTRE] + _bars(first) + _ALIGN[Align.LEFT]
    texts = tuple(block for block in blocks if isinstance(block, Text))
    if not all(_can_say(text.text, roll.encoding) for text in texts):
        return _as_picture(texts, page, roll)
    return _text_row(texts, page, roll)


def _text_row(texts: tuple[Text, ...], page: Page, roll: Roll) -> bytes:
    size = 2 if min(text.size_mm10 for text in texts) >= _double_from(page) else 1
    columns = roll.columns // size
    if len(texts) == 1:
        text = texts[0]
        lines = wrapped(_plain(text.text), columns) if text.fit is not Fit.CUT else [_cut(_plain(text.text), columns)]
        shown = [padded(line, columns, text.align) for line in lines]
    else:
        left, right = (_plain(text.text) for text in (texts[0], texts[-1]))
        room = columns - columns_of(right) - 1
        shown = [padded(_cut(left, room), room + 1, Align.LEFT) + right]
    is_bold = any(text.weight is Weight.BOLD for text in texts)
    body = b"".join(line.rstrip().encode(roll.encoding) + b"\n" for line in shown)
    return _CHINESE_ON + _SIZE[size] + (_BOLD_ON if is_bold else _BOLD_OFF) + body + _SIZE[1] + _BOLD_OFF + _CHINESE_OFF


def _double_from(page: Page) -> int:
    """Signs of this height and more are printed twice as wide and high; the base font is 3 mm."""
    return 38 if page.width_mm10 < 600 else 46


def _plain(text: str) -> str:
    """The narrow sign of the yuan is not in GBK; its wide twin is, and every such printer has it."""
    return text.replace("¥", "￥").replace("\u2212", "-")


def _cut(text: str, columns: int) -> str:
    if columns_of(text) <= columns:
        return text
    while text and columns_of(text) > columns - 2:
        text = text[:-1]
    return text + "…"


def _can_say(text: str, encoding: Encoding) -> bool:
    try:
        _plain(text).encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _as_picture(texts: tuple[Text, ...], page: Page, roll: Roll) -> bytes:
    """A line with a sign that the printer's font lacks: a rare name is printed as it is written."""
    top = min(text.box.y_mm10 for text in texts)
    height = max(text.box.y_mm10 + text.box.height_mm10 for text in texts) - top
    moved = tuple(
        Text(
            Box(text.box.x_mm10, text.box.y_mm10 - top, text.box.width_mm10, text.box.height_mm10),
            *(text.text, text.size_mm10, text.weight, text.align, text.fit, text.least_mm10),
        )
        for text in texts
    )
    document = PrintDocument("", (Page(page.width_mm10, height, moved),))
    return picture(rasterise(render_pdf(document, DPI_203)))


def _qr(data: str) -> bytes:
    """The printer's own QR code, error correction M."""
    text = data.encode("utf-8")
    store = (len(text) + 3).to_bytes(2, "little")
    return (
        b"\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x06\x1d(k\x03\x001E1"
        + b"\x1d(k"
        + store
        + b"1P0"
        + text
        + b"\x1d(k\x03\x001Q0\n"
    )


def _bars(block: Code128) -> bytes:
    if not code128.can_hold(block.data):
        return b""
    text = b"{B" + block.data.encode("ascii")
    return b"\x1dh\x50\x1dw\x02\x1dH\x02\x1dkI" + bytes([len(text)]) + text + b"\n"
