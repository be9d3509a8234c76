"""The one renderer: a print document as PDF, its bars and rules on the dots of the printer it is meant for."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from app.kernel.later import later
from app.printing import code128, qr
from app.printing.document import (
    Align,
    Box,
    Code128,
    Ink,
    Line,
    Page,
    PrintDocument,
    PrintWarning,
    Qr,
    Rect,
    Text,
    WarningCode,
)
from app.printing.fonts import Run
from app.printing.typeset import set_text

if TYPE_CHECKING:
    import pypdfium2
    from reportlab.pdfgen import canvas as drawing
else:
    pypdfium2, drawing = later("pypdfium2"), later("reportlab.pdfgen.canvas")

# Two fields too thin to touch the neighbouring dot when a viewer's scale is off by a rounding.
_INSET = 0.05
_LEAST_MODULE_DOTS = 2
_POINTS_PER_INCH = 72
# The fonts remember which signs a file uses, and the library forbids two files at once.
_one_at_a_time = Lock()
rasteriser = Lock()
"""The library that reads finished files is not made for several threads."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """The printer's dots, in tenths per inch: 8 dots a millimetre are 203.2 to the inch."""

    dpi10: int

    def dots(self, length_mm10: float) -> int:
        return round(length_mm10 * self.dpi10 / 2540)

    @property
    def points_per_dot(self) -> float:
        return _POINTS_PER_INCH * 10 / self.dpi10


DPI_203 = Resolution(2032)
DPI_300 = Resolution(3000)


@dataclass(frozen=True, slots=True)
class Pdf:
    """A finished file, the dots it was drawn for and what a person should know about it."""

    data: bytes
    resolution: Resolution
    page_dots: tuple[tuple[int, int], ...]
    warnings: tuple[PrintWarning, ...]


def render_pdf(document: PrintDocument, resolution: Resolution = DPI_203) -> Pdf:
    """Draw the document; the same document gives the same bytes."""
    stream = io.BytesIO()
    warnings = list(document.warnings)
    page_dots = []
    with _one_at_a_time:
        drawing.rl_config.useA85 = 0  # text encoding of the compressed streams only makes them a quarter larger
        canvas = drawing.Canvas(stream, pageCompression=1, invariant=1)
        canvas.setTitle(document.title)
        canvas.setCreator("Zhanggui")
        canvas.setAuthor("")
        case = _TypeCase(canvas._doc)
        for page in document.pages:
            pen = _Pen(canvas, page, resolution, case)
            page_dots.append(pen.draw())
            warnings += pen.warnings
        canvas.save()
    return Pdf(stream.getvalue(), resolution, tuple(page_dots), tuple(dict.fromkeys(warnings)))


def rest_of(pdf: Pdf, first: int) -> Pdf:
    """The sheets from ``first`` on (the first of all is 0), as they were drawn."""
    if not first:
        return pdf
    stream = io.BytesIO()
    with rasteriser:
        whole, rest = pypdfium2.PdfDocument(pdf.data), pypdfium2.PdfDocument.new()
        try:
            rest.import_pages(whole, list(range(first, len(pdf.page_dots))))
            rest.save(stream)
        finally:
            rest.close()
            whole.close()
    return Pdf(stream.getvalue(), pdf.resolution, pdf.page_dots[first:], pdf.warnings)


class _TypeCase:
    """The embedded fonts of one file: which of its fonts and codes a run of signs is."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._known: dict[Run, tuple[tuple[str, str], ...]] = {}

    def codes(self, run: Run) -> tuple[tuple[str, str], ...]:
        """Font and codes, as they stand in the page, piece by piece; a file's font holds 256 signs."""
        known = self._known.get(run)
        if known is None:
            font = run.face.font
            known = self._known[run] = tuple(
                (font.getSubsetInternalName(subset, self._file), f"<{codes.hex()}>")
                for subset, codes in font.splitString(run.text, self._file)
            )
        return known


