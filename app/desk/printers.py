"""The printers of this computer: how each is reached, what language it speaks, and which papers come out of it."""

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from app.desk.kept_file import KeptFile
from app.desk.labels import default_folder
from app.domain.paper.model import DocumentKind
from app.kernel import codec, typed
from app.kernel.errors import KnownError
from app.printing import bitmap
from app.printing.document import PrintDocument
from app.printing.forms.label_form import LABEL_76X130, LABEL_FORMS
from app.printing.forms.receipt import ROLL_58, ROLL_FORMS
from app.printing.languages import escpos, escpos_letters, tspl, zpl
from app.printing.languages.escpos import Setting
from app.printing.pdf import Pdf
from app.printing.printers.folder import FolderPrinter
from app.printing.printers.network import ESCPOS, PORT, TSPL, ZPL, NetworkPrinter
from app.printing.printers.printer import Printer

FILE = "printers.json"
PDF_FOLDER = "pdf"
_A4 = "A4"
log = logging.getLogger("print")
_QUESTIONS = {"tspl": TSPL, "zpl": ZPL, "escpos": ESCPOS}


class Way(StrEnum):
    """How a printer is reached: files in a folder, the operating system's queue, an address in the shop's network."""

    FOLDER = "folder"
    QUEUE = "queue"
    NETWORK = "network"


class Language(StrEnum):
    PDF = "pdf"
    TSPL = "tspl"
    ZPL = "zpl"
    ESCPOS = "escpos"


SPEAKS = {
    DocumentKind.LABEL: (Language.PDF, Language.TSPL, Language.ZPL),
    DocumentKind.RECEIPT: (Language.PDF, Language.ESCPOS),
    DocumentKind.PICKING: (Language.PDF,),
}
"""Which languages can say which paper."""


@dataclass(frozen=True, slots=True)
class PrinterSetup:
    """One printer. ``address``: a folder, the queue's name, or host:port. ``kinds`` are the papers it prints.

    ``setting`` is who sets the receipts of a receipt printer.
    """

    id: str
    name: str
    way: Way
    language: Language
    address: str
    kinds: tuple[DocumentKind, ...] = ()
    label_form: str = LABEL_76X130.name
    roll: str = ROLL_58.name
    has_knife: bool = False
    setting: Setting = Setting.PICTURE
    is_paused: bool = False

    def form_of(self, kind: DocumentKind) -> str:
        return {DocumentKind.LABEL: self.label_form, DocumentKind.RECEIPT: self.roll}.get(kind, _A4)

    def fits(self) -> bool:
        """Whether it can be used as it is written here."""
        knows = all(self.language in SPEAKS[kind] for kind in self.kinds)
        is_paper = self.label_form in LABEL_FORMS and self.roll in ROLL_FORMS
        speaks = self.language is Language.PDF if self.way is not Way.NETWORK else True
        return bool(self.id and self.address.strip()) and knows and is_paper and speaks and self.host_port() is not None

    @property
    def sets_itself(self) -> bool:
        """Whether its receipts come out in its own letters, not as they are previewed."""
        return self.language is Language.ESCPOS and self.setting is Setting.LETTERS

    def host_port(self) -> tuple[str, int] | None:
        """Where a network printer is; for others an empty place, None when the address is none."""
        if self.way is not Way.NETWORK:
            return "", 0
        host, colon, port = self.address.strip().rpartition(":")
        if not colon:
            return self.address.strip(), PORT
        is_port = port.isdigit() and 0 < int(port) < 65_536
        return (host, int(port)) if host and is_port else None


def pdf_folder(folder: Path | None = None) -> PrinterSetup:
    """What stands in for papers that no printer prints: files, for whoever prints them elsewhere."""
    return PrinterSetup(PDF_FOLDER, "", Way.FOLDER, Language.PDF, str(folder or default_folder()), tuple(DocumentKind))


