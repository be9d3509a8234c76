"""This computer's print jobs: written down before a byte leaves it, so that neither a jam nor a power cut loses one.

A job's states: queued → printing → done; waiting (the printer cannot just now, nothing has left us), doubtful
(something may have come out: a person must look), cancelled, failed (it cannot be said in the printer's language: a
person takes it elsewhere or lets it be). Only ``begin`` lets bytes leave, and only from queued.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.kernel import codec
from app.replica.changes import ChangeSet, Origin, by_table
from app.replica.database import ReplicaDatabase

TABLE = "print_job"
KEPT = timedelta(days=30)


class JobState(StrEnum):
    QUEUED = "queued"
    PRINTING = "printing"
    WAITING = "waiting"
    DOUBTFUL = "doubtful"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


OPEN = (JobState.QUEUED, JobState.PRINTING, JobState.WAITING, JobState.DOUBTFUL, JobState.FAILED)
"""What has not ended: of one paper only one job may be like this."""
_FROM = {
    JobState.DONE: (JobState.PRINTING, JobState.DOUBTFUL),
    JobState.WAITING: (JobState.PRINTING,),
    JobState.DOUBTFUL: (JobState.PRINTING,),
    JobState.CANCELLED: (JobState.QUEUED, JobState.WAITING, JobState.DOUBTFUL, JobState.FAILED),
    JobState.QUEUED: (JobState.DOUBTFUL, JobState.FAILED),
    JobState.FAILED: (JobState.QUEUED,),
}
NOT_BEGUN = (JobState.QUEUED, JobState.WAITING, JobState.FAILED)


@dataclass(frozen=True, slots=True)
class NewJob:
    """A finished paper on its way to a printer. ``title`` and ``file_name`` name no person.

    ``batch`` is shared by papers that were asked for together, "" for a single one; ``document`` is the layout of a
    paper that printers can set in their own letters, "" for others.
    """

    key: str
    copy_no: int
    kind: str
    title: str
    file_name: str
    form: str
    pdf: bytes
    page_dots: tuple[tuple[int, int], ...]
    dpi10: int
    order_ids: tuple[str, ...]
    parcel_id: str
    printer_id: str
    reason: str
    actor: str
    is_confirmed: bool
    by_itself: bool
    queued_at: datetime
    batch: str = ""
    document: str = ""

    @property
    def id(self) -> str:
        return f"{self.key}#{self.copy_no}"


def add(database: ReplicaDatabase, job: NewJob) -> str:
    """Store a job; answers the id of the job that stands in its way instead, "" when it was stored.

    In the way is one of the same paper that has not ended, and one of the same copy that did.
    """
    with database.transaction():
        other = database.execute(
            "SELECT id FROM print_job WHERE key = ?"
            f" AND (copy_no >= ? AND state <> 'cancelled' OR state IN {_in(OPEN)})",
            (job.key, job.copy_no),
        ).fetchone()
        if other is not None:
            return str(other[0])
        database.execute("DELETE FROM print_job WHERE id = ? AND state = 'cancelled'", (job.id,))
        database.execute(
            f"INSERT INTO print_job VALUES ({', '.join('?' * 16)}, 'queued', '', 0, 0, ?, NULL, NULL, ?, 0, ?, ?)",
            (
                *(job.id, job.key, job.copy_no, job.kind, job.title, job.file_name, job.form),
                *(codec.canonical(job.page_dots), job.dpi10, codec.canonical(job.order_ids), job.parcel_id),
                *(job.printer_id, job.reason, job.actor, int(job.is_confirmed), int(job.by_itself)),
                *(codec.time_text(job.queued_at), job.batch, job.document),
                job.pdf,  # last, or every look at the other columns would read through it
            ),
        )
    return ""


def doubt_unfinished(database: ReplicaDatabase) -> ChangeSet:
    """At a start: what was being printed when the program ended may have come out, or not."""
    found = [row[0] for row in database.execute("SELECT id FROM print_job WHERE state = 'printing'").fetchall()]
    with database.transaction():
        database.execute("UPDATE print_job SET state = 'doubtful', told = '' WHERE state = 'printing'")
    return changed(found)


def begin(database: ReplicaDatabase, job_id: str, at: datetime) -> bool:
    """From now on something may have come out. False when it is not to be printed any more."""
    with database.transaction():
        done = database.execute(
            "UPDATE print_job SET state = 'printing', attempts = attempts + 1, started_at = ?"
            " WHERE id = ? AND state = 'queued'",
            (codec.time_text(at), job_id),
        )
        return done.rowcount == 1


def move(database: ReplicaDatabase, job_id: str, state: JobState, at: datetime, told: str = "") -> bool:
    """Bring a job into a state, if it is in one that leads there; answers whether it was."""
    has_ended = state in (JobState.DONE, JobState.CANCELLED)
    with database.transaction():
        done = database.execute(
            "UPDATE print_job SET state = ?, told = ?, ended_at = ?, is_marked = 0"
            f" WHERE id = ? AND state IN {_in(_FROM[state])}",
            (str(state), told, codec.time_text(at) if has_ended else None, job_id),
        )
        return done.rowcount == 1


def resume(database: ReplicaDatabase, printer_id: str) -> ChangeSet:
    """The printer is ready again: what waited for it goes back into the queue, nothing of it had left us."""
    found = [
        row[0]
        for row in database.execute(
            "SELECT id FROM print_job WHERE state = 'waiting' AND printer_id = ?", (printer_id,)
        ).fetchall()
    ]
    with database.transaction():
        database.execute(
            "UPDATE print_job SET state = 'queued', told = '' WHERE state = 'waiting' AND printer_id = ?", (printer_id,)
        )
    return changed(found)


def stop(database: ReplicaDatabase, job_id: str, at: datetime) -> bool:
    """Somebody has stopped a job between two of its sheets; answers whether it was being printed."""
    with database.transaction():
        done = database.execute(
            "UPDATE print_job SET state = 'cancelled', ended_at = ? WHERE id = ? AND state = 'printing'",
            (codec.time_text(at), job_id),
        )
        return done.rowcount == 1


def cancel_rest(database: ReplicaDatabase, at: datetime) -> tuple[str, ...]:
    """Nothing that has not begun is to be printed; answers what that was."""
    with database.transaction():
        found = database.execute(f"SELECT id FROM print_job WHERE state IN {_in(NOT_BEGUN)}").fetchall()
        database.execute(
            f"UPDATE print_job SET state = 'cancelled', ended_at = ? WHERE state IN {_in(NOT_BEGUN)}",
            (codec.time_text(at),),
        )
    return tuple(str(row[0]) for row in found)


def print_from(database: ReplicaDatabase, job_id: str, sheet: int) -> bool:
    """A person has looked: this sheet (the first is 0) and those behind it are still to come out."""
    with database.transaction():
        done = database.execute(
            "UPDATE print_job SET state = 'queued', told = '', first_sheet = ? WHERE id = ? AND state = 'doubtful'",
            (sheet, job_id),
        )
        return done.rowcount == 1


def send_elsewhere(database: ReplicaDatabase, job_id: str, printer_id: str) -> bool:
    """Another printer prints what has not begun."""
    with database.transaction():
        done = database.execute(
            "UPDATE print_job SET printer_id = ?, state = 'queued', told = '', first_sheet = 0"
            f" WHERE id = ? AND state IN {_in(NOT_BEGUN)}",
            (printer_id, job_id),
        )
        return done.rowcount == 1


def mark(database: ReplicaDatabase, job_id: str) -> None:
    """The shop has been told that it came out."""
    with database.transaction():
        database.execute("UPDATE print_job SET is_marked = 1 WHERE id = ?", (job_id,))


def prune(database: ReplicaDatabase, now: datetime) -> None:
    """Let go of papers that ended long ago."""
    with database.transaction():
        database.execute("DELETE FROM print_job WHERE ended_at < ?", (codec.time_text(now - KEPT),))


def changed(job_ids: Iterable[str] = ()) -> ChangeSet:
    """What to tell the windows; without an id, something about the printers themselves."""
    return ChangeSet(Origin.LOCAL, {TABLE: frozenset(), **by_table((TABLE, job_id) for job_id in job_ids)})


def _in(states: Iterable[str]) -> str:
    return "({})".format(", ".join(f"'{state}'" for state in states))
