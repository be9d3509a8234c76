"""QR codes as runs of dark modules."""

from functools import lru_cache
from typing import TYPE_CHECKING

from app.kernel.later import later

if TYPE_CHECKING:
    import qrcode
    from qrcode import constants
else:
    qrcode, constants = later("qrcode"), later("qrcode.constants")

# Any of the eight masks reads; trying all of them for the most even picture is nine tenths of the library's time.
_MASK = 3


@lru_cache(maxsize=512)
def dark_runs(data: str) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    """The side in modules and, row by row, the runs ``(x, y, length)`` of dark modules."""
    code = qrcode.QRCode(error_correction=constants.ERROR_CORRECT_M, border=0, mask_pattern=_MASK)
    code.add_data(data)
    code.make(fit=True)
    runs = []
    for y, row in enumerate(code.modules):
        start = -1
        for x, is_dark in enumerate((*row, False)):
            if is_dark and start < 0:
                start = x
            elif not is_dark and start >= 0:
                runs.append((start, y, x - start))
                start = -1
    return len(code.modules), tuple(runs)
