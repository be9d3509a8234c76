"""A finished PDF at the printer's dots: what is previewed is, dot for dot, what is printed."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.kernel.later import later
from app.printing.pdf import Pdf, rasteriser

if TYPE_CHECKING:
    import pypdfium2
    from PIL import Image
else:
    pypdfium2, Image = later("pypdfium2"), later("PIL.Image")

# The renderer rounds a page up to whole dots; a hair less than exact keeps a whole page whole.
_HAIR = 0.01
# Darker than the middle, so that the thin strokes of small signs do not break.
_INK_BELOW = 160
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
    width, height = pdf.page_dots[page]
    with rasteriser:
        document = pypdfium2.PdfDocument(pdf.data)
        try:
            sheet = document[page]
            scale = min((width - _HAIR) / sheet.get_width(), (height - _HAIR) / sheet.get_height())
            picture = sheet.render(scale=scale, grayscale=True).to_pil()
        finally:
            document.close()
    if picture.size != (width, height):
        raise RuntimeError(f"a page of {width}x{height} dots came out as {picture.size}")
    black = picture.point([255] * _INK_BELOW + [0] * (256 - _INK_BELOW), mode="1")
    return Bitmap(width, height, black.tobytes())
