"""Many orders on paper in every form, each read back by something that is not our writer.

``ZHANGGUI_PAPERS=200`` prints as many; six are printed otherwise.
"""

import os
import re
import time
from contextlib import closing
from typing import Final

import pytest
import zxingcpp
from PIL import Image

from app.desk import papers, printers
from app.desk.papers import Paper, PaperWish
from app.desk.printers import Language, PrinterSetup, Way
from app.domain.paper.model import DocumentKind
from app.printing.bitmap import rasterise
from app.replica.database import open_reader
from tests.app.printing.labels import page_text
from tests.app.printing.printers import read_escpos, read_tspl, read_zpl, stacked
from tests.support.counter import GOODS, PEOPLE, Bought, Counter

COUNT: Final = int(os.environ.get("ZHANGGUI_PAPERS", "6"))
_MODULE_DOTS: Final = 3
_SECRETS: Final = (*(name for name, _ in PEOPLE), *(phone for _, phone in PEOPLE), "1201", "3 单元")


def story(count: int) -> tuple[Bought, ...]:
    """Orders of one to four articles, all shipped."""
    codes = [code for code, *_ in GOODS]
    return tuple(
        Bought(tuple((codes[(n + k) % 4], 1 + (n + k) % 3) for k in range(1 + n % 4)), "shipped") for n in range(count)
    )


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> object:
    found = Counter(tmp_path_factory.mktemp("店"), story(COUNT))
    yield found
    found.close()


def setup(language: Language) -> PrinterSetup:
    return PrinterSetup("p", "机", Way.NETWORK, language, "127.0.0.1", tuple(DocumentKind), roll="80", has_knife=True)


def codes(picture: Image.Image) -> dict[str, str]:
    found = zxingcpp.read_barcodes(picture.convert("L"))
    return {code.text: code.format.name for code in found}


def bars(picture: Image.Image, text: str) -> set[int]:
    """The widths of the bars and gaps of a symbol, in dots, along its middle."""
    code = next(
        c for c in zxingcpp.read_barcodes(picture.convert("L")) if c.text == text and c.format.name == "Code128"
    )
    place = code.position
    y = (place.top_left.y + place.bottom_left.y) // 2
    row = [picture.getpixel((x, y)) for x in range(place.top_left.x - 2, place.top_right.x + 3)]
    runs = re.findall(r"(?:0+|1+)", "".join("0" if dot else "1" for dot in row))
    return {len(run) for run in runs[1:-1]}


def test_every_label_and_receipt_can_be_read_back_from_every_form(counter: Counter) -> None:
    began = time.perf_counter()
    read = 0
    with closing(open_reader(counter.desktop.holder.path)) as connection:
        for number in range(1, COUNT + 1):
            no, waybill = f"WX2026112304{number:04}", f"SF{1688124306000 + number}"
            label = _made(papers.made(_wish(counter, DocumentKind.LABEL, number, "76x130"))(connection))
            receipt = _made(papers.made(_wish(counter, DocumentKind.RECEIPT, number, "80"))(connection))
            for paper in (label, receipt):
                text = page_text(paper.pdf)
                assert no in text and not [secret for secret in _SECRETS if secret in text]
                assert not [secret for secret in _SECRETS if secret in paper.file_name + paper.title]
            _read_label(label, waybill)
            _read_receipt(receipt)
            read += 2
    seconds = time.perf_counter() - began
    print(f"papers: {read} in PDF, TSPL, ZPL and ESC/POS, every one read back, {seconds:.1f} s")


def _made(paper: Paper | None) -> Paper:
    assert paper is not None
    return paper


def _wish(counter: Counter, kind: DocumentKind, number: int, form: str) -> PaperWish:
    parcel = f"o{number}-parcel" if kind is DocumentKind.LABEL else ""
    return PaperWish(kind, (f"o{number}",), form, "zh_CN", counter.world.clock.now(), parcel_id=parcel)


def _read_label(paper: Paper, waybill: str) -> None:
    drawn = rasterise(paper.pdf).image()
    tspl = read_tspl(printers.bytes_for(setup(Language.TSPL), paper.pdf, "76x130"))
    zpl = read_zpl(printers.bytes_for(setup(Language.ZPL), paper.pdf, "76x130"))
    assert tspl.size_mm == ("76", "130") and (tspl.copies, zpl.copies) == (1, 1)
    for picture in (drawn, tspl.picture, zpl.picture):
        assert picture is not None
        assert codes(picture).get(waybill) in ("Code128", "QRCode")
        assert {width % _MODULE_DOTS for width in bars(picture, waybill)} == {0}, "whole dots"


def _read_receipt(paper: Paper) -> None:
    slip = read_escpos(printers.bytes_for(setup(Language.ESCPOS), paper.pdf, "80"))
    assert slip.is_cut
    assert stacked(slip.pictures).tobytes() == rasterise(paper.pdf).image().tobytes()
