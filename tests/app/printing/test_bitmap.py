"""A page is exactly as many dots as it was drawn for, however long it is, and every dot where the reader puts it."""

from dataclasses import replace

import pypdfium2

from app.printing.bitmap import Bitmap, rasterise, rasterise_all
from app.printing.document import PrintDocument
from app.printing.forms.receipt import ROLL_58, receipt
from app.printing.forms.waybill import waybill_label
from app.printing.pdf import render_pdf
from tests.app.printing.labels import symbols, waybill
from tests.app.printing.slips import RECEIPT

_ROWS_OF_A_BAND = 4_096


def test_a_page_of_several_bands_has_every_dot_of_one_picture() -> None:
    pdf = render_pdf(receipt(replace(RECEIPT, lines=RECEIPT.lines * 30)))
    width, height = pdf.page_dots[0]
    assert _ROWS_OF_A_BAND < height < 2 * _ROWS_OF_A_BAND
    document = pypdfium2.PdfDocument(pdf.data)
    sheet = document[0]
    scale = (width - 0.01) / sheet.get_width()
    whole = sheet.render(scale=scale, grayscale=True).to_pil()
    document.close()
    assert whole.size == (width, height)
    ink = whole.point([255] * 160 + [0] * 96, mode="1").tobytes()
    assert rasterise(pdf).rows == ink


def test_a_receipt_of_a_thousand_lines_is_printed_to_its_end() -> None:
    pdf = render_pdf(receipt(replace(RECEIPT, lines=RECEIPT.lines * 500), ROLL_58))
    picture = rasterise(pdf)
    assert (picture.width_dots, picture.height_dots) == pdf.page_dots[0]
    assert picture.height_dots > 70_000 and len(picture.rows) == picture.row_bytes * picture.height_dots
    end = Bitmap.band(picture, picture.height_dots - 2_000, 2_000)
    assert symbols(end)["Code128"] == [RECEIPT.order_no]


def test_many_pages_at_once_are_the_pages_one_by_one() -> None:
    pages = tuple(waybill_label(waybill(waybill_no=f"SF168812430625{n}")).pages[0] for n in range(3))
    pdf = render_pdf(PrintDocument("labels", pages))
    assert rasterise_all(pdf) == tuple(rasterise(pdf, number) for number in range(3))
    assert len(set(rasterise_all(pdf))) == 3
