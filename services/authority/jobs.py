"""The list of what has to be asked of the outside: written with the command that needs it, worked off after it.

All functions are chores or parts of one: they run in the writer's transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.kernel import codec
from app.kernel.derived import derived_id
from app.tables.statements import Database


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job; ``attempts`` counts this one, and ``lease_until`` proves that it is still ours."""

    id: str
    kind: str
    key: str
    payload: Mapping[str, Any]
    attempts: int
    lease_until: str


def enqueue(database: Database, kind: str, key: str, payload: Mapping[str, Any], run_at: datetime) -> None:
    """Add a job; ``key`` says what it is about, and the same key again adds nothing."""
    marks = ", ".join([database.mark] * 8)
    database.execute(
        f"INSERT INTO jobs (id, kind, key, payload, state, run_at, attempts, error) VALUES ({marks})"
        " ON CONFLICT (key) DO NOTHING",
        (
            derived_id("job", key),
            kind,
            key,
            codec.canonical(codec.plain(payload)),
            JobState.WAITING.value,
            codec.time_text(run_at),
            0,
            "",
        ),
    )


def claim(database: Database, kinds: Sequence[str], now: datetime, lease: timedelta) -> Job | None:
    """Take the job that is due longest, or one whose worker has not come back; None when there is none."""
    if not kinds:
        return None
    mark = database.mark
    marks = ", ".join([mark] * len(kinds))
    # Several service processes share the list on PostgreSQL; SQLite has but one writer.
    locking = "" if mark == "?" else " FOR UPDATE SKIP LOCKED"
    at = codec.time_text(now)
    record = database.execute(
        f"SELECT id, kind, key, payload, attempts FROM jobs WHERE kind IN ({marks})"
        f" AND ((state = 'waiting' AND run_at <= {mark}) OR (state = 'running' AND lease_until <= {mark}))"
        f" ORDER BY run_at, id LIMIT 1{locking}",
        (*kinds, at, at),
    ).fetchone()
    if record is None:
        return None
    job_id, kind, key, payload, attempts = record
    until = codec.time_text(now + lease)
    database.execute(
        f"UPDATE jobs SET state = 'running', attempts = {mark}, lease_until = {mark} WHERE id = {mark}",
        (attempts + 1, until, job_id),
    )
    return Job(job_id, kind, key, codec.parse(payload), attempts + 1, until)


def finish(database: Database, job: Job) -> bool:
    """The job is done; False when its lease was over and another worker has taken it."""
    return _settle(database, job, JobState.DONE, None, "")


def put_off(database: Database, job: Job, run_at: datetime, error: str) -> bool:
    """The job did not succeed and is tried again."""
    return _settle(database, job, JobState.WAITING, run_at, error)


def give_up(database: Database, job: Job, error: str) -> bool:
    """The job did not succeed and is not tried again by itself."""
    return _settle(database, job, JobState.FAILED, None, error)


def _settle(database: Database, job: Job, state: JobState, run_at: datetime | None, error: str) -> bool:
    mark = database.mark
    due = "" if run_at is None else f", run_at = {mark}"
    values = [state.value, error[:500]] + ([] if run_at is None else [codec.time_text(run_at)])
    result = database.execute(
        f"UPDATE jobs SET state = {mark}, error = {mark}{due}, lease_until = NULL"
        f" WHERE id = {mark} AND state = 'running' AND lease_until = {mark}",
        (*values, job.id, job.lease_until),
    )
    return result.rowcount == 1
