"""Many orders on paper in every form, each read back by something that is not our writer.

``ZHANGGUI_PAPERS=200`` prints as many; six are printed otherwise.
"""

import collections
import os
import re
import time
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

import pytest
import zxingcpp
from PIL import Image

from app.desk import papers, printers
from app.desk.papers import Paper, PaperWish
from app.desk.printers import Language, PrinterSetup, Way
from app.domain.paper.model import DocumentKind
from app.printing.bitmap import rasterise
from app.printing.forms.receipt import ROLL_FORMS
from app.printing.languages.escpos import ROLLS, Setting
from app.printing.stored import document_of
from app.replica.reader import open_reader
from tests.app.printing.labels import page_text
from tests.app.printing.printers import read_escpos, read_tspl, read_zpl, stacked
from tests.support.counter import GOODS, PEOPLE, Bought, Counter

COUNT: Final = int(os.environ.get("ZHANGGUI_PAPERS", "6"))
ON_A_LIST: Final = 50
_MODULE_DOTS: Final = 3
_ROLL_MODULE_DOTS: Final = 2
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
    """Texts and kinds of the symbols of a picture."""
    return {code.text: code.format.name for code in _read(picture.size, picture.convert("L").tobytes())}


def bars(picture: Image.Image, text: str) -> set[int]:
    """The widths of the bars and gaps of a symbol, in dots, along its middle."""
    found = _read(picture.size, picture.convert("L").tobytes())
    place = next(code for code in found if code.text == text and code.format.name == "Code128").position
    y = (place.top_left.y + place.bottom_left.y) // 2
    row = [picture.getpixel((x, y)) for x in range(place.top_left.x - 2, place.top_right.x + 3)]
    runs = re.findall(r"(?:0+|1+)", "".join("0" if dot else "1" for dot in row))
    return {len(run) for run in runs[1:-1]}


@lru_cache(maxsize=8)
def _read(size: tuple[int, int], dots: bytes) -> list[zxingcpp.Barcode]:
    """The same dots are read once, whichever printer they were for."""
    kinds = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCode])
    return list(zxingcpp.read_barcodes(Image.frombytes("L", size, dots), formats=kinds))


def test_every_paper_can_be_read_back_from_every_form(counter: Counter) -> None:
    began, tally = time.perf_counter(), Tally()
    with closing(open_reader(counter.desktop.holder.path)) as connection:
        for number in range(1, COUNT + 1):
            no, waybill = f"WX2026112304{number:04}", f"SF{1688124306000 + number}"
            label = _made(papers.made(_wish(counter, DocumentKind.LABEL, (number,), "76x130"))(connection))
            _check_words(label, (no, waybill))
            _read_label(label, waybill, tally)
            for form in ROLL_FORMS:
                receipt = _made(papers.made(_wish(counter, DocumentKind.RECEIPT, (number,), form))(connection))
                _check_words(receipt, (no,))
                _read_receipt(receipt, form, no, tally)
        for first in range(1, COUNT + 1, ON_A_LIST):
            numbers = tuple(range(first, min(first + ON_A_LIST, COUNT + 1)))
            _read_list(
                _made(papers.made(_wish(counter, DocumentKind.PICKING, numbers, "A4"))(connection)), numbers, tally
            )
    seconds = time.perf_counter() - began
    assert len(tally.labels) == COUNT and max(tally.labels.values()) == 1
    print(
        f"papers of {COUNT} orders read back: {tally.papers} in PDF, TSPL, ZPL and ESC/POS as picture and letters,"
        f" {tally.codes} codes decoded, second labels {sum(tally.labels.values()) - len(tally.labels)}, {seconds:.1f} s"
    )


@dataclass
class Tally:
    """What was read: papers in each form, codes, and how often each waybill number stood on a label."""

    papers: int = 0
    codes: int = 0
    labels: collections.Counter[str] = field(default_factory=collections.Counter)


def _check_words(paper: Paper, words: tuple[str, ...]) -> None:
    """The numbers stand there to be read, and nobody who could be found by it."""
    text = page_text(paper.pdf)
    assert [word for word in words if word not in text] == []
    assert [secret for secret in _SECRETS if secret in text + paper.file_name + paper.title] == []


def _made(paper: Paper | None) -> Paper:
    assert paper is not None
    return paper


def _wish(counter: Counter, kind: DocumentKind, numbers: tuple[int, ...], form: str) -> PaperWish:
    parcel = f"o{numbers[0]}-parcel" if kind is DocumentKind.LABEL else ""
    order_ids = tuple(f"o{number}" for number in numbers)
    return PaperWish(kind, order_ids, form, "zh_CN", counter.world.clock.now(), parcel_id=parcel, list_id="list")


def _read_label(paper: Paper, waybill: str, tally: Tally) -> None:
    drawn = rasterise(paper.pdf).image()
    tspl = read_tspl(printers.bytes_for(setup(Language.TSPL), paper.pdf, "76x130"))
    zpl = read_zpl(printers.bytes_for(setup(Language.ZPL), paper.pdf, "76x130"))
    assert tspl.size_mm == ("76", "130") and (tspl.copies, zpl.copies) == (1, 1)
    for picture in (drawn, tspl.picture, zpl.picture):
        assert picture is not None
        found = codes(picture)
        assert waybill in found
        assert {width % _MODULE_DOTS for width in bars(picture, waybill)} == {0}, "whole dots"
        tally.papers += 1
        tally.codes += len(found)
    tally.labels[waybill] += 1


def _read_receipt(paper: Paper, form: str, no: str, tally: Tally) -> None:
    drawn = rasterise(paper.pdf).image()
    slip = read_escpos(printers.bytes_for(setup(Language.ESCPOS), paper.pdf, form))
    assert slip.is_cut and stacked(slip.pictures).tobytes() == drawn.tobytes()
    itself = replace(setup(Language.ESCPOS), setting=Setting.LETTERS)
    letters = read_escpos(printers.bytes_for(itself, paper.pdf, form, document_of(paper.document)))
    text = "\n".join(letters.lines)
    assert letters.is_cut and letters.widest <= ROLLS[form].columns and no in text
    assert [secret for secret in _SECRETS if secret in text] == []
    for picture in (drawn, stacked(slip.pictures), stacked(letters.pictures)):
        assert codes(picture) == {no: "Code128"}
        assert min(bars(picture, no)) == _ROLL_MODULE_DOTS
        assert {width % _ROLL_MODULE_DOTS for width in bars(picture, no)} == {0}, "whole dots"
        tally.papers += 1
        tally.codes += 1


def _read_list(paper: Paper, numbers: tuple[int, ...], tally: Tally) -> None:
    wanted = {f"WX2026112304{number:04}" for number in numbers}
    found: set[str] = set()
    for page in range(len(paper.pdf.page_dots)):
        found |= set(codes(rasterise(paper.pdf, page).image()))
        text = page_text(paper.pdf, page)
        assert [secret for secret in _SECRETS if secret in text] == []
    assert found == wanted
    tally.papers += 1
    tally.codes += len(found)
