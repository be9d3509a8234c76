"""A folder as a printer: each job becomes a PDF file, for whoever prints elsewhere or keeps what was printed."""

import logging
from pathlib import Path

from app.kernel.files import replace_file
from app.printing.printers.printer import Ending, OnSheet, PrinterState, Sent, every_sheet

log = logging.getLogger("print")


class FolderPrinter:
    """Writes whole files only; ``name`` of the next job is set by the queue that hands it over."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / name

    def state(self) -> PrinterState:
        return PrinterState.READY

    def send(self, job: bytes, on_sheet: OnSheet = every_sheet) -> Sent:
        try:
            replace_file(self._path, job)
        except OSError as error:
            log.info("%s not written: %s", self._path.name, error.strerror)
            return Sent(Ending.NOT_BEGUN, PrinterState.OFFLINE)
        return Sent(Ending.DONE, PrinterState.READY)
