"""Receipts and picking lists, read back by readers that share nothing with their writers."""

import re
from dataclasses import replace

import pytest

from app.printing.bitmap import rasterise
from app.printing.document import PrintDocument
from app.printing.forms.picking import picking_list
from app.printing.forms.receipt import ROLL_FORMS, RollForm, receipt
from app.printing.pdf import render_pdf
from app.printing.receipt import ReceiptLine
from tests.app.printing.labels import page_text, symbols
from tests.app.printing.slips import BEAN, CODE, LOOSE, MILK, RECEIPT, order, picking

ROLLS = pytest.mark.parametrize("form", ROLL_FORMS.values(), ids=ROLL_FORMS.keys())


def text_of(document: PrintDocument) -> str:
    pdf = render_pdf(document)
    assert pdf.warnings == ()
    return "\n".join(page_text(pdf, page) for page in range(len(pdf.page_dots)))


def amounts(text: str) -> list[int]:
    """All amounts of a text in fen, in order."""
    found = re.findall(r"(−?)¥([\d,]+)\.(\d\d)", text)
    return [int(sign.replace("−", "-") + yuan.replace(",", "") + cents) for sign, yuan, cents in found]


@ROLLS
def test_the_amounts_on_the_slip_add_up(form: RollForm) -> None:
    told = amounts(text_of(receipt(RECEIPT, form)))
    assert told == [6_800, 13_600, 11_400, 11_400, 25_000, -1_120, -3_000, 800, 21_680]
    assert told[1] + told[3] == told[4] and sum(told[4:8]) == told[8]


@ROLLS
def test_the_slip_is_as_wide_as_the_head_and_as_long_as_its_text(form: RollForm) -> None:
    short = render_pdf(receipt(RECEIPT, form)).page_dots[0]
    many = replace(RECEIPT, lines=RECEIPT.lines + (ReceiptLine("咖啡电子秤 " * 9, "黑色", 1, 100, 100),) * 20)
    long = render_pdf(receipt(many, form)).page_dots[0]
    assert short[0] == long[0] == {"58": 384, "80": 576}[form.name]
    assert long[1] > short[1] + 1_500


@ROLLS
def test_the_pickup_code_on_the_slip_can_be_scanned(form: RollForm) -> None:
    assert symbols(rasterise(render_pdf(receipt(RECEIPT, form))))["QRCode"] == [CODE]


@ROLLS
def test_the_order_on_the_slip_can_be_scanned(form: RollForm) -> None:
    assert symbols(rasterise(render_pdf(receipt(RECEIPT, form))))["Code128"] == [RECEIPT.order_no]


@ROLLS
def test_the_buyer_is_masked_on_the_slip(form: RollForm) -> None:
    text = text_of(receipt(RECEIPT, form))
    assert "林晓雨" not in text and "13812348888" not in text
    assert text.count("1******8888") == 2 and "林**" in text


def test_a_copy_and_a_slip_that_is_not_synced_say_so() -> None:
    plain = text_of(receipt(RECEIPT))
    marked = text_of(receipt(replace(RECEIPT, copy_no=2, is_confirmed=False)))
    assert "补打 · 第 2 次" in marked and "未同步" in marked
    assert "补打" not in plain and "未同步" not in plain


def test_a_second_picking_list_says_so_on_every_sheet() -> None:
    orders = [order(number) for number in range(1, 31)]
    first, second = (text_of(picking_list(replace(picking(*orders), copy_no=copy_no))) for copy_no in (1, 2))
    sheets = len(render_pdf(picking_list(picking(*orders))).page_dots)
    assert "补打" not in first and second.count("补打 · 第 2 次") == sheets > 1


def test_an_unpaid_order_is_not_called_paid() -> None:
    text = text_of(receipt(replace(RECEIPT, paid_fen=0, tender="微信支付", transaction_tail="")))
    assert "应付" in text and "实付" not in text and "微信支付" not in text


def test_english_slips_are_english() -> None:
    data = replace(RECEIPT, shop_name="Shop", place="", staff="", delivery="", slot="", steps=(), footer="", tender="")
    latin = replace(data, lines=(ReceiptLine("Beans", "", 1, 100, 100),), buyer_name="", counter="", remark="")
    text = text_of(receipt(latin, language="en"))
    assert "Amount paid" in text and not re.search(r"[\u4e00-\u9fff]", text)


def test_the_walk_goes_along_the_shelves_and_fetches_each_article_once() -> None:
    text = text_of(picking_list(picking(order(1), order(2, BEAN), order(3, LOOSE, MILK))))
    walk = text.split("分篮")[0]
    places = [walk.index(shelf) for shelf in ("A-2-3", "A-10-1", "手写贺卡")]
    assert places == sorted(places)
    assert walk.count("SY-bean") == walk.count("SY-milk") == 1
    assert "1×2 2×2" in re.sub(r"\s+", " ", walk)
    assert "3 单 · 7 件" in text


def test_each_basket_can_be_scanned_and_nobody_stands_on_the_list() -> None:
    document = picking_list(picking(*(order(number) for number in range(1, 31))))
    pdf = render_pdf(document)
    found = [code for page in range(len(pdf.page_dots)) for code in symbols(rasterise(pdf, page)).get("Code128", [])]
    assert sorted(found) == [f"WX2026112304{number:04}" for number in range(1, 31)]
    text = text_of(document)
    assert len(pdf.page_dots) >= 2 and f"第 {len(pdf.page_dots)} 页，共 {len(pdf.page_dots)} 页" in text
    assert "林晓雨" not in text and "8888" in text and "13812348888" not in text and "502" not in text