class _Pen:
    """Writes one page's drawing commands, in dots measured from the bottom left."""

    def __init__(self, canvas: Any, page: Page, resolution: Resolution, case: _TypeCase) -> None:
        self._canvas = canvas
        self._case = case
        self._page = page
        self._resolution = resolution
        self._height = resolution.dots(page.height_mm10)
        self._width = resolution.dots(page.width_mm10)
        self._commands: list[str] = []
        self.warnings: list[PrintWarning] = []

    def draw(self) -> tuple[int, int]:
        """Put the page on the canvas and give its size in dots."""
        scale = self._resolution.points_per_dot
        self._canvas.setPageSize((self._width * scale, self._height * scale))
        self._commands = ["q", f"{scale:.8f} 0 0 {scale:.8f} 0 0 cm"]
        for block in self._page.blocks:
            self._block(block)
        self._commands.append("Q")
        # Straight into the page: the canvas's own drawing calls format every number anew and are half of the time.
        self._canvas._code.extend(self._commands)
        self._canvas.showPage()
        return self._width, self._height

    def _block(self, block: Text | Code128 | Qr | Line | Rect) -> None:
        if isinstance(block, Text):
            self._text(block)
        elif isinstance(block, Code128):
            self._bars(block)
        elif isinstance(block, Qr):
            self._qr(block)
        elif isinstance(block, Line):
            self._line(block)
        else:
            self._rect(block)

    def _text(self, block: Text) -> None:
        setting = set_text(block)
        self.warnings += [PrintWarning(WarningCode.SIGN_MISSING, (("sign", sign),)) for sign in setting.missing]
        if setting.is_cut:
            self.warnings.append(PrintWarning(WarningCode.TEXT_CUT))
        per_mm10 = self._resolution.dpi10 / 2540
        size = setting.size_mm10 * per_mm10
        out = ["BT", "1 g" if block.ink is Ink.WHITE else "0 g"]
        for line in setting.lines:
            x, y = line.x_mm10 * per_mm10, self._height - line.baseline_mm10 * per_mm10
            out.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm")
            for run in line.runs:
                for name, codes in self._case.codes(run):
                    out.append(f"{name} {size:.2f} Tf {codes} Tj")
        out.append("ET")
        self._commands += out

    def _bars(self, block: Code128) -> None:
        if not code128.can_hold(block.data):
            self.warnings.append(PrintWarning(WarningCode.BARS_IMPOSSIBLE))
            return
        widths = code128.widths(block.data)
        box = block.box
        room = self._resolution.dots(box.width_mm10)
        whole = sum(widths) + 2 * code128.QUIET_MODULES
        wished = block.module_um * self._resolution.dpi10 // 254_000
        module = min(wished, room // whole)
        if module < _LEAST_MODULE_DOTS:
            self.warnings.append(PrintWarning(WarningCode.BARS_TOO_NARROW, (("count", len(block.data)),)))
            return
        quiet = module * code128.QUIET_MODULES
        spare = room - whole * module
        x = self._resolution.dots(box.x_mm10) + quiet
        x += {Align.LEFT: 0, Align.CENTRE: spare // 2, Align.RIGHT: spare}[block.align]
        top, bottom = self._rows(box)
        self._fill(self._bar_fields(widths, module, x, bottom, top - bottom))

    @staticmethod
    def _bar_fields(
        widths: tuple[int, ...], module: int, x: int, y: int, height: int
    ) -> Iterator[tuple[int, int, int, int]]:
        for place, width in enumerate(widths):
            if place % 2 == 0:
                yield x, y, width * module, height
            x += width * module

    def _qr(self, block: Qr) -> None:
        try:
            side, runs = qr.dark_runs(block.data)
        except qr.TooMuchError:
            self.warnings.append(PrintWarning(WarningCode.BARS_TOO_NARROW, (("count", len(block.data)),)))
            return
        box = block.box
        room = self._resolution.dots(min(box.width_mm10, box.height_mm10))
        module = room // side
        if module < _LEAST_MODULE_DOTS:
            self.warnings.append(PrintWarning(WarningCode.BARS_TOO_NARROW, (("count", len(block.data)),)))
            return
        left = self._resolution.dots(box.x_mm10) + (self._resolution.dots(box.width_mm10) - side * module) // 2
        top = self._rows(box)[0] - (self._resolution.dots(box.height_mm10) - side * module) // 2
        self._fill((left + x * module, top - (y + 1) * module, n * module, module) for x, y, n in runs)

    def _line(self, line: Line) -> None:
        thick = max(1, self._resolution.dots(line.width_mm10))
        x, y = self._resolution.dots(line.x_mm10), self._height - self._resolution.dots(line.y_mm10)
        length = self._resolution.dots(line.length_mm10)
        field = (x, y - length, thick, length) if line.is_vertical else (x, y - thick, length, thick)
        self._fill([field])

    def _rect(self, rect: Rect) -> None:
        top, bottom = self._rows(rect.box)
        left = self._resolution.dots(rect.box.x_mm10)
        width, height = self._resolution.dots(rect.box.width_mm10), top - bottom
        if rect.is_filled:
            self._fill([(left, bottom, width, height)])
            return
        thick = max(1, self._resolution.dots(rect.width_mm10))
        inner = height - 2 * thick
        self._fill(
            [
                (left, bottom, width, thick),
                (left, top - thick, width, thick),
                (left, bottom + thick, thick, inner),
                (left + width - thick, bottom + thick, thick, inner),
            ]
        )

    def _rows(self, box: Box) -> tuple[int, int]:
        top = self._height - self._resolution.dots(box.y_mm10)
        return top, top - self._resolution.dots(box.height_mm10)

    def _fill(self, fields: Any) -> None:
        """Fill fields of whole dots as one path."""
        self._commands.append("0 g")
        self._commands += [
            f"{x}{_INSET_TEXT} {y}{_INSET_TEXT} {width - 1}{_REST_TEXT} {height - 1}{_REST_TEXT} re"
            for x, y, width, height in fields
        ]
        self._commands.append("f")


# Whole dots are written as text with these endings: twice as quick as formatting a fraction for each field.
_INSET_TEXT = f"{_INSET:.2f}"[1:]
_REST_TEXT = f"{1 - 2 * _INSET:.2f}"[1:]
