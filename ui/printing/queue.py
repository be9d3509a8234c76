"""A printer of the operating system: each page is handed over as the very dots that were shown."""

import logging

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from app.printing.bitmap import rasterise
from app.printing.pdf import Pdf
from app.printing.printers.printer import Ending, OnSheet, PrinterState, Sent, every_sheet
from ui.printing.preview import image_of

_STATES = {
    QPrinter.PrinterState.Idle: PrinterState.READY,
    QPrinter.PrinterState.Active: PrinterState.BUSY,
    QPrinter.PrinterState.Aborted: PrinterState.PAUSED,
    QPrinter.PrinterState.Error: PrinterState.BROKEN,
}
_MM10_PER_INCH10 = 2540
log = logging.getLogger("print")


def queue_names() -> tuple[str, ...]:
    """The printers that the operating system knows; none where it has no print service."""
    return tuple(QPrinterInfo.availablePrinterNames())


class QueuePrinter:
    """One of the operating system's queues, for one paper. What it does with it afterwards, it does not say."""

    def __init__(self, name: str, pdf: Pdf) -> None:
        self._name = name
        self._pdf = pdf

    def state(self) -> PrinterState:
        info = QPrinterInfo.printerInfo(self._name)
        return PrinterState.OFFLINE if info.isNull() else _STATES.get(info.state(), PrinterState.SILENT)

    def send(self, job: bytes, on_sheet: OnSheet = every_sheet) -> Sent:
        """``job`` is the file itself; its pages are drawn, not sent."""
        info = QPrinterInfo.printerInfo(self._name)
        if info.isNull():
            return Sent(Ending.NOT_BEGUN, PrinterState.OFFLINE)
        return hand_over(QPrinter(info, QPrinter.PrinterMode.HighResolution), self._pdf, on_sheet)


def hand_over(printer: QPrinter, pdf: Pdf, on_sheet: OnSheet = every_sheet) -> Sent:
    """Draw every page where it belongs, at its own size, without margins of the driver's."""
    printer.setFullPage(True)
    _use_paper(printer, pdf, 0)
    painter = QPainter()
    if not painter.begin(printer):
        return Sent(Ending.NOT_BEGUN, PrinterState.BROKEN)
    is_whole = True
    for number in range(len(pdf.page_dots)):
        if not on_sheet(number):
            printer.abort()
            painter.end()
            return Sent(Ending.STOPPED, PrinterState.SILENT)
        page = image_of(rasterise(pdf, number))
        if number:
            _use_paper(printer, pdf, number)
            is_whole = printer.newPage() and is_whole
        scale = printer.resolution() * 10 / pdf.resolution.dpi10
        # One dot of ours is one square of theirs: smoothing would make bars grey.
        painter.drawImage(QRectF(0, 0, page.width() * scale, page.height() * scale), page)
    is_whole = painter.end() and is_whole
    if not is_whole or printer.printerState() in (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted):
        log.warning("the system's queue broke off a paper")
        return Sent(Ending.DOUBTFUL, PrinterState.BROKEN)
    return Sent(Ending.DONE, PrinterState.SILENT)


def _use_paper(printer: QPrinter, pdf: Pdf, page: int) -> None:
    width, height = (dots * _MM10_PER_INCH10 / pdf.resolution.dpi10 / 10 for dots in pdf.page_dots[page])
    size = QPageSize(QSizeF(width, height), QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
    printer.setPageLayout(
        QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    )
