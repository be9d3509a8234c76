"""The tour's papers: what the clerk needs on paper comes out as files, once, and a second one says so and why."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtWidgets import QDialog

from app.buyer.answers import Order
from app.desk import queries
from app.desk.printers import PDF_FOLDER
from app.desk.printing import PrintJob
from ui.pages.orders import papers
from ui.pages.orders.page import OrdersPage
from ui.pages.printing.page import PrintingPage
from ui.pages.printing.printer_dialog import PrinterDialog
from ui.tour.counters import Counter
from ui.tour.goods import opened_dialog, press
from ui.tour.record import Record, StepFailed, require
from ui.tour.stage import Camera, rest, wait_until
from ui.widgets.reprint_dialog import ReprintDialog

D = TypeVar("D", bound=QDialog)
LABELS: Final = 3
ON_THE_LIST: Final = 6
RESTING_MS: Final = 300


class PaperRound:
    """One counter prints for orders that were shipped; the files lie beside the pictures."""

    def __init__(self, counter: Counter, out: Path, record: Record, camera: Camera) -> None:
        self._counter = counter
        self._out = out
        self._record = record
        self._camera = camera
        self._seen: set[str] = set()

    def play(self, orders: Sequence[Order]) -> None:
        """``orders`` have left; more than are needed."""
        self._go()
        wait_until(lambda: self._page().presenter.board is not None, "the print centre is there")
        self._seen = {job.id for job in self._new_jobs()}
        with self._record.step("papers are to be saved as files, receipts on a narrow roll") as facts:
            self._use_roll("58")
            facts["folder"] = "."
        with self._record.step("labels, a picking list and a receipt are printed from the orders") as facts:
            self._print(papers.LABELS, orders[:LABELS])
            self._print(papers.PICKING, orders[:ON_THE_LIST])
            self._print(papers.RECEIPTS, orders[:1])
            facts.update(self._come_out(LABELS + 2))
        with self._record.step("another receipt comes out on the wide roll") as facts:
            self._use_roll("80")
            self._print(papers.RECEIPTS, orders[1:2])
            facts.update(self._come_out(1))
        with self._record.step("nothing comes out twice unless somebody says why") as facts:
            self._print(papers.LABELS, orders[:LABELS])
            self._go()
            rest(RESTING_MS)
            require(not self._new_jobs(), "a second label was begun")
            facts.update(self._reprint(orders[0]))
            wait_until(lambda: self._counter.waiting() == 0, "the shop knows what came out", 20)

    def _use_roll(self, roll: str) -> None:
        page = self._go()
        page.set_up(PDF_FOLDER)
        dialog = _dialog(page.dialog, PrinterDialog)
        dialog.address_field.setText(str(self._out))
        dialog.roll_box.choose(roll)
        rest(RESTING_MS)
        if roll == "58":
            self._camera.take(dialog, "printer-dialog")
        press(dialog.save_button)

    def _print(self, which: str, orders: Sequence[Order]) -> None:
        """As the bar for ticked orders does it."""
        window = self._counter.opened.window
        window.go("orders", queries.OrderFilter())
        page = window.page_widget("orders")
        if not isinstance(page, OrdersPage) or page.papers is None:
            raise StepFailed("the orders page prints nothing")
        found = [self._counter.order(order.id) for order in orders]
        page.papers.print_ticked(which, [detail.rowid for detail in found if detail is not None])

    def _come_out(self, count: int) -> dict[str, list[str]]:
        """Wait for so many new papers and answer the files, by kind."""
        self._go()
        wait_until(lambda: len(self._new_jobs()) == count, f"{count} papers are in the queue", 20)
        wait_until(lambda: all(job.state == "done" for job in self._new_jobs()), "they have come out", 30)
        files: dict[str, list[str]] = {}
        for job in self._new_jobs():
            path = self._out / job.file_name
            self._record.files.append(job.file_name)
            require(path.read_bytes().startswith(b"%PDF"), f"{path.name} is a PDF file")
            files.setdefault(job.kind, []).append(job.file_name)
            self._seen.add(job.id)
        return files

    def _reprint(self, order: Order) -> dict[str, list[str]]:
        page = self._go()
        job_id = f"receipt:{order.id}:1#1"
        wait_until(lambda: any(row.id == job_id for row in page.shown_rows()), "the receipt stands in the list")
        page.presenter.choose(job_id)
        page.reprint()
        dialog = opened_dialog(page, ReprintDialog)
        rest(RESTING_MS)
        self._camera.take(dialog, "reprint-dialog")
        press(dialog.print_button)
        files = self._come_out(1)
        rest(RESTING_MS)
        self._camera.take(self._counter.opened.window, "print-centre-papers")
        return files

    def _new_jobs(self) -> list[PrintJob]:
        board = self._page().presenter.board
        return [] if board is None else [job for job in board.jobs if job.id not in self._seen]

    def _go(self) -> PrintingPage:
        self._counter.opened.window.go("printing")
        return self._page()

    def _page(self) -> PrintingPage:
        page = self._counter.opened.window.page_widget("printing")
        if not isinstance(page, PrintingPage):
            raise StepFailed("the print centre is another page")
        return page


def _dialog(found: QDialog | None, kind: type[D]) -> D:
    if not isinstance(found, kind):
        raise StepFailed(f"no {kind.__name__} was opened")
    return found
