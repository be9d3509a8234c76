"""What the print centre does, without Qt."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import Protocol

from app.desk import printing
from app.desk.printers import PDF_FOLDER, Way
from app.desk.printing import (
    NOT_BEGUN,
    Answer,
    DocumentKind,
    InQueue,
    JobPage,
    JobState,
    NeedsReason,
    NoPaper,
    PaperBoard,
    Printing,
    PrintJob,
)
from app.desk.rereading import Rereading
from app.desk.runner import ChangeSet, Runner
from app.desk.threads import Query
from app.kernel.clock import Clock
from app.kernel.i18n import tr
from app.kernel.ids import IdSource
from app.kernel.zone import local
from ui.pages.printing.rows import ALL, Heard, Row, Shown, shown

TABLES = ("print_job", "print_requests", "print_stations", "printed_papers", "devices", "orders")


class PrintingView(Protocol):
    """What the page must be able to show."""

    def show_board(self, shown: Shown, row: Row | None) -> None: ...
    def show_page(self, page: JobPage | None) -> None: ...
    def say(self, text: str) -> None: ...


class PrintingPresenter:
    """Keeps the list, the chosen row and the page of it that is shown."""

    def __init__(self, runner: Runner, view: PrintingView, printing: Printing, clock: Clock, ids: IdSource) -> None:
        self._runner = runner
        self._view = view
        self._printing = printing
        self._clock = clock
        self.ids = ids
        self.board: PaperBoard | None = None
        self.tab = ALL
        self.row: Row | None = None
        self._chosen = ""
        self._awaited = ""
        self._page = 0
        self._paged = ("", -1)
        self._reading = Rereading(runner, self._query, self._on_board)
        self._stop_listening: Callable[[], None] = runner.listen(self._on_change)

    def close(self) -> None:
        self._reading.close()
        self._stop_listening()

    # Showing

    def reload(self) -> None:
        """Ask for the list again, or remember to if nobody looks; never twice at once."""
        self._reading.read()

    def _query(self) -> Query[PaperBoard]:
        return printing.board(_midnight(self._clock.now()))

    def show_again(self) -> None:
        """Show the same once more: another tab, another language, a printer that says something else."""
        if self.board is None:
            return
        printers = self._printing.printers.all()
        queue = self._printing.queue
        heard = Heard(queue.states(), queue.sheets())
        seen = shown(self.board, printers, heard, self.tab, self._clock.now())
        rows = {row.id: row for row in seen.rows}
        if self._awaited in rows:
            self._chosen, self._awaited, self._page = self._awaited, "", 0
        self.row = rows.get(self._chosen) or (seen.rows[0] if seen.rows else None)
        self._chosen = self.row.id if self.row else ""
        self._view.show_board(seen, self.row)
        self._ask_page()

    def page_shown(self) -> None:
        self._reading.shown()

    def page_hidden(self) -> None:
        self._reading.hidden()

    def choose_tab(self, tab: str) -> None:
        self.tab = tab
        self.show_again()

    def choose(self, row_id: str) -> None:
        if row_id != self._chosen:
            self._chosen, self._awaited, self._page = row_id, "", 0
            self.show_again()

    def turn(self, by: int) -> None:
        """Look at another sheet of the chosen paper."""
        self._page = max(0, self._page + by)
        self._ask_page()

    def _ask_page(self) -> None:
        job = self.job()
        wanted = (job.id if job else "", self._page)
        if wanted == self._paged:
            return
        self._paged = wanted
        if job is None:
            self._view.show_page(None)
        else:
            query = printing.page_of(job.id, self._page)
            self._runner.query(query, lambda page: self._on_page(wanted, page), lambda: wanted == self._paged)

    # What can be done

    def job(self) -> PrintJob | None:
        """The chosen job; None when nothing is chosen or it is only asked for."""
        return self.row.job if self.row else None

    def can_reprint(self) -> bool:
        job = self.job()
        return job is not None and job.state in (JobState.DONE, JobState.CANCELLED)

    def offers(self) -> frozenset[str]:
        """The acts that the chosen row allows now."""
        if self.row is None:
            return frozenset()
        found = {"order"}
        if self.row.asked is not None:
            found.add("print")
        if (job := self.job()) is not None:
            found |= self._job_offers(job)
        return frozenset(found)

    def _job_offers(self, job: PrintJob) -> set[str]:
        found = set()
        if job.state in NOT_BEGUN:
            found |= {"cancel"} if job.printer_id == PDF_FOLDER else {"cancel", "elsewhere"}
        if job.state is JobState.FAILED:
            found.add("retry")
        if job.state is JobState.DOUBTFUL:
            found |= {"came_out", "from_sheet" if job.sheets > 1 and self._way(job) is not Way.FOLDER else "not_out"}
        if job.state is JobState.PRINTING and job.sheets > 1 and self._way(job) is Way.QUEUE:
            found.add("stop")
        if self.can_reprint():
            found.add("reprint")
        return found

    def _way(self, job: PrintJob) -> Way | None:
        setup = self._printing.printers.printer(job.printer_id)
        return setup.way if setup is not None else None

    def is_set_by_printer(self) -> bool:
        """Whether the chosen paper comes out in the printer's own letters, not as it is previewed."""
        job = self.job()
        setup = self._printing.printers.printer(job.printer_id) if job is not None else None
        return setup is not None and setup.sets_itself and job is not None and job.kind == DocumentKind.RECEIPT

    def reprint(self, reason: str) -> None:
        """The same paper of the same number once more."""
        job = self.job()
        if job is not None:
            self._runner.when(self._printing.print(self._printing.again(job), reason), self._on_answer)

    def print_asked(self) -> None:
        """Print what the shop asks for."""
        if self.row is not None and self.row.asked is not None:
            wish = self._printing.wish_of(self.row.asked.request)
            self._runner.when(self._printing.print(wish), self._on_answer)

    def answer(self, *, came_out: bool, first_sheet: int = 0) -> None:
        """Somebody has looked whether a doubtful paper came out, or from which sheet on it did not."""
        job = self.job()
        if job is not None:
            self._wait(self._printing.queue.answer(job.id, came_out=came_out, first_sheet=first_sheet))

    def go_on_from_here(self) -> None:
        """The sheet that is shown and those behind it did not come out."""
        self.answer(came_out=False, first_sheet=self._page)

    def retry(self) -> None:
        job = self.job()
        if job is not None:
            self._wait(self._printing.queue.try_again(job.id))

    def cancel_rest(self) -> None:
        """Nothing that has not begun is to be printed."""
        self._runner.when(self._printing.queue.cancel_rest(), self._on_rest_cancelled)

    def cancel(self) -> None:
        """The chosen job is not to be printed."""
        job = self.job()
        if job is not None:
            self._wait(self._printing.queue.cancel(job.id))

    def send_elsewhere(self, printer_id: str) -> None:
        job = self.job()
        if job is not None:
            self._wait(self._printing.queue.send_elsewhere(job.id, printer_id))

    def toggle_pause(self, printer_id: str = "") -> None:
        """Pause a printer, or let it go on; without one, that of the chosen job."""
        printers = self._printing.printers
        job = self.job()
        wanted = printer_id or (job.printer_id if job else printers.all()[0].id)
        setup = printers.printer(wanted)
        if setup is not None:
            self._printing.queue.pause(setup.id, is_paused=not setup.is_paused)
            self.show_again()

    def paper_is_in(self, printer_id: str) -> None:
        self._printing.queue.look_now(printer_id)

    def _wait(self, future: "Future[bool]") -> None:
        self._runner.when(future, lambda _: self.reload())

    # Answers

    def _on_board(self, found: PaperBoard) -> None:
        self.board = found
        self.show_again()

    def _on_page(self, wanted: tuple[str, int], page: JobPage | None) -> None:
        if wanted == self._paged and not self._reading.is_closed:
            if page is not None:
                self._page = page.number
                self._paged = (wanted[0], page.number)
            self._view.show_page(page)

    def _on_rest_cancelled(self, count: int) -> None:
        self._view.say(tr("Left out: {count}. Each can be printed again.", count=count))
        self.reload()

    def _on_answer(self, answer: Answer) -> None:
        if isinstance(answer, NoPaper):
            self._view.say(tr("This paper can no longer be made: what it would say is gone."))
        elif isinstance(answer, InQueue):
            self._view.say(tr("It stands in the queue already."))
            self._awaited = answer.job_id
        elif isinstance(answer, NeedsReason):
            self._view.say(tr("It came out before; choose it below and say why it is needed again."))
        else:
            self._awaited = answer.job_id
        self.show_again()
        self.reload()

    def _on_change(self, changes: ChangeSet) -> None:
        if changes.touches(TABLES):
            self.reload()


def _midnight(now: datetime) -> datetime:
    return local(now).replace(hour=0, minute=0, second=0, microsecond=0)