class PrinterStore:
    """A small file beside the counter's preferences. One kind of paper comes out of one printer.

    What is changed counts at once and reaches the disk behind it; ``on_failed`` is told, on the thread that writes,
    when the disk did not take it.
    """

    def __init__(self, folder: Path, papers: Path | None = None) -> None:
        self._path = folder / FILE
        self._file = KeptFile(self._path, self._not_kept)
        self.on_failed: Callable[[KnownError], None] = lambda _: None
        self._files = pdf_folder(papers)
        self._lock = threading.Lock()
        self._kept = self._read()

    def all(self) -> tuple[PrinterSetup, ...]:
        """The printers in their order, the folder of files behind them."""
        found = self._kept
        files = next((each for each in found if each.id == PDF_FOLDER), self._files)
        others = tuple(each for each in found if each.id != PDF_FOLDER)
        taken = {kind for each in others for kind in each.kinds}
        return (*others, replace(files, kinds=tuple(kind for kind in DocumentKind if kind not in taken)))

    def printer(self, printer_id: str) -> PrinterSetup | None:
        return next((each for each in self.all() if each.id == printer_id), None)

    def printer_for(self, kind: DocumentKind) -> PrinterSetup:
        return next(each for each in self.all() if kind in each.kinds)

    def save(self, setup: PrinterSetup) -> None:
        """Add a printer or change it; what it prints from now on no other one does."""
        kept = [
            replace(each, kinds=tuple(kind for kind in each.kinds if kind not in setup.kinds))
            for each in self._kept
            if each.id != setup.id
        ]
        place = next((n for n, each in enumerate(self._kept) if each.id == setup.id), len(kept))
        self._write([*kept[:place], setup, *kept[place:]])

    def remove(self, printer_id: str) -> None:
        self._write([each for each in self._kept if each.id != printer_id])

    def pause(self, printer_id: str, *, is_paused: bool) -> None:
        """What is being printed comes out; nothing more begins until it goes on."""
        found = self.printer(printer_id)
        if found is not None:
            self._write([replace(each, is_paused=is_paused) if each.id == printer_id else each for each in self.all()])

    def close(self) -> None:
        """Wait for the disk."""
        self._file.close()

    def _read(self) -> tuple[PrinterSetup, ...]:
        """A file that nobody can read is put aside: papers go into the folder until the printers are set up again."""
        if not self._path.exists():
            return ()
        try:
            stored = codec.parse(self._path.read_text(encoding="utf-8"))
            return typed.build(_Printers, {"printers": stored}).printers
        except ValueError as error:
            log.error("%s cannot be read and is put aside: %s", FILE, error)
            self._path.replace(self._path.with_suffix(".broken"))
            return ()

    def _not_kept(self, error: KnownError) -> None:
        self.on_failed(error)

    def _write(self, printers: list[PrinterSetup]) -> None:
        with self._lock:
            self._kept = tuple(printers)
            self._file.put(json.dumps(codec.plain(printers), ensure_ascii=False, indent=1).encode())


@dataclass(frozen=True, slots=True)
class _Printers:
    printers: tuple[PrinterSetup, ...] = ()


QueueDoor = Callable[[str, Pdf], Printer]
"""Opens a queue of the operating system for one paper: Qt's business, so it is handed in."""


def opened(setup: PrinterSetup, file_name: str, pdf: Pdf, queue: QueueDoor) -> Printer:
    """The printer, for one paper."""
    if setup.way is Way.FOLDER:
        return FolderPrinter(Path(setup.address), file_name)
    if setup.way is Way.QUEUE:
        return queue(setup.address, pdf)
    host, port = setup.host_port() or ("", PORT)
    return NetworkPrinter(host, port, _QUESTIONS.get(setup.language))


def bytes_for(setup: PrinterSetup, pdf: Pdf, form: str, document: PrintDocument | None = None) -> bytes:
    """A paper in the printer's language; what was shown is, dot for dot, what is sent.

    Unless the printer sets it itself: then it gets the same ``document`` as letters.
    """
    if setup.language is Language.PDF:
        return pdf.data
    roll = replace(escpos.ROLLS.get(form, escpos.ROLL_58), has_knife=setup.has_knife)
    if setup.sets_itself and document is not None:
        return escpos_letters.receipt(document, roll)
    pages = bitmap.rasterise_all(pdf)
    if setup.language is Language.ESCPOS:
        return escpos.slip(pages, roll)
    if setup.language is Language.TSPL:
        size = _size_mm10(pdf, form)
        return b"".join(tspl.label(page, size) for page in pages)
    return b"".join(zpl.label(page) for page in pages)


def _size_mm10(pdf: Pdf, form: str) -> tuple[int, int]:
    if form in LABEL_FORMS:
        return LABEL_FORMS[form].width_mm10, LABEL_FORMS[form].height_mm10
    width, height = pdf.page_dots[0]
    return round(width * 2540 / pdf.resolution.dpi10), round(height * 2540 / pdf.resolution.dpi10)
