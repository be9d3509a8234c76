"""A finished PDF at the printer's dots: what is previewed is, dot for dot, what is printed."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.kernel.later import later
from app.printing.pdf import Pdf, rasteriser

if TYPE_CHECKING:
    import pypdfium2
    import pypdfium2.raw as pdfium
    from PIL import Image
else:
    pypdfium2, pdfium, Image = later("pypdfium2"), later("pypdfium2.raw"), later("PIL.Image")

# A receipt of a thousand lines is twenty metres long; a band of it is kept in memory, and other pages are one band.
_BAND_DOTS = 4_096
_WHITE = (255, 255, 255, 255)
# Darker than the middle, so that the thin strokes of small signs do not break.
_INK_BELOW = 160
_BLACK_FROM = [255] * _INK_BELOW + [0] * (256 - _INK_BELOW)
INVERTED = bytes(range(255, -1, -1))
"""For ``translate``: what is black becomes white."""


@dataclass(frozen=True, slots=True)
class Bitmap:
    """Black dots: rows from the top, eight dots a byte, the leftmost highest, 1 is black; rows end on whole bytes."""

    width_dots: int
    height_dots: int
    rows: bytes

    @property
    def row_bytes(self) -> int:
        return (self.width_dots + 7) // 8

    def band(self, top: int, height: int) -> "Bitmap":
        """Some of its rows."""
        rows = self.rows[top * self.row_bytes : (top + height) * self.row_bytes]
        return Bitmap(self.width_dots, len(rows) // self.row_bytes, rows)

    def image(self) -> "Image.Image":
        size = (self.width_dots, self.height_dots)
        return Image.frombytes("1", size, self.rows.translate(INVERTED))

    def png(self) -> bytes:
        stream = io.BytesIO()
        self.image().save(stream, "PNG")
        return stream.getvalue()


def rasterise(pdf: Pdf, page: int = 0) -> Bitmap:
    """One page as the dots it was drawn for."""
    return _drawn(pdf, (page,))[0]


def rasterise_all(pdf: Pdf) -> tuple[Bitmap, ...]:
    """Every page; reading a file anew for each of them, with its fonts, is most of the time."""
    return _drawn(pdf, range(len(pdf.page_dots)))


def _drawn(pdf: Pdf, pages: Iterable[int]) -> tuple[Bitmap, ...]:
    with rasteriser:
        document = pypdfium2.PdfDocument(pdf.data)
        try:
            return tuple(_page(document[page], *pdf.page_dots[page]) for page in pages)
        finally:
            document.close()


def _page(sheet: "pypdfium2.PdfPage", width: int, height: int) -> Bitmap:
    bands = (_band(sheet, (width, height), top) for top in range(0, height, _BAND_DOTS))
    return Bitmap(width, height, b"".join(bands))


def _band(sheet: "pypdfium2.PdfPage", size: tuple[int, int], top: int) -> bytes:
    """The rows from ``top`` on: a page is laid over ``size`` dots exactly, however long the roll is."""
    width, height = size
    rows = min(_BAND_DOTS, height - top)
    grey = pypdfium2.PdfBitmap.new_native(width, rows, pdfium.FPDFBitmap_Gray)
    grey.fill_rect(_WHITE, 0, 0, width, rows)
    pdfium.FPDF_RenderPageBitmap(grey, sheet, 0, -top, width, height, 0, pdfium.FPDF_GRAYSCALE)
    picture: Image.Image = grey.to_pil()
    return picture.point(_BLACK_FROM, mode="1").tobytes()
