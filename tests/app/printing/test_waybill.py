"""The waybill label, read back by readers that share nothing with its writer."""

import random
from itertools import groupby

import pytest

from app.printing.bitmap import Bitmap, rasterise
from app.printing.document import Page, PrintDocument, Text, WarningCode, Weight
from app.printing.forms.label_form import LABEL_76X130, LABEL_100X150, LABEL_FORMS, LabelForm
from app.printing.forms.waybill import waybill_label
from app.printing.pdf import DPI_203, DPI_300, Pdf, Resolution, render_pdf
from app.printing.waybill import ParcelLine, Party, WaybillData
from tests.app.printing.labels import SENDER, SF_QR, font_sizes, page_signs, page_text, random_number, symbols, waybill

FORMS = pytest.mark.parametrize("form", LABEL_FORMS.values(), ids=LABEL_FORMS.keys())
LONG_ADDRESS = (
    "新疆维吾尔自治区巴音郭楞蒙古自治州库尔勒市经济技术开发区人民东路西尼尔镇农二师三十团北侧石化大道旁天山花园小区"
)


def _codes(pdf: Pdf) -> set[WarningCode]:
    return {warning.code for warning in pdf.warnings}


def _row(bitmap: Bitmap, y: int) -> list[int]:
    return [1 - value // 255 for value in bitmap.image().convert("L").crop((0, y, bitmap.width_dots, y + 1)).tobytes()]


@FORMS
@pytest.mark.parametrize("resolution", [DPI_203, DPI_300], ids=["203", "300"])
def test_the_symbols_of_many_numbers_read_back(form: LabelForm, resolution: Resolution) -> None:
    dice = random.Random(7)
    numbers = [random_number(dice) for _ in range(40)]
    pages: tuple[Page, ...] = ()
    for number in numbers:
        qr_text = SF_QR.replace("SF1688124306257", number)
        pages += waybill_label(waybill(waybill_no=number, qr_text=qr_text), form).pages
    pdf = render_pdf(PrintDocument("labels", pages), resolution)
    for page, number in enumerate(numbers):
        found = symbols(rasterise(pdf, page))
        assert found["Code128"] == [number, number]  # the large one and the repeat
        assert found["QRCode"] == [SF_QR.replace("SF1688124306257", number)]


@pytest.mark.parametrize(
    ("form", "module", "modules"), [(LABEL_76X130, 3, 145), (LABEL_100X150, 4, 145)], ids=["76x130", "100x150"]
)
def test_each_bar_is_whole_dots_wide(form: LabelForm, module: int, modules: int) -> None:
    bitmap = rasterise(render_pdf(waybill_label(waybill(), form)))
    y = DPI_203.dots(form.header_end + 60)
    row = _row(bitmap, y)
    runs = [(ink, len(list(dots))) for ink, dots in groupby(row)]
    assert runs[0][0] == runs[-1][0] == 0
    bars = [length for _, length in runs[1:-1]]
    assert all(length % module == 0 and length // module <= 4 for length in bars)
    assert sum(bars) == modules * module
    assert min(runs[0][1], runs[-1][1]) >= 10 * module


@FORMS
def test_the_bitmap_has_exactly_the_papers_dots(form: LabelForm) -> None:
    pdf = render_pdf(waybill_label(waybill(), form))
    bitmap = rasterise(pdf)
    assert (bitmap.width_dots, bitmap.height_dots) == (form.width_mm10 * 8 // 10, form.height_mm10 * 8 // 10)
    assert len(bitmap.rows) == bitmap.row_bytes * bitmap.height_dots


@FORMS
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_no_sign_leaves_the_box_it_belongs_to(form: LabelForm, language: str) -> None:
    data = waybill(
        carrier_name="中国邮政速递物流",
        service="特快专递次日达",
        copy_no=12,
        is_confirmed=False,
        receiver=Party("赵小雨", "0571-88881234", LONG_ADDRESS * 2),
        lines=tuple(
            ParcelLine("超长的商品名称一眼望不到头 Ground coffee" * 3, 99, "规格", "A-01-10") for _ in range(20)
        ),
        remark="谢谢 (please) gently, " * 20,
    )
    document = waybill_label(data, form, language)
    boxes = [block.box for block in document.pages[0].blocks if isinstance(block, Text)]
    slack = 1.0  # bearings and antialiasing of a sign, a tenth of a millimetre
    for sign in page_signs(render_pdf(document)):
        assert any(
            box.x_mm10 - slack <= sign.left
            and sign.right <= box.x_mm10 + box.width_mm10 + slack
            and box.y_mm10 - slack <= sign.top
            and sign.bottom <= box.y_mm10 + box.height_mm10 + slack
            for box in boxes
        ), sign


@FORMS
def test_text_boxes_stay_on_the_paper_and_apart(form: LabelForm) -> None:
    document = waybill_label(waybill(copy_no=2, is_confirmed=False), form)
    boxes = [block.box for block in document.pages[0].blocks if isinstance(block, Text)]
    for place, box in enumerate(boxes):
        assert form.left - 1 <= box.x_mm10 and box.x_mm10 + box.width_mm10 <= form.right + 1
        assert box.y_mm10 + box.height_mm10 <= form.height_mm10 - 20
        for other in boxes[:place]:
            apart_across = box.x_mm10 >= other.x_mm10 + other.width_mm10 or other.x_mm10 >= box.x_mm10 + box.width_mm10
            apart_down = box.y_mm10 >= other.y_mm10 + other.height_mm10 or other.y_mm10 >= box.y_mm10 + box.height_mm10
            assert apart_across or apart_down, (box, other)


def test_neither_text_nor_file_holds_what_must_be_hidden() -> None:
    dice = random.Random(41833)
    for _ in range(300):
        # The letter keeps a room apart from the label's other numbers.
        room, unit = f"{dice.randint(501, 3999)}K", dice.choice("甲乙丙丁")
        name = dice.choice("赵钱孙李䶮喆骉𠮷") + "".join(dice.choice("小雨晓明堃芳") for _ in range(dice.randint(1, 2)))
        phone = f"1{dice.randint(30, 99)}{dice.randint(10**7, 10**8 - 1)}"
        address = f"浙江省杭州市余杭区良渚街道{dice.randint(1, 40)}幢{unit}单元{room}室"
        data = waybill(
            receiver=Party(name, phone, address), remark=f"{name} {phone} 放{room}室门口", sorting_code="571-A"
        )
        document = waybill_label(data)
        text = "".join(page_text(render_pdf(document)).split())
        assert f"{name[0]}*" in text and f"1******{phone[-4:]}" in text and "良渚街道" in text
        for secret in (name, phone, phone[1:7], room, f"{unit}单元", SENDER.name, SENDER.phone):
            assert secret not in text, (secret, text)
            assert secret not in document.title
        assert not any(whole in repr(data) for whole in (name, phone, address, SENDER.phone))


@FORMS
def test_the_sorting_code_is_whole_and_the_largest(form: LabelForm) -> None:
    document = waybill_label(waybill(), form)
    sizes = font_sizes(render_pdf(document))
    largest = max(sizes, key=lambda text: sizes[text])
    assert largest == "571WF-BC-018"
    assert max(block.size_mm10 for block in document.pages[0].blocks if isinstance(block, Text)) * 72 / 254 >= 22


def test_without_a_sorting_code_the_label_says_so() -> None:
    pdf = render_pdf(waybill_label(waybill(sorting_code="")))
    assert "无三段码" in page_text(pdf)
    assert WarningCode.SORTING_CODE_MISSING in _codes(pdf)


@FORMS
def test_a_carrier_without_codes_leaves_their_room_to_the_receiver(form: LabelForm) -> None:
    plain = waybill(sorting_code="", bag_place="", bag_mark="", has_sorting=False)
    pdf = render_pdf(waybill_label(plain, form))
    assert "无三段码" not in page_text(pdf)
    assert _codes(pdf) == set()
    assert _receiver_top(plain, form) < _receiver_top(waybill(), form) - 100


def _receiver_top(data: WaybillData, form: LabelForm) -> int:
    blocks = waybill_label(data, form).pages[0].blocks
    return next(block.box.y_mm10 for block in blocks if isinstance(block, Text) and block.text == "收")


def test_one_piece_is_not_said_in_the_plural() -> None:
    one = waybill(lines=(ParcelLine("云南小粒咖啡豆", 1),))
    assert "1 piece" in page_text(render_pdf(waybill_label(one, LABEL_76X130, "en")))
    assert "1 pieces" not in page_text(render_pdf(waybill_label(one, LABEL_76X130, "en")))


def test_only_a_reprint_carries_the_mark_of_one() -> None:
    first, second = (page_text(render_pdf(waybill_label(waybill(copy_no=copy)))) for copy in (1, 2))
    assert "补打" not in first
    assert "补打 · 第 2 次" in second


def test_only_an_unconfirmed_label_says_not_synced() -> None:
    sure, unsure = (page_text(render_pdf(waybill_label(waybill(is_confirmed=known)))) for known in (True, False))
    assert "未同步" not in sure
    assert "未同步" in unsure


def test_goods_stand_in_the_order_of_the_shelves() -> None:
    text = page_text(render_pdf(waybill_label(waybill())))
    assert text.index("A-01-4") < text.index("A-01-10") < text.index("B-01-3")


def test_goods_without_room_are_counted() -> None:
    lines = tuple(ParcelLine(f"商品 {number}", 1, shelf=f"A-{number}") for number in range(1, 21))
    text = page_text(render_pdf(waybill_label(waybill(lines=lines))))
    shown = sum(f"商品 {number} " in text.replace("\r\n", " ") for number in range(1, 21))
    assert f"另有 {20 - shown} 种" in text
    assert "共 20 件" in text


def test_a_rare_name_is_printed_and_can_be_copied() -> None:
    pdf = render_pdf(waybill_label(waybill(receiver=Party("𠮷田", "13812349593", "䶮喆路1号"))))
    assert "𠮷*" in page_text(pdf)
    assert pdf.warnings == ()
    blank = rasterise(render_pdf(waybill_label(waybill(receiver=Party("", "13812349593", "䶮喆路1号")))))
    assert rasterise(pdf).rows != blank.rows


def test_a_sign_without_a_font_is_told() -> None:
    pdf = render_pdf(waybill_label(waybill(receiver=Party("𰻝小面", "13812349593", "面馆路1号"))))
    assert "□**" in page_text(pdf)
    (warning,) = pdf.warnings
    assert "𰻝" in warning.text("zh_CN")
    assert "𰻝" in warning.text("en")


def test_a_number_that_cannot_be_bars_is_told() -> None:
    assert WarningCode.BARS_IMPOSSIBLE in _codes(render_pdf(waybill_label(waybill(waybill_no="顺丰168"))))
    assert WarningCode.BARS_TOO_NARROW in _codes(render_pdf(waybill_label(waybill(waybill_no="JDVA-X" * 7))))


def test_a_long_number_keeps_its_main_bars() -> None:
    number = "JDX-ABCDEFGH12-1-1-"
    pdf = render_pdf(waybill_label(waybill(waybill_no=number)))
    assert symbols(rasterise(pdf))["Code128"] == [number]
    assert pdf.warnings == ()


def test_the_same_label_gives_the_same_bytes() -> None:
    document = waybill_label(waybill())
    assert render_pdf(document).data == render_pdf(document).data


def test_english_paper_is_english() -> None:
    text = page_text(render_pdf(waybill_label(waybill(copy_no=3, is_confirmed=False), language="en")))
    assert "Reprint · copy 3" in text
    assert "Not synced" in text


def test_the_receiver_is_bold_and_the_sender_is_not() -> None:
    blocks = [block for block in waybill_label(waybill()).pages[0].blocks if isinstance(block, Text)]
    weights = {block.text: block.weight for block in blocks}
    assert weights["赵**\u30001******9593"] is Weight.BOLD
    assert weights["山野咖啡\u30001******0866"] is Weight.REGULAR
