"""Waybill labels a second: 100×150 mm, Code 128, QR, twenty texts, embedded Chinese font."""

import io
from collections.abc import Iterator
from typing import Any

import qrcode
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from app.kernel import resources
from app.printing.document import PrintDocument
from app.printing.forms.label_form import LABEL_100X150
from app.printing.forms.waybill import waybill_label
from app.printing.pdf import render_pdf
from app.printing.waybill import ParcelLine, Party, WaybillData
from benchmarks.measure import Figure, figure, in_turns, per_second

COUNT = 60
_FONT = "Bench"


def labels(_: bool) -> Iterator[Figure]:
    pdfmetrics.registerFont(TTFont(_FONT, str(resources.path("fonts/NotoSansSC-Regular.ttf"))))
    _ours(2)
    ours, plain = in_turns(lambda: per_second(lambda: _ours(COUNT)), lambda: per_second(lambda: _plain(COUNT)))
    yield figure("labels a second", ours, "1/s", plain, ">= 2", "against plain reportlab and qrcode")


def _data(number: int) -> WaybillData:
    return WaybillData(
        carrier_name="顺丰速运",
        waybill_no=f"SF{1688124306257 + number}",
        receiver=Party("赵小雨", "13812349593", f"浙江省杭州市西湖区翠苑街道文三路 {number} 号 12 幢 3 单元 1201 室"),
        sender=Party("林晓", "13912340866", "浙江省杭州市余杭区良渚街道 3 幢 101 室", company="山野咖啡"),
        shop_name="山野咖啡",
        order_no=f"WX2026111104{number:04}",
        printed_at="2026-11-12 09:11",
        service="标快",
        sorting_code="571WF-BC-018",
        bag_place="杭州余杭",
        bag_mark="S47",
        lines=tuple(ParcelLine(f"云南小粒咖啡豆 {n} 号", 1, "454 g", f"B-01-{n}") for n in range(3)),
        weight_g=920,
        remark="放物业前台就好",
    )


def _ours(count: int) -> int:
    pages: tuple[Any, ...] = ()
    for number in range(count):
        pages += waybill_label(_data(number), LABEL_100X150).pages
    render_pdf(PrintDocument("labels", pages))
    return count


def _plain(count: int) -> int:
    """What a good programmer writes in an hour: the library's own barcode, QR modules as rectangles, texts."""
    canvas = Canvas(io.BytesIO(), pagesize=(100 * mm, 150 * mm))
    for number in range(count):
        data = _data(number)
        Code128(data.waybill_no, barWidth=0.5 * mm, barHeight=14 * mm).drawOn(canvas, 5 * mm, 120 * mm)
        code = qrcode.QRCode(border=0)
        code.add_data(data.waybill_no)
        code.make()
        for y, row in enumerate(code.get_matrix()):
            for x, is_dark in enumerate(row):
                if is_dark:
                    canvas.rect(70 * mm + x * mm, 70 * mm - y * mm, mm, mm, stroke=0, fill=1)
        canvas.setFont(_FONT, 9)
        for line in range(20):
            canvas.drawString(5 * mm, (110 - 5 * line) * mm, f"{data.receiver.address} {line}"[:34])
        canvas.showPage()
    canvas.save()
    return count
