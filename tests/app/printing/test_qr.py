"""QR codes are the standard's: module for module what the library draws, and read by a reader that knows neither."""

import qrcode
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from qrcode import constants

from app.printing import qr
from app.printing.document import Box, Page, PrintDocument, Qr, WarningCode
from app.printing.pdf import render_pdf

# In version 40 with medium correction: capitals and digits, and digits alone.
_LARGEST, _MOST_DIGITS = 3_391, 5_596


def picture(data: str) -> list[list[bool]]:
    side, runs = qr.dark_runs(data)
    rows = [[False] * side for _ in range(side)]
    for x, y, length in runs:
        assert not any(rows[y][x : x + length]), "no module is drawn twice"
        rows[y][x : x + length] = [True] * length
    return rows


def of_the_library(data: str) -> list[list[bool]]:
    code = qrcode.QRCode(error_correction=constants.ERROR_CORRECT_M, border=0, mask_pattern=3)
    code.add_data(data)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.modules]


def read(data: str) -> str:
    rows = picture(data)
    image = Image.new("L", (len(rows), len(rows)), 255)
    image.putdata([0 if is_dark else 255 for row in rows for is_dark in row])
    side = 4 * (len(rows) + 8)
    sheet = Image.new("L", (side, side), 255)
    sheet.paste(image.resize((4 * len(rows), 4 * len(rows)), Image.Resampling.NEAREST), (16, 16))
    return str(zxingcpp.read_barcodes(sheet)[0].text)


@given(
    st.text("0123456789", min_size=1, max_size=120)
    | st.text("SFYT0123456789 $%*+-./:", min_size=1, max_size=120)
    | st.text(st.characters(codec="utf-8"), min_size=1, max_size=120)
    | st.builds("{}{}{}".format, st.text(max_size=9), st.integers(10**19, 10**30), st.text("ABC-", max_size=30))
)
def test_every_module_is_where_the_standard_wants_it(data: str) -> None:
    assert picture(data) == of_the_library(data)


def test_codes_of_every_size_are_read_back() -> None:
    """From one block of check words to many, of one length and of two."""
    for count in (5, 30, 60, 130, 250, 500, 1_000, 1_800):
        data = ("SF1688124306257;山" * 200)[:count]
        assert picture(data) == of_the_library(data)
        assert read(data) == data


def test_the_largest_code_is_filled_to_the_last_sign() -> None:
    for data in ("A" * _LARGEST, "7" * _MOST_DIGITS):
        assert picture(data) == of_the_library(data)


def test_what_no_code_holds_is_said_and_the_rest_is_printed() -> None:
    page = Page(1_000, 1_000, (Qr(Box(0, 0, 900, 900), "A" * (_LARGEST + 1)),))
    warnings = render_pdf(PrintDocument("x", (page,))).warnings
    assert [warning.code for warning in warnings] == [WarningCode.BARS_TOO_NARROW]
