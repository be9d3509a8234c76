"""The bytes for the printers, understood by printers that share nothing with their writers."""

from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image, ImageChops

from app.printing.bitmap import Bitmap, rasterise
from app.printing.document import PrintDocument
from app.printing.forms.label_form import LABEL_FORMS, LabelForm
from app.printing.forms.receipt import ROLL_58, ROLL_80, ROLL_FORMS, RollForm, receipt
from app.printing.forms.test_sheet import letters_sheet
from app.printing.forms.waybill import waybill_label
from app.printing.languages import escpos, escpos_letters, tspl, zpl
from app.printing.pdf import DPI_203, DPI_300, render_pdf
from app.printing.receipt import Amount, ReceiptLine
from app.printing.stored import document_of, document_text
from tests.app.printing.labels import SF_QR, waybill
from tests.app.printing.printers import Sheet, read_escpos, read_tspl, read_zpl, stacked
from tests.app.printing.slips import CODE, RECEIPT

FORMS = pytest.mark.parametrize("form", LABEL_FORMS.values(), ids=LABEL_FORMS.keys())
ROLLS = pytest.mark.parametrize("form", ROLL_FORMS.values(), ids=ROLL_FORMS.keys())


def in_letters(document: PrintDocument, form: RollForm) -> Sheet:
    return read_escpos(escpos_letters.receipt(document, escpos.ROLLS[form.name]))


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


@ROLLS
def test_a_receipt_printer_draws_the_slip_dot_for_dot(form: RollForm) -> None:
    roll, document = escpos.ROLLS[form.name], receipt(RECEIPT, form)
    sheet = read_escpos(escpos.slip([rasterise(render_pdf(document))], roll))
    whole = stacked(sheet.pictures)
    assert same(whole, rasterise(render_pdf(document)))
    assert read_symbols(whole)["QRCode"] == [CODE]
    assert all(band.height <= escpos.BAND_ROWS for band in sheet.pictures)
    assert sheet.is_cut == roll.has_knife


@ROLLS
def test_a_receipt_in_the_printers_letters_says_the_same_within_its_columns(form: RollForm) -> None:
    sheet = in_letters(receipt(replace(RECEIPT, copy_no=2), form), form)
    text = "\n".join(sheet.lines)
    assert sheet.widest <= escpos.ROLLS[form.name].columns, sheet.lines
    for words in ("山野咖啡", "云南小粒咖啡豆 深烘", "WX20261123040012", "1******8888", "4821 7093"):
        assert words in text
    for left, right in (("满 200 减 30", "-￥30.00"), ("实付", "￥216.80")):
        line = next(line for line in sheet.lines if left in line)
        assert line.endswith(right)
    assert sheet.reversed == ["补打 · 第 2 次"]
    assert read_symbols(stacked(sheet.pictures)) == {"QRCode": [CODE], "Code128": [RECEIPT.order_no]}


@pytest.mark.parametrize("name", ["𠮷田", "㛃田", "Ḡrace"])
def test_a_name_that_no_printer_writes_is_drawn_as_it_is_previewed(name: str) -> None:
    """In the great code page it has four bytes, which print as rubbish; the line is the preview's, dot for dot."""
    rare = receipt(replace(RECEIPT, buyer_name=name, remark="", qr_text=""))
    sheet = in_letters(rare, ROLL_58)
    picture, bars = sheet.pictures
    assert read_symbols(bars) == {"Code128": [RECEIPT.order_no]}
    drawn = rasterise(render_pdf(rare)).image()
    strips = [drawn.crop((0, y, 384, y + picture.height)).tobytes() for y in range(drawn.height - picture.height)]
    assert strips.count(picture.tobytes()) == 1
    assert not any("8888" in line for line in sheet.lines), "nobody stands there twice"


def test_long_words_and_figures_lose_nothing_in_letters() -> None:
    line = ReceiptLine(
        "手冲壶 Fellow Stagg EKG Pro 双层保温电热", "哑光黑／900ml", 12_345, 9_999_900, 12_344_876_550_000
    )
    shop = "山野咖啡烘焙工坊文三路旗舰店（西湖区）"
    sheet = in_letters(receipt(replace(RECEIPT, shop_name=shop, lines=(line,), goods_fen=1), ROLL_58), ROLL_58)
    text = "".join(line.strip() for line in sheet.lines)
    assert shop in text and "￥123,448,765,500.00" in text and "￥99,999.00 × 12345" in text
    assert sheet.widest <= 32 and any("Fellow" in line for line in sheet.lines), "no word is torn"


def test_the_name_of_a_promotion_of_any_length_stands_there_whole() -> None:
    names = ["满" * length for length in (1, 8, 9, 10, 11, 16, 17, 30, 33)]
    for name in names:
        steps = (Amount(name, -123_456_700),)
        sheet = in_letters(receipt(replace(RECEIPT, steps=steps), ROLL_58), ROLL_58)
        said = "".join(line.strip() for line in sheet.lines)
        assert said.count("满") == len(name) and "-￥1,234,567.00" in said and sheet.widest <= 32


def test_what_a_buyer_types_is_no_command() -> None:
    evil = receipt(replace(RECEIPT, remark="好\x1b@\x1dV\x00\x10\x04喝\u200b", buyer_name="李\x1b\x1d"))
    sheet = in_letters(evil, ROLL_58)
    assert any("好 @ V" in line for line in sheet.lines)
    assert not sheet.is_cut and len(sheet.lines) > 20


def test_the_layout_survives_the_queue() -> None:
    document = receipt(replace(RECEIPT, copy_no=3), ROLL_80)
    assert document_of(document_text(document)) == document
    label = waybill_label(waybill())
    assert document_of(document_text(label)).pages == label.pages


@ROLLS
def test_the_test_sheet_shows_both_edges_and_rare_names(form: RollForm) -> None:
    sheet = in_letters(letters_sheet(form.name, "zh_CN", "后厨小票机", "2026-11-23 17:21"), form)
    assert sheet.widest == escpos.ROLLS[form.name].columns
    assert len(sheet.reversed) == 1 and "后厨小票机" in "".join(sheet.lines)
    assert read_symbols(stacked(sheet.pictures)) == {"QRCode": ["ZG0123456789"]}
