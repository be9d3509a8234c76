"""Labels in TSPL, as most Chinese label printers speak it: the whole label is one picture, so fonts never matter."""

from app.printing.bitmap import INVERTED, Bitmap

DEFAULT_GAP_MM10 = 20


def label(bitmap: Bitmap, size_mm10: tuple[int, int], gap_mm10: int = DEFAULT_GAP_MM10) -> bytes:
    """The bytes of one label of ``size_mm10`` (width, height) on stock with ``gap_mm10`` between labels; 0: a roll."""
    width, height = size_mm10
    head = (
        f"SIZE {_mm(width)} mm,{_mm(height)} mm",
        f"GAP {_mm(gap_mm10)} mm,0 mm",
        "DIRECTION 1",
        "REFERENCE 0,0",
        "CLS",
    )
    # Here a set bit is white: the reverse of every other printer.
    picture = bitmap.rows.translate(INVERTED)
    start = f"BITMAP 0,0,{bitmap.row_bytes},{bitmap.height_dots},0,".encode("ascii")
    return "\r\n".join(head).encode("ascii") + b"\r\n" + start + picture + b"\r\nPRINT 1,1\r\n"


def _mm(length_mm10: int) -> str:
    whole, rest = divmod(length_mm10, 10)
    return f"{whole}.{rest}" if rest else str(whole)
