"""Telling waybills for the printing tests, and readers that share no code with the writer."""

import ctypes
import random
from dataclasses import dataclass, replace
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp

from app.printing.bitmap import Bitmap
from app.printing.pdf import Pdf
from app.printing.waybill import ParcelLine, Party, WaybillData

RECEIVER = Party("赵小雨", "13812349593", "浙江省杭州市西湖区翠苑街道文三路 398 号 12 幢 3 单元 1201 室")
SENDER = Party("林晓", "13912340866", "浙江省杭州市余杭区良渚街道 3 幢 101 室", company="山野咖啡")
SF_QR = "MMM={'k1':'571WF','k2':'571BC','k3':'018','k4':'T4','k5':'SF1688124306257','k6':'','k7':'a1b2c3d4'}"
WAYBILL = WaybillData(
    carrier_name="顺丰速运",
    waybill_no="SF1688124306257",
    receiver=RECEIVER,
    sender=SENDER,
    shop_name="山野咖啡",
    order_no="WX20261111041266",
    printed_at="2026-11-12 09:11",
    service="标快",
    sorting_code="571WF-BC-018",
    bag_place="杭州余杭",
    bag_mark="S47",
    qr_text=SF_QR,
    lines=(
        ParcelLine("云南小粒咖啡豆 深烘", 1, "454 g / 未研磨", "B-01-3"),
        ParcelLine("手冲滤杯 V60 陶瓷", 1, "白色 / 02 号", "A-01-10"),
        ParcelLine("V60 滤纸 100 片", 2, "02 号", "A-01-4"),
    ),
    weight_g=920,
    handling=("易碎", "轻放"),
    remark="放物业前台就好",
    batch_place="186 / 293",
    footer="扫微信小程序「山野咖啡」查物流、申请售后",
)


def waybill(**changes: Any) -> WaybillData:
    return replace(WAYBILL, **changes)


_SHAPES = (("SF", 13), ("YT", 13), ("7", 13), ("77", 13), ("3", 14), ("JT", 13), ("11", 11), ("98", 11), ("JDVA", 11))


def random_number(dice: random.Random) -> str:
    """A number in the shape of one of the carriers."""
    prefix, count = dice.choice(_SHAPES)
    return prefix + "".join(dice.choice("0123456789") for _ in range(count))


def symbols(bitmap: Bitmap) -> dict[str, list[str]]:
    """What an independent reader sees, by kind of symbol."""
    found: dict[str, list[str]] = {"Code128": [], "QRCode": []}
    for symbol in zxingcpp.read_barcodes(bitmap.image().convert("L")):
        found.setdefault(symbol.format.name, []).append(symbol.text)
    return found


def page_text(pdf: Pdf, page: int = 0) -> str:
    document = pypdfium2.PdfDocument(pdf.data)
    try:
        return str(document[page].get_textpage().get_text_bounded())
    finally:
        document.close()


@dataclass(frozen=True)
class Sign:
    """One sign's ink, in tenths of a millimetre from the top left."""

    sign: str
    left: float
    top: float
    right: float
    bottom: float


def page_signs(pdf: Pdf, page: int = 0) -> list[Sign]:
    document = pypdfium2.PdfDocument(pdf.data)
    try:
        sheet = document[page]
        height = sheet.get_height()
        text = sheet.get_textpage()
        signs = []
        for place in range(text.count_chars()):
            code = pdfium.FPDFText_GetUnicode(text, place)
            if chr(code).isspace() or pdfium.FPDFText_IsGenerated(text, place):
                continue
            left, bottom, right, top = text.get_charbox(place)
            signs.append(Sign(chr(code), *(_mm10(v) for v in (left, height - top, right, height - bottom))))
        return signs
    finally:
        document.close()


def _mm10(points: float) -> float:
    return points * 254 / 72


def font_sizes(pdf: Pdf) -> dict[str, float]:
    """The largest size each text object of the page is set in, by its text."""
    document = pypdfium2.PdfDocument(pdf.data)
    try:
        sheet = document[0]
        page_words = sheet.get_textpage()
        sizes: dict[str, float] = {}
        for item in sheet.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
            size = ctypes.c_float()
            pdfium.FPDFTextObj_GetFontSize(item, ctypes.byref(size))
            length = pdfium.FPDFTextObj_GetText(item, page_words, None, 0)
            raw = (ctypes.c_ushort * (length // 2))()
            pdfium.FPDFTextObj_GetText(item, page_words, raw, length)
            sizes[bytes(raw).decode("utf-16-le").rstrip("\0")] = size.value
        return sizes
    finally:
        document.close()
