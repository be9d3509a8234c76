"""Receipts in ESC/POS as a picture, exact to the dot: what was looked at is what comes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.printing.bitmap import Bitmap

BAND_ROWS = 256
"""Small printers hold a band in memory, not a page."""
_INIT = b"\x1b@"
_CUT = b"\x1dVB\x00"


class Setting(StrEnum):
    """Who sets a receipt: the program, as a picture, or the printer, in its own letters, which is quicker."""

    PICTURE = "picture"
    LETTERS = "letters"


@dataclass(frozen=True, slots=True)
class Roll:
    """A receipt printer: dots and columns of its line, and whether it has a knife."""

    width_dots: int
    columns: int
    has_knife: bool = True


ROLL_58 = Roll(384, 32, has_knife=False)
ROLL_80 = Roll(576, 48)
ROLLS = {"58": ROLL_58, "80": ROLL_80}


def slip(pages: Sequence[Bitmap], roll: Roll) -> bytes:
    """The bytes of a slip that is drawn already."""
    return whole(b"".join(picture(page) for page in pages), roll)


def whole(body: bytes, roll: Roll) -> bytes:
    """A slip from its first byte to its last, cut off at its end where the printer can."""
    return _INIT + body + b"\n\n\n" + (_CUT if roll.has_knife else b"\n")


def picture(bitmap: Bitmap) -> bytes:
    """Rows of dots in bands; a set bit is black."""
    out = []
    for top in range(0, bitmap.height_dots, BAND_ROWS):
        rows = min(BAND_ROWS, bitmap.height_dots - top)
        part = bitmap.rows[top * bitmap.row_bytes : (top + rows) * bitmap.row_bytes]
        out.append(b"\x1dv0\x00" + bitmap.row_bytes.to_bytes(2, "little") + rows.to_bytes(2, "little") + part)
    return b"".join(out)
