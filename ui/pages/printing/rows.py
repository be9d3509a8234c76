"""The print centre's list as data: jobs of this computer, and papers that the shop asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.desk.printers import PrinterSetup
from app.desk.printing import AskedPaper, JobState, PaperBoard, PrintJob
from app.kernel.i18n import tr
from app.kernel.zone import local
from app.printing.printers.printer import PrinterState
from ui.pages.printing import wording
from ui.pages.printing.wording import Tone

ALL, RUNNING, PERSON, ASKED, DONE = "", "running", "person", "asked", "done"
TABS = (ALL, RUNNING, PERSON, ASKED, DONE)
_OPEN = (JobState.QUEUED, JobState.PRINTING, JobState.WAITING, JobState.DOUBTFUL)
_PERSON = (JobState.WAITING, JobState.DOUBTFUL)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: a job, or a paper that was asked for."""

    id: str
    title: str
    note: str
    state: str
    tone: Tone
    time: str
    job: PrintJob | None = None
    asked: AskedPaper | None = None


@dataclass(frozen=True, slots=True)
class PrinterShown:
    """A printer's card. ``trouble`` is what a person should do about it, "" for nothing."""

    setup: PrinterSetup
    name: str
    use: str
    state: str
    tone: Tone
    line: str
    trouble: str


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the page shows at one moment; ``done`` of ``total`` papers of the present run have come out."""

    printers: tuple[PrinterShown, ...]
    rows: tuple[Row, ...]
    counts: Mapping[str, int]
    done: int
    total: int
    printed_today: int


def shown(
    board: PaperBoard, printers: tuple[PrinterSetup, ...], told: Mapping[str, PrinterState], tab: str, now: datetime
) -> Shown:
    setups = {setup.id: setup for setup in printers}
    rows = {
        ALL: [_job(job, board, setups, now) for job in board.jobs],
        ASKED: [_asked(asked, board.device_id, now) for asked in board.asked],
    }
    rows[ALL] = rows[ASKED] + rows[ALL]
    rows[RUNNING] = [row for row in rows[ALL] if row.job and row.job.state in (JobState.QUEUED, JobState.PRINTING)]
    rows[PERSON] = [row for row in rows[ALL] if row.job and row.job.state in _PERSON]
    rows[DONE] = [row for row in rows[ALL] if row.job and row.job.state not in _OPEN]
    done, total = _run(board)
    return Shown(
        tuple(_printer(setup, board, told.get(setup.id)) for setup in printers),
        tuple(rows[tab]),
        {key: len(rows[key]) for key in TABS},
        done,
        total,
        board.printed_today,
    )


def _run(board: PaperBoard) -> tuple[int, int]:
    """How far the papers are that were asked for together; (0, 0) while there is nothing to wait for."""
    open_jobs = [job for job in board.jobs if job.state in _OPEN]
    if len(open_jobs) < 1:
        return 0, 0
    since = min(job.queued_at for job in open_jobs)
    done = sum(job.state is JobState.DONE and job.ended_at is not None and job.ended_at >= since for job in board.jobs)
    return done, done + len(open_jobs)


def _job(job: PrintJob, board: PaperBoard, setups: Mapping[str, PrinterSetup], now: datetime) -> Row:
    setup = setups.get(job.printer_id)
    state, tone = wording.job_state(job, setup)
    note = wording.job_note(job, setup, board.staff_names.get(job.actor, ""))
    at = job.ended_at or job.queued_at
    return Row(job.id, job.title, note, state, tone, wording.moment(at, now), job=job)


def _asked(asked: AskedPaper, device_id: str, now: datetime) -> Row:
    at = wording.moment(asked.request.requested_at, now)
    note = wording.asked_note(asked, device_id)
    return Row(asked.request.key, wording.asked_title(asked), note, tr("Asked for"), "blue", at, asked=asked)


def _printer(setup: PrinterSetup, board: PaperBoard, told: PrinterState | None) -> PrinterShown:
    jobs = [job for job in board.jobs if job.printer_id == setup.id]
    waiting = [job for job in jobs if job.state is JobState.WAITING]
    going = sum(job.state in (JobState.QUEUED, JobState.PRINTING) for job in jobs)
    is_printing = any(job.state is JobState.PRINTING for job in jobs)
    if waiting and told is None:
        told = PrinterState(waiting[0].told) if waiting[0].told else PrinterState.OFFLINE
    state, tone = wording.printer_state(setup, told, is_printing)
    line = _line(jobs, len(waiting), going)
    trouble = wording.told_advice(waiting[0].told, setup) if waiting else ""
    return PrinterShown(setup, wording.printer_name(setup), wording.printer_use(setup), state, tone, line, trouble)


def _line(jobs: list[PrintJob], waiting: int, going: int) -> str:
    if waiting:
        return tr("{count} wait, none lost", count=waiting + going)
    if going:
        return tr("{count} still to print", count=going)
    last = max((job.ended_at for job in jobs if job.state is JobState.DONE and job.ended_at), default=None)
    return tr("Last paper {time}", time=f"{local(last):%m-%d %H:%M}") if last else ""
