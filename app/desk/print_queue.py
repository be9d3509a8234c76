"""The print queue of this computer: one thread, one paper at a time, everything written down before it leaves.

A fault never makes a second paper by itself and never loses one: what has not begun waits until its printer is ready,
what may have come out asks a person. Only paper that came out is told to the shop.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from typing import TypeVar

from app.desk import printers
from app.desk.desk import Desk
from app.desk.printers import PrinterSetup, PrinterStore, QueueDoor
from app.desk.threads import Query, WriterThread
from app.domain.outcome import Rejected
from app.domain.paper.commands import MarkPrinted
from app.kernel.derived import derived_id
from app.kernel.errors import KnownError
from app.printing.document import PrintDocument
from app.printing.pdf import DPI_203, Pdf, Resolution, rest_of
from app.printing.printers.printer import CAN_START, Ending, Printer, PrinterState, Sent
from app.printing.stored import document_of
from app.replica import paper
from app.replica.holder import ReplicaHolder
from app.replica.paper import JobState
from app.replica.queries import paper as reading
from app.replica.queries.paper import PrintJob

T = TypeVar("T")
LOOK_AGAIN_S = 5.0
_AFTER = {
    Ending.DONE: JobState.DONE,
    Ending.NOT_BEGUN: JobState.WAITING,
    Ending.DOUBTFUL: JobState.DOUBTFUL,
    Ending.STOPPED: JobState.CANCELLED,
}
log = logging.getLogger("print")


class PrintQueue:
    """All methods but ``close`` return at once. ``open_queue`` opens a queue of the operating system."""

    def __init__(
        self, desk: Desk, writer: WriterThread, store: PrinterStore, look_again_s: float = LOOK_AGAIN_S
    ) -> None:
        self._desk = desk
        self._writer = writer
        self._store = store
        self._look_again_s = look_again_s
        self.open_queue: QueueDoor = _no_queue
        self._states: dict[str, PrinterState] = {}
        self._not_before: dict[str, float] = {}
        self._sheets: dict[str, int] = {}
        self._stopped: set[str] = set()
        self._ended: dict[str, tuple[JobState, str]] = {}
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="printer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self, within_s: float = 5.0) -> None:
        """A job that is still at its printer then is found again at the next start, and asks whether it came out."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(within_s)

    def wake(self) -> None:
        """There is something to print."""
        self._wake.set()

    def states(self) -> dict[str, PrinterState]:
        """What each printer said last; those of which nothing is known are left out."""
        return dict(self._states)

    def sheets(self) -> dict[str, int]:
        """Which sheet (the first is 0) of the papers of several sheets is being printed."""
        return dict(self._sheets)

    # What people decide

    def answer(self, job_id: str, *, came_out: bool, first_sheet: int = 0) -> "Future[bool]":
        """A person has looked whether a doubtful paper came out, or from which sheet on it did not."""
        if came_out:
            return self._move(job_id, JobState.DONE)
        return self._write(lambda holder: paper.print_from(holder.database, job_id, first_sheet), job_id)

    def try_again(self, job_id: str) -> "Future[bool]":
        """Whatever kept a paper from being said in the printer's language may be mended."""
        return self._move(job_id, JobState.QUEUED)

    def cancel(self, job_id: str) -> "Future[bool]":
        """It is not to be printed; one of several sheets that is being printed stops behind the present one.

        A copy that never came out leaves no gap.
        """
        self._stopped.add(job_id)
        return self._move(job_id, JobState.CANCELLED)

    def cancel_rest(self) -> "Future[int]":
        """Nothing more is to be printed; what is at a printer comes out. Answers how many were left out."""
        now = self._desk.clock.now()

        def cancel(holder: ReplicaHolder) -> int:
            left = paper.cancel_rest(holder.database, now)
            self._desk.hub.publish(paper.changed(left))
            return len(left)

        return self._writer.submit(cancel)

    def look_now(self, printer_id: str) -> None:
        """Somebody says that the printer is ready again."""
        self._not_before.pop(printer_id, None)
        self._wake.set()

    def pause(self, printer_id: str, *, is_paused: bool) -> None:
        """What is being printed comes out; nothing more begins until it goes on."""
        self._store.pause(printer_id, is_paused=is_paused)
        self._desk.hub.publish(paper.changed())
        self._wake.set()

    def send_elsewhere(self, job_id: str, printer_id: str) -> "Future[bool]":
        """Another printer prints what has not begun."""
        return self._write(lambda holder: paper.send_elsewhere(holder.database, job_id, printer_id), job_id)

    def test(self, setup: PrinterSetup, page: Pdf, form: str, document: PrintDocument) -> "Future[Sent]":
        """Print a test page beside the queue; answers how it ended."""
        answer: Future[Sent] = Future()

        def work() -> None:
            try:
                sheet = printers.bytes_for(setup, page, form, document)
                answer.set_result(self._printer(setup, "test.pdf", page).send(sheet))
            except Exception as error:  # thread entry: the caller gets it
                answer.set_exception(error)

        threading.Thread(target=work, name="test page", daemon=True).start()
        return answer

    # The thread

    def _run(self) -> None:
        if (
            self._tried(lambda: self._desk.hub.publish(self._call(lambda h: paper.doubt_unfinished(h.database))))
            is None
        ):
            return
        while not self._stop.is_set():
            self._wake.clear()
            self._tried(self._settle)
            self._tried(self._tell_shop)
            if not self._tried(self._turn):
                self._wake.wait(self._look_again_s)

    def _tried(self, work: Callable[[], object]) -> object:
        """What went wrong is told in the log and tried again later; None: it went wrong."""
        try:
            return work() or False
        except KnownError as error:  # a full disk: nothing has begun that is not written down
            log.warning("printing waits: %s", error)
        except Exception as error:  # thread entry: one fault must not stop the counter's paper
            log.critical("a fault in the print queue", exc_info=error)
        return None

    def _turn(self) -> bool:
        """Print the oldest job that can be printed; answers whether there may be another one."""
        jobs = self._ask(reading.queued)
        waiting = dict.fromkeys(job.printer_id for job in jobs if job.state is JobState.WAITING)
        ready = {printer_id for printer_id in waiting if self._is_ready(printer_id)}
        for job in jobs:
            setup = self._setup_of(job)
            if job.state is JobState.QUEUED and job.printer_id not in waiting and not setup.is_paused:
                self._print(job, setup)
                return True
        return bool(ready)

    def _is_ready(self, printer_id: str) -> bool:
        """Whether a printer for which jobs wait can go on, asked now and then; then they are queued again."""
        if time.monotonic() < self._not_before.get(printer_id, 0.0):
            return False
        self._not_before[printer_id] = time.monotonic() + self._look_again_s
        setup = self._store.printer(printer_id)
        state = PrinterState.READY if setup is None else self._printer(setup, "", _NOTHING).state()
        self._hear(printer_id, state)
        if state not in CAN_START:
            return False
        self._desk.hub.publish(self._call(lambda holder: paper.resume(holder.database, printer_id)))
        return True

    def _print(self, job: PrintJob, setup: PrinterSetup) -> None:
        stored = self._ask(lambda connection: reading.job_paper(connection, job.id))
        if stored is None:
            return
        try:
            pdf = rest_of(Pdf(stored.data, Resolution(stored.dpi10), stored.page_dots, ()), job.first_sheet)
            document = document_of(stored.document) if stored.document else None
            sent_bytes = printers.bytes_for(setup, pdf, job.form, document)
        except Exception:
            self._move(job.id, JobState.FAILED).result()  # the others go on; this one waits for a person
            raise
        printer = self._printer(setup, job.file_name, pdf)
        now = self._desk.clock.now()
        self._stopped.discard(job.id)
        if not self._call(lambda holder: paper.begin(holder.database, job.id, now)):
            return
        self._desk.hub.publish(paper.changed([job.id]))
        sent = printer.send(sent_bytes, partial(self._on_sheet, job))
        self._sheets.pop(job.id, None)
        log.info("job %s at %s: %s, the printer is %s", job.id, setup.id, sent.ending, sent.state)
        if sent.ending is Ending.NOT_BEGUN:
            self._not_before[setup.id] = time.monotonic() + self._look_again_s
        self._hear(setup.id, sent.state)
        self._ended[job.id] = _AFTER[sent.ending], str(sent.state)
        self._settle()

    def _on_sheet(self, job: PrintJob, sheet: int) -> bool:
        """The printer has come to another sheet; answers whether it may go on."""
        if job.sheets > 1:
            self._sheets[job.id] = job.first_sheet + sheet
            self._desk.hub.publish(paper.changed([job.id]))
        return job.id not in self._stopped

    def _settle(self) -> None:
        """Write down how jobs ended; what a full disk does not take is kept until it does."""
        for job_id, (state, told) in tuple(self._ended.items()):
            if state is JobState.CANCELLED:
                now = self._desk.clock.now()
                self._write(partial(_stop, job_id=job_id, at=now), job_id).result()
            else:
                self._move(job_id, state, told).result()
            del self._ended[job_id]

    def _tell_shop(self) -> None:
        """What came out is a fact; told under an id of its own, so that telling it twice changes nothing."""
        for job in self._ask(reading.unmarked):
            if self._desk.on_duty is None or self._desk.is_locked:
                return
            device_id = self._ask(reading.here)
            told = MarkPrinted(derived_id(device_id, job.id), job.key, device_id, job.copy_no, job.reason)
            outcome = self._desk.perform(told).result()
            if isinstance(outcome, Rejected):
                log.warning("job %s was not taken down: %s", job.id, outcome.code)
            self._mark(job.id)

    def _mark(self, job_id: str) -> None:
        self._call(lambda holder: paper.mark(holder.database, job_id))

    # Parts

    def _setup_of(self, job: PrintJob) -> PrinterSetup:
        """A printer that is gone leaves its jobs to whoever prints that kind now."""
        every = self._store.all()
        return self._store.printer(job.printer_id) or next((p for p in every if job.kind in p.kinds), every[-1])

    def _printer(self, setup: PrinterSetup, file_name: str, pdf: Pdf) -> Printer:
        return printers.opened(setup, file_name, pdf, self.open_queue)

    def _hear(self, printer_id: str, state: PrinterState) -> None:
        if self._states.get(printer_id) is not state:
            self._states[printer_id] = state
            self._desk.hub.publish(paper.changed())

    def _move(self, job_id: str, state: JobState, told: str = "") -> "Future[bool]":
        now = self._desk.clock.now()
        return self._write(lambda holder: paper.move(holder.database, job_id, state, now, told), job_id)

    def _write(self, work: Callable[[ReplicaHolder], bool], job_id: str) -> "Future[bool]":
        def write(holder: ReplicaHolder) -> bool:
            has_moved = work(holder)
            self._desk.hub.publish(paper.changed([job_id]))
            self._wake.set()
            return has_moved

        return self._writer.submit(write)

    def _call(self, work: Callable[[ReplicaHolder], T]) -> T:
        return self._writer.call(work)

    def _ask(self, query: "Query[T]") -> T:
        return self._desk.query(query).result()


_NOTHING = Pdf(b"", DPI_203, (), ())


def _stop(holder: ReplicaHolder, job_id: str, at: datetime) -> bool:
    return paper.stop(holder.database, job_id, at)


def _no_queue(name: str, _pdf: Pdf) -> Printer:
    raise KnownError("printer.no_queue", "This program runs without windows and cannot reach {name}.", {"name": name})
