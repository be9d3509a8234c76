"""The bytes for the printers, understood by printers that share nothing with their writers."""

from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image, ImageChops

from app.printing.bitmap import Bitmap, rasterise
from app.printing.forms.label_form import LABEL_FORMS, LabelForm
from app.printing.forms.receipt import ROLL_58, ROLL_80, receipt
from app.printing.forms.waybill import waybill_label
from app.printing.languages import escpos, tspl, zpl
from app.printing.languages.columns import columns_of
from app.printing.languages.escpos import Encoding, Roll
from app.printing.pdf import DPI_203, DPI_300, render_pdf
from tests.app.printing.labels import SF_QR, waybill
from tests.app.printing.printers import read_escpos, read_tspl, read_zpl, stacked
from tests.app.printing.slips import CODE, RECEIPT

FORMS = pytest.mark.parametrize("form", LABEL_FORMS.values(), ids=LABEL_FORMS.keys())
GBK_58 = Roll(384, 32, Encoding.GBK, has_knife=False)
GBK_80 = Roll(576, 48, Encoding.GBK)


def same(one: Image.Image | None, other: Bitmap) -> bool:
    picture = other.image()
    assert one is not None and one.size == picture.size
    return ImageChops.difference(one.convert("L"), picture.convert("L")).getbbox() is None


def read_symbols(picture: Image.Image) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code in zxingcpp.read_barcodes(picture.convert("L")):
        found.setdefault(code.format.name, []).append(code.text)
    return found


@FORMS
@pytest.mark.parametrize("resolution", [DPI_203, DPI_300], ids=["203", "300"])
def test_a_zpl_printer_burns_the_label_dot_for_dot(form: LabelForm, resolution: object) -> None:
    bitmap = rasterise(render_pdf(waybill_label(waybill(), form), resolution))  # type: ignore[arg-type]
    sheet = read_zpl(zpl.label(bitmap))
    assert same(sheet.picture, bitmap) and sheet.copies == 1


@FORMS
def test_a_tspl_printer_burns_the_label_dot_for_dot_on_the_right_stock(form: LabelForm) -> None:
    bitmap = rasterise(render_pdf(waybill_label(waybill(), form)))
    sheet = read_tspl(tspl.label(bitmap, (form.width_mm10, form.height_mm10)))
    assert same(sheet.picture, bitmap) and sheet.copies == 1
    assert sheet.size_mm == (str(form.width_mm10 // 10), str(form.height_mm10 // 10)) and sheet.gap_mm == "2"
    assert sheet.picture is not None
    found = read_symbols(sheet.picture)
    assert set(found["Code128"]) == {"SF1688124306257"} and found["QRCode"] == [SF_QR]


def test_the_white_of_a_tspl_label_stays_white() -> None:
    """A wrong polarity burns a black label, and with it the head."""
    bitmap = rasterise(render_pdf(waybill_label(waybill())))
    sheet = read_tspl(tspl.label(bitmap, (760, 1300)))
    assert sheet.picture is not None
    dark = sheet.picture.convert("L").histogram()[0]
    assert dark * 4 < bitmap.width_dots * bitmap.height_dots


@pytest.mark.parametrize(("form", "roll"), [(ROLL_58, escpos.ROLL_58), (ROLL_80, escpos.ROLL_80)], ids=["58", "80"])
def test_a_receipt_printer_draws_the_slip_dot_for_dot(form: object, roll: Roll) -> None:
    document = receipt(RECEIPT, form)  # type: ignore[arg-type]
    sheet = read_escpos(escpos.receipt(document, roll))
    whole = stacked(sheet.pictures)
    assert same(whole, rasterise(render_pdf(document)))
    assert read_symbols(whole)["QRCode"] == [CODE]
    assert all(band.height <= escpos.BAND_ROWS for band in sheet.pictures)
    assert sheet.is_cut == roll.has_knife


@pytest.mark.parametrize(("form", "roll"), [(ROLL_58, GBK_58), (ROLL_80, GBK_80)], ids=["58", "80"])
def test_a_receipt_as_text_says_the_same_within_its_columns(form: object, roll: Roll) -> None:
    sheet = read_escpos(escpos.receipt(receipt(RECEIPT, form), roll))  # type: ignore[arg-type]
    text = "\n".join(sheet.lines)
    assert all(columns_of(line) <= roll.columns for line in sheet.lines), sheet.lines
    for words in ("山野咖啡", "云南小粒咖啡豆 深烘", "WX20261123040012", "1******8888", "4821 7093"):
        assert words in text
    for left, right in (("满 200 减 30", "-￥30.00"), ("实付", "￥216.80")):
        line = next(line for line in sheet.lines if left in line)
        assert line.endswith(right)
    assert sheet.codes == [("QRCode", CODE)] and sheet.pictures == []


def test_a_name_that_the_printer_cannot_write_is_drawn() -> None:
    rare = replace(RECEIPT, buyer_name="𠮷田", remark="")
    sheet = read_escpos(escpos.receipt(receipt(rare), GBK_58))
    assert len(sheet.pictures) == 1 and sheet.pictures[0].width == 384
    assert sheet.pictures[0].convert("L").histogram()[0] > 50
    assert "?" not in "".join(sheet.lines)


def test_a_printer_with_the_large_font_writes_rare_names_itself() -> None:
    rare = replace(RECEIPT, buyer_name="𠮷田", remark="")
    sheet = read_escpos(escpos.receipt(receipt(rare), replace(GBK_58, encoding=Encoding.GB18030)))
    assert sheet.pictures == [] and any("𠮷*" in line for line in sheet.lines)
