"""What the operating system gets is the bitmap that was shown, one to one; a printer that is not there is said."""

from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from app.printing.forms.waybill import waybill_label
from app.printing.pdf import render_pdf
from app.printing.printers.printer import Ending, PrinterState, Sent
from tests.app.printing.labels import waybill
from ui.printing.queue import QueuePrinter, hand_over


@pytest.mark.usefixtures("qapp")
def test_a_page_keeps_its_size_and_its_bars(tmp_path: Path) -> None:
    pdf = render_pdf(waybill_label(waybill()))
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    assert hand_over(printer, pdf) == Sent(Ending.DONE, PrinterState.SILENT)
    del printer  # the file is written to its end
    document = pypdfium2.PdfDocument(tmp_path / "out.pdf")
    assert len(document) == 1
    width, height = document[0].get_size()
    assert abs(width - 76 * 72 / 25.4) < 1 and abs(height - 130 * 72 / 25.4) < 1
    picture = document[0].render(scale=600 / 72, grayscale=True).to_pil()
    document.close()
    read = {code.text for code in zxingcpp.read_barcodes(picture)}
    assert waybill().waybill_no in read


def test_a_printer_that_is_not_there_takes_nothing(qapp: QApplication) -> None:
    printer = QueuePrinter("没有这台", render_pdf(waybill_label(waybill())))
    assert printer.state() is PrinterState.OFFLINE
    assert printer.send(b"") == Sent(Ending.NOT_BEGUN, PrinterState.OFFLINE)
