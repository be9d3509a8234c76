"""The print centre's words: papers, printers and what may happen to both."""

from datetime import datetime
from typing import Literal, TypeAlias

from app.desk.printers import PrinterSetup, Way
from app.desk.printing import AskedPaper, Batch, DocumentKind, JobState, PrintJob
from app.kernel.i18n import tr
from app.kernel.zone import local
from app.printing.printers.printer import PrinterState

Tone: TypeAlias = Literal["green", "amber", "red", "blue", "violet", "teal", "grey"]
"""The chips' colours by name, so that words need no window."""


def kind_word(kind: str) -> str:
    words = {
        DocumentKind.LABEL: tr("Waybill label"),
        DocumentKind.RECEIPT: tr("Receipt"),
        DocumentKind.PICKING: tr("Picking list"),
    }
    return words.get(DocumentKind(kind), kind)


def form_word(form: str) -> str:
    """76 × 130 mm, or the roll's width."""
    if form in ("58", "80"):
        return tr("{size} mm roll", size=form)
    return tr("{size} mm", size=form.replace("x", " × ")) if "x" in form else form


def printer_name(setup: PrinterSetup) -> str:
    return setup.name or tr("PDF files")


def printer_use(setup: PrinterSetup) -> str:
    """What comes out of it."""
    if not setup.kinds:
        return tr("Prints nothing now")
    return "\u00a0· ".join(f"{kind_word(kind)} {form_word(setup.form_of(kind))}" for kind in setup.kinds)


def printer_state(setup: PrinterSetup, told: PrinterState | None, is_printing: bool) -> tuple[str, Tone]:
    """How a printer stands, as far as it says."""
    if setup.is_paused:
        return tr("Paused here"), "amber"
    if is_printing:
        return tr("Printing"), "blue"
    if told is None or told in (PrinterState.READY, PrinterState.SILENT):
        return tr("Idle"), "green"
    return told_word(told), "blue" if told is PrinterState.BUSY else "red"


def told_word(told: str) -> str:
    """What is wrong with a printer, in two or three signs."""
    words = {
        PrinterState.OUT_OF_PAPER: tr("Out of paper"),
        PrinterState.OPEN: tr("Cover open"),
        PrinterState.JAMMED: tr("Paper jam"),
        PrinterState.PAUSED: tr("Paused at the printer"),
        PrinterState.BUSY: tr("Busy"),
        PrinterState.BROKEN: tr("Out of order"),
        PrinterState.OFFLINE: tr("Not reached"),
        PrinterState.READY: tr("Idle"),
        PrinterState.SILENT: tr("Idle"),
    }
    return words[PrinterState(told)] if told in set(PrinterState) else tr("Not reached")


def told_advice(told: str, setup: PrinterSetup) -> str:
    """What to do about a printer for which paper waits."""
    if setup.way is Way.FOLDER:
        return tr("The folder cannot be written; choose another one")
    if told == PrinterState.OFFLINE:
        return tr("Is it on, and is the cable in?")
    if told == PrinterState.OUT_OF_PAPER:
        return tr("Put paper in")
    if told in (PrinterState.OPEN, PrinterState.JAMMED):
        return tr("Look at the paper, close the cover")
    return tr("Look at the printer")


def job_state(
    job: PrintJob, setup: PrinterSetup | None, batch: Batch | None = None, sheet: int | None = None
) -> tuple[str, Tone]:
    """How a job stands, while it is printed with how far it or its batch is."""
    match job.state:
        case JobState.QUEUED:
            paused = setup is not None and setup.is_paused
            return (tr("Paused"), "amber") if paused else (tr("In the queue"), "grey")
        case JobState.PRINTING:
            place = place_of(job, batch, sheet)
            return tr("Printing {number}/{count}", number=place[0], count=place[1]) if place else tr("Printing"), "blue"
        case JobState.FAILED:
            return tr("Cannot be printed"), "red"
        case JobState.WAITING:
            return told_word(job.told), "red"
        case JobState.DOUBTFUL:
            return tr("Did it come out?"), "amber"
        case JobState.DONE:
            return done_word(setup), "green"
        case _:
            return tr("Not printed"), "grey"


def place_of(job: PrintJob, batch: Batch | None, sheet: int | None) -> tuple[int, int] | None:
    """Which sheet it is of how many: of the paper's own, else of those that were asked for together."""
    if job.sheets > 1:
        return (sheet or job.first_sheet) + 1, job.sheets
    return (batch.done + 1, batch.total) if batch is not None and batch.total > 1 else None


def done_word(setup: PrinterSetup | None) -> str:
    """Handed over is not printed: the system's queue never says what became of a paper."""
    if setup is not None and setup.way is Way.QUEUE:
        return tr("Handed to the system")
    return tr("Saved") if setup is not None and setup.way is Way.FOLDER else tr("Printed")


def job_note(job: PrintJob, setup: PrinterSetup | None, by: str) -> str:
    """The second line of a job: which copy and why, or who wanted it, and where it comes out."""
    where = printer_name(setup) if setup is not None else ""
    if job.copy_no > 1:
        return " · ".join(x for x in (tr("Copy {number}: {reason}", number=job.copy_no, reason=job.reason), by) if x)
    who = tr("by itself") if job.by_itself else by
    parts = [where, who, "" if job.is_confirmed else tr("made before it was synced")]
    return " · ".join(part for part in parts if part)


def job_title(job: PrintJob) -> str:
    """What the paper is, in the language of now; its own title is in that of its printing."""
    if job.kind == DocumentKind.PICKING:
        return tr("Picking list, {count} orders", count=len(job.order_ids))
    return f"{kind_word(job.kind)} {job.title.rpartition(' ')[2]}"


def asked_title(asked: AskedPaper) -> str:
    return f"{kind_word(asked.request.kind)} {asked.waybill_no or asked.order_no}"


def asked_note(asked: AskedPaper, device_id: str) -> str:
    if asked.request.device_id == device_id:
        return tr("Asked of this computer; older, or from before it was connected")
    return tr("Asked of {computer}", computer=asked.device_name or tr("another computer"))


def moment(at: datetime, now: datetime) -> str:
    """The time, with its day when that is not today."""
    here, today = local(at), local(now).date()
    return f"{here:%H:%M}" if here.date() == today else f"{here:%m-%d %H:%M}"


def millimetres(length_mm10: int) -> str:
    """Whole where it is whole."""
    whole, rest = divmod(length_mm10, 10)
    return f"{whole}.{rest}" if rest else str(whole)
