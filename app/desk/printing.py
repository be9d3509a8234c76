"""All that has to do with paper at this counter: its printers, its queue, and what the windows may ask of them."""

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from app.desk.desk import Desk
from app.desk.papers import MOST_ORDERS, PaperWish
from app.desk.print_asking import Answer, InQueue, NeedsReason, NoPaper, PrintAsking, Queued
from app.desk.print_queue import LOOK_AGAIN_S, PrintQueue
from app.desk.printers import PrinterSetup, PrinterStore
from app.desk.stations import Station
from app.desk.threads import Query, WriterThread
from app.domain.paper.model import DocumentKind, PrintRequest
from app.kernel import i18n
from app.kernel.zone import local
from app.printing.bitmap import Bitmap, rasterise
from app.printing.forms.receipt import ROLL_FORMS
from app.printing.forms.test_sheet import letters_sheet, test_sheet
from app.printing.pdf import Pdf, Resolution, render_pdf
from app.printing.printers.printer import Sent
from app.replica.paper import NOT_BEGUN, JobState
from app.replica.queries import paper as reading
from app.replica.queries.paper import AskedPaper, Batch, PaperBoard, PrintJob

__all__ = [
    "MOST_ORDERS",
    "NOT_BEGUN",
    "Answer",
    "AskedPaper",
    "Batch",
    "DocumentKind",
    "InQueue",
    "JobState",
    "NeedsReason",
    "NoPaper",
    "PaperBoard",
    "PaperWish",
    "PrintJob",
    "PrinterSetup",
    "Queued",
]


@dataclass(frozen=True, slots=True)
class JobPage:
    """One page of a job as it is printed; ``count`` is how many there are."""

    picture: Bitmap
    number: int
    count: int
    size_mm10: tuple[int, int]


class Printing:
    """``counter_no`` is this counter's number in the shop, 0 while it has none."""

    def __init__(
        self,
        desk: Desk,
        writer: WriterThread,
        folder: Path,
        counter_no: Callable[[], int],
        look_again_s: float = LOOK_AGAIN_S,
    ) -> None:
        self._desk = desk
        self._counter_no = counter_no
        self.printers = PrinterStore(folder)
        self.queue = PrintQueue(desk, writer, self.printers, look_again_s)
        self._asking = PrintAsking(desk, writer, self.printers, self.queue.wake)
        self._station = Station(desk, self._asking, self.wish_of)

    def start(self) -> None:
        self.queue.start()

    def close(self) -> None:
        self.queue.close()
        self.printers.close()

    # Wishes

    def label(self, order_id: str, parcel_id: str) -> PaperWish:
        return self._wish(DocumentKind.LABEL, (order_id,), parcel_id=parcel_id)

    def receipt(self, order_id: str) -> PaperWish:
        return self._wish(DocumentKind.RECEIPT, (order_id,))

    def picking_list(self, order_ids: Sequence[str]) -> PaperWish:
        """A new list each time: what has been picked meanwhile is not on it."""
        return self._wish(DocumentKind.PICKING, tuple(order_ids), list_id=self._desk.ids.new())

    def wish_of(self, request: PrintRequest) -> PaperWish:
        return self._wish(request.kind, (request.order_id,), parcel_id=request.parcel_id)

    def again(self, job: PrintJob) -> PaperWish:
        """The same paper of the same number once more."""
        kind = DocumentKind(job.kind)
        list_id = job.key.split(":")[1] if kind is DocumentKind.PICKING else ""
        return self._wish(kind, job.order_ids, parcel_id=job.parcel_id, list_id=list_id)

    def print(self, wish: PaperWish, reason: str = "") -> "Future[Answer]":
        """Put a paper into the queue; answers at once when it came out before and no reason is given."""
        return self._asking.ask(wish, reason)

    def print_all(self, wishes: Sequence[PaperWish]) -> "Future[tuple[Answer, ...]]":
        """Put many into the queue; what came out before is answered and left."""
        return self._asking.ask_all(wishes)

    def test(self, setup: PrinterSetup) -> "Future[Sent]":
        """Print a test sheet on the largest paper that this printer is for, beside the queue."""
        kind = next(iter(setup.kinds), DocumentKind.LABEL)
        form = setup.form_of(kind)
        at = local(self._desk.clock.now()).strftime("%Y-%m-%d %H:%M")
        sheet = letters_sheet if setup.sets_itself and form in ROLL_FORMS else test_sheet
        document = sheet(form, i18n.language(), setup.name, at)
        return self.queue.test(setup, render_pdf(document), form, document)

    def _wish(
        self, kind: DocumentKind, order_ids: tuple[str, ...], *, parcel_id: str = "", list_id: str = ""
    ) -> PaperWish:
        language, no = i18n.language(), self._counter_no()
        person = self._desk.on_duty
        return PaperWish(
            kind,
            order_ids,
            "",
            language,
            self._desk.clock.now(),
            parcel_id=parcel_id,
            list_id=list_id,
            counter=i18n.render("Counter {no}", {"no": no}, language) if no else "",
            staff=person.name if person else "",
        )


def board(since: datetime) -> Query[PaperBoard]:
    """What the print centre shows; ``since`` is when today began."""
    return partial(reading.board, since=since)


def parcels_of(rowids: Sequence[int]) -> Query[tuple[tuple[str, tuple[str, ...]], ...]]:
    """(order, its parcels) of rows of a list."""
    return partial(reading.parcels_of, rowids=rowids)


def needs_a_person() -> Query[int]:
    return reading.needs_a_person


def page_of(job_id: str, page: int) -> "Query[JobPage | None]":
    """A page of a job, from the very bytes that are printed."""

    def read(connection: sqlite3.Connection) -> JobPage | None:
        stored = reading.job_paper(connection, job_id)
        if stored is None or not stored.page_dots:
            return None
        number = max(0, min(page, len(stored.page_dots) - 1))
        pdf = Pdf(stored.data, Resolution(stored.dpi10), stored.page_dots, ())
        width, height = stored.page_dots[number]
        size = round(width * 2540 / stored.dpi10), round(height * 2540 / stored.dpi10)
        return JobPage(rasterise(pdf, number), number, len(stored.page_dots), size)

    return read
