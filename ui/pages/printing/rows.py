"""The print centre's list as data: jobs of this computer, and papers that the shop asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.desk.printers import PrinterSetup
from app.desk.printing import NOT_BEGUN, AskedPaper, JobState, PaperBoard, PrintJob
from app.kernel.i18n import tr
from app.kernel.zone import local
from app.printing.printers.printer import PrinterState
from ui.pages.printing import wording
from ui.pages.printing.wording import Tone

ALL, RUNNING, PERSON, ASKED, DONE = "", "running", "person", "asked", "done"
TABS = (ALL, RUNNING, PERSON, ASKED, DONE)
_OPEN = (*NOT_BEGUN, JobState.PRINTING, JobState.DOUBTFUL)
_PERSON = (JobState.WAITING, JobState.DOUBTFUL, JobState.FAILED)


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
class Heard:
    """What only the running queue knows: what each printer said last, and which sheet of a job is being printed."""

    states: Mapping[str, PrinterState] = field(default_factory=dict)
    sheets: Mapping[str, int] = field(default_factory=dict)


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
    """All that the page shows at one moment.

    ``done`` of ``total`` papers of the present run have come out, and ``left`` of them have not begun.
    """

    printers: tuple[PrinterShown, ...]
    rows: tuple[Row, ...]
    counts: Mapping[str, int]
    done: int
    total: int
    left: int
    printed_today: int


def shown(board: PaperBoard, printers: tuple[PrinterSetup, ...], heard: Heard, tab: str, now: datetime) -> Shown:
    setups = {setup.id: setup for setup in printers}
    rows = {
        ALL: [_job(job, board, setups, heard, now) for job in board.jobs],
        ASKED: [_asked(asked, board.device_id, now) for asked in board.asked],
    }
    rows[ALL] = rows[ASKED] + rows[ALL]
    rows[RUNNING] = [row for row in rows[ALL] if row.job and row.job.state in (JobState.QUEUED, JobState.PRINTING)]
    rows[PERSON] = [row for row in rows[ALL] if row.job and row.job.state in _PERSON]
    rows[DONE] = [row for row in rows[ALL] if row.job and row.job.state not in _OPEN]
    done, total = _run(board)
    return Shown(
        tuple(_printer(setup, board, heard) for setup in printers),
        tuple(rows[tab]),
        {key: len(rows[key]) for key in TABS},
        done,
        total,
        sum(job.state in NOT_BEGUN for job in board.jobs),
        board.printed_today,
    )


def _run(board: PaperBoard) -> tuple[int, int]:
    """How far the papers are that were asked for together, with the single ones behind them; (0, 0): nothing is."""
    singles = sum(job.state in _OPEN and not job.batch for job in board.jobs)
    batches = board.batches.values()
    return sum(batch.done for batch in batches), sum(batch.total for batch in batches) + singles


def _job(job: PrintJob, board: PaperBoard, setups: Mapping[str, PrinterSetup], heard: Heard, now: datetime) -> Row:
    setup = setups.get(job.printer_id)
    state, tone = wording.job_state(job, setup, board.batches.get(job.batch), heard.sheets.get(job.id))
    note = wording.job_note(job, setup, board.staff_names.get(job.actor, ""))
    at = job.ended_at or job.queued_at
    return Row(job.id, wording.job_title(job), note, state, tone, wording.moment(at, now), job=job)


def _asked(asked: AskedPaper, device_id: str, now: datetime) -> Row:
    at = wording.moment(asked.request.requested_at, now)
    note = wording.asked_note(asked, device_id)
    return Row(asked.request.key, wording.asked_title(asked), note, tr("Asked for"), "blue", at, asked=asked)


def _printer(setup: PrinterSetup, board: PaperBoard, heard: Heard) -> PrinterShown:
    told = heard.states.get(setup.id)
    jobs = [job for job in board.jobs if job.printer_id == setup.id]
    waiting = [job for job in jobs if job.state is JobState.WAITING]
    going = sum(job.state in (JobState.QUEUED, JobState.PRINTING) for job in jobs)
    at_work = next((job for job in jobs if job.state is JobState.PRINTING), None)
    if waiting and told is None:
        told = PrinterState(waiting[0].told) if waiting[0].told else PrinterState.OFFLINE
    state, tone = wording.printer_state(setup, told, at_work is not None)
    place = (
        wording.place_of(at_work, board.batches.get(at_work.batch), heard.sheets.get(at_work.id)) if at_work else None
    )
    line = _line(jobs, len(waiting), going, place)
    trouble = wording.told_advice(waiting[0].told, setup) if waiting else ""
    return PrinterShown(setup, wording.printer_name(setup), wording.printer_use(setup), state, tone, line, trouble)


def _line(jobs: list[PrintJob], waiting: int, going: int, place: tuple[int, int] | None) -> str:
    if waiting:
        return tr("{count} wait, none lost", count=waiting + going)
    if place:
        return tr("Paper {number} of {count}", number=place[0], count=place[1])
    if going:
        return tr("{count} still to print", count=going)
    last = max((job.ended_at for job in jobs if job.state is JobState.DONE and job.ended_at), default=None)
    return tr("Last paper {time}", time=f"{local(last):%m-%d %H:%M}") if last else ""
