"""Printers that run out of paper and lose their power: what came out, and what we believe of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.printing.bitmap import rasterise
from app.printing.forms.picking import picking_list
from app.printing.forms.receipt import receipt
from app.printing.forms.waybill import waybill_label
from app.printing.languages import escpos, tspl, zpl
from app.printing.pdf import render_pdf
from app.printing.printers.folder import FolderPrinter
from app.printing.printers.network import ESCPOS, TSPL, ZPL, NetworkPrinter
from app.printing.printers.printer import Ending, PrinterState, Sent
from tests.app.printing.labels import waybill
from tests.app.printing.slips import RECEIPT, order, picking
from tests.support.fake_printer import TONGUES, FakePrinter, Fault

QUESTIONS = {"tspl": TSPL, "zpl": ZPL, "escpos": ESCPOS}
Plug = Callable[[str, Fault], tuple[FakePrinter, NetworkPrinter]]


def job(language: str) -> bytes:
    if language == "escpos":
        return escpos.slip([rasterise(render_pdf(receipt(RECEIPT)))], escpos.ROLL_80)
    bitmap = rasterise(render_pdf(waybill_label(waybill())))
    return tspl.label(bitmap, (760, 1300)) if language == "tspl" else zpl.label(bitmap)


@pytest.fixture
def plug() -> Iterator[Plug]:
    open_printers = []

    def make(language: str, fault: Fault) -> tuple[FakePrinter, NetworkPrinter]:
        fake = FakePrinter(TONGUES[language], fault)
        open_printers.append(fake)
        return fake, NetworkPrinter("127.0.0.1", fake.port, QUESTIONS.get(language))

    yield make
    for fake in open_printers:
        fake.close()


ENDINGS = (
    (Fault.NONE, Sent(Ending.DONE, PrinterState.READY)),
    (Fault.NOBODY_HOME, Sent(Ending.NOT_BEGUN, PrinterState.OFFLINE)),
    (Fault.NO_PAPER, Sent(Ending.NOT_BEGUN, PrinterState.OUT_OF_PAPER)),
    (Fault.HEAD_OPEN, Sent(Ending.NOT_BEGUN, PrinterState.OPEN)),
    (Fault.HANGS_UP, Sent(Ending.NOT_BEGUN, PrinterState.OFFLINE)),
    (Fault.SLOW, Sent(Ending.DONE, PrinterState.READY)),
    (Fault.PAPER_ENDS_INSIDE, Sent(Ending.DOUBTFUL, PrinterState.OUT_OF_PAPER)),
    (Fault.PLUG_PULLED_INSIDE, Sent(Ending.DOUBTFUL, PrinterState.OFFLINE)),
    (Fault.PLUG_PULLED_AFTER, Sent(Ending.DOUBTFUL, PrinterState.OFFLINE)),
    (Fault.MUTE, Sent(Ending.DONE, PrinterState.SILENT)),
)


@pytest.mark.parametrize("language", QUESTIONS)
@pytest.mark.parametrize(("fault", "expected"), ENDINGS, ids=[fault.name.lower() for fault, _ in ENDINGS])
@pytest.mark.warns_in_log("a printer that breaks off is a warning")
def test_what_we_believe_is_what_came_out(language: str, fault: Fault, expected: Sent, plug: Plug) -> None:
    fake, printer = plug(language, fault)
    sent = printer.send(job(language))
    assert sent == expected
    fake.close()
    assert fake.whole <= 1
    if sent.ending is Ending.DONE:
        assert (fake.whole, fake.torn) == (1, 0)
    if sent.ending is Ending.NOT_BEGUN:
        assert (fake.whole, fake.torn) == (0, 0)


JAMS = {"tspl": PrinterState.JAMMED, "zpl": PrinterState.PAUSED, "escpos": PrinterState.BROKEN}


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_jam_is_said_as_well_as_each_language_can(language: str, plug: Plug) -> None:
    fake, printer = plug(language, Fault.JAMMED)
    sent = printer.send(job(language))
    assert sent == Sent(Ending.NOT_BEGUN, JAMS[language])
    fake.close()
    assert (fake.whole, fake.torn) == (0, 0)


@pytest.mark.warns_in_log("a printer that breaks off is a warning")
def test_one_that_stops_taking_a_job_is_a_doubt(plug: Plug) -> None:
    fake, _ = plug("tspl", Fault.STALLS)
    printer = NetworkPrinter("127.0.0.1", fake.port, TSPL, patience_s=0.3)
    assert printer.send(job("tspl")).ending is Ending.DOUBTFUL


FILES = (
    (Fault.NONE, (Ending.DONE,), 2),
    (Fault.HANGS_UP, (Ending.NOT_BEGUN, Ending.DOUBTFUL), 0),  # as the line broke before the first byte or behind it
    (Fault.PLUG_PULLED_INSIDE, (Ending.DOUBTFUL,), 0),
    (Fault.NOBODY_HOME, (Ending.NOT_BEGUN,), 0),
)


@pytest.mark.parametrize(("fault", "endings", "whole"), FILES, ids=[fault.name.lower() for fault, *_ in FILES])
@pytest.mark.warns_in_log("a printer that breaks off is a warning")
def test_a_printer_that_takes_files_and_says_nothing(
    fault: Fault, endings: tuple[Ending, ...], whole: int, plug: Plug
) -> None:
    """It cannot be asked, but one that hangs up on half of a file has not printed it."""
    fake = plug("pdf", fault)[0]
    document = picking_list(picking(*(order(number) for number in range(1, 61))))
    long, short = render_pdf(document).data, b"%PDF-1.7 %%EOF\n"  # one breaks while it is sent, one behind it
    ends = {NetworkPrinter("127.0.0.1", fake.port).send(job).ending for job in (long, short)}
    fake.close()
    assert ends <= set(endings) and fake.whole == whole


@pytest.mark.parametrize("language", QUESTIONS)
def test_the_bytes_arrive_as_they_were_made(language: str, plug: Plug) -> None:
    fake, printer = plug(language, Fault.NONE)
    assert printer.state() is PrinterState.READY
    for _ in range(2):
        assert printer.send(job(language)).ending is Ending.DONE
    fake.close()
    assert fake.jobs == [job(language)] * 2


def test_a_folder_keeps_whole_files_and_says_when_it_cannot(tmp_path: Path) -> None:
    assert FolderPrinter(tmp_path / "面单", "a.pdf").send(b"%PDF").ending is Ending.DONE
    assert (tmp_path / "面单" / "a.pdf").read_bytes() == b"%PDF"
    (tmp_path / "file").write_bytes(b"")
    assert FolderPrinter(tmp_path / "file", "a.pdf").send(b"%PDF").ending is Ending.NOT_BEGUN
