"""A paper as data: what stands where, before anything knows a printer.

Lengths are whole tenths of a millimetre, measured from the top left corner of the page. One layout makes the document
and one renderer draws it, so the preview, the file and the printer's bitmap cannot differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.kernel.i18n import render


class Weight(StrEnum):
    REGULAR = "regular"
    BOLD = "bold"


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Ink(StrEnum):
    BLACK = "black"
    WHITE = "white"


class Fit(StrEnum):
    """What happens to a text that is too long for its box; it never leaves the box."""

    WHOLE = "whole"  # one line, as small as it must be: no sign of a number may be lost
    CUT = "cut"  # one line, smaller down to ``least_mm10``, then cut with an ellipsis
    WRAP = "wrap"  # several lines, smaller down to ``least_mm10``, then cut with an ellipsis


@dataclass(frozen=True, slots=True)
class Box:
    x_mm10: int
    y_mm10: int
    width_mm10: int
    height_mm10: int


@dataclass(frozen=True, slots=True)
class Text:
    """One line stands in the middle of its box's height, wrapped lines begin at its top."""

    box: Box
    text: str
    size_mm10: int
    weight: Weight = Weight.REGULAR
    align: Align = Align.LEFT
    fit: Fit = Fit.CUT
    least_mm10: int = 20
    ink: Ink = Ink.BLACK


@dataclass(frozen=True, slots=True)
class Code128:
    """Bars as wide as whole printer dots allow, up to ``module_um``, with their quiet zones inside the box."""

    box: Box
    data: str
    module_um: int = 375
    align: Align = Align.CENTRE


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code as large as whole printer dots allow; the layout leaves the quiet zone around the box."""

    box: Box
    data: str


@dataclass(frozen=True, slots=True)
class Line:
    """A rule, across or down."""

    x_mm10: int
    y_mm10: int
    length_mm10: int
    is_vertical: bool = False
    width_mm10: int = 3


@dataclass(frozen=True, slots=True)
class Rect:
    """A frame, or a black field when ``is_filled``."""

    box: Box
    is_filled: bool = False
    width_mm10: int = 3


Block = Text | Code128 | Qr | Line | Rect


class WarningCode(StrEnum):
    SIGN_MISSING = "print.sign_missing"
    TEXT_CUT = "print.text_cut"
    SORTING_CODE_MISSING = "print.sorting_code_missing"
    BARS_TOO_NARROW = "print.bars_too_narrow"
    BARS_IMPOSSIBLE = "print.bars_impossible"


WARNING_TEMPLATES: Mapping[WarningCode, str] = {
    WarningCode.SIGN_MISSING: "No font has the sign {sign}; □ is printed in its place",
    WarningCode.TEXT_CUT: "A text is too long for its place and was cut",
    WarningCode.SORTING_CODE_MISSING: "The carrier gave no sorting code; the paper says so",
    WarningCode.BARS_TOO_NARROW: "The barcode of {count} signs has no room at a readable width and was left out",
    WarningCode.BARS_IMPOSSIBLE: "A number with signs that no barcode has was left without its barcode",
}


@dataclass(frozen=True, slots=True)
class PrintWarning:
    """Something a person should know before the paper leaves; never carries personal data beyond a single sign."""

    code: WarningCode
    params: tuple[tuple[str, str | int], ...] = ()

    def text(self, language: str) -> str:
        return render(WARNING_TEMPLATES[self.code], dict(self.params), language)


@dataclass(frozen=True, slots=True)
class Page:
    width_mm10: int
    height_mm10: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class PrintDocument:
    """Pages in order, the title shown by print queues (no personal data) and what the layout already found wanting."""

    title: str
    pages: tuple[Page, ...]
    warnings: tuple[PrintWarning, ...] = ()


def listing(document: PrintDocument) -> str:
    """The document as text, a block a line: what a person compares when a layout changes."""
    rows = [f"title {document.title}"]
    rows += [f"warning {warning.code} {dict(warning.params)}" for warning in document.warnings]
    for page in document.pages:
        rows.append(f"page {page.width_mm10} x {page.height_mm10}")
        rows += [_row(block) for block in page.blocks]
    return "\n".join(rows) + "\n"


def _row(block: Block) -> str:
    if isinstance(block, Line):
        way = "down" if block.is_vertical else "across"
        return f"line {block.x_mm10},{block.y_mm10} {way} {block.length_mm10} width {block.width_mm10}"
    box = block.box
    place = f"{box.x_mm10},{box.y_mm10} {box.width_mm10}x{box.height_mm10}"
    if isinstance(block, Rect):
        return f"rect {place} " + ("filled" if block.is_filled else f"width {block.width_mm10}")
    if isinstance(block, Code128):
        return f"code128 {place} {block.module_um} um {block.align} {block.data}"
    if isinstance(block, Qr):
        return f"qr {place} {block.data}"
    least = "" if block.fit is Fit.WHOLE else f">{block.least_mm10}"
    return f"text {place} {block.size_mm10}{least} {block.weight} {block.align} {block.fit} {block.ink} | {block.text}"
