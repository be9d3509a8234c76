"""The print jobs of a file that an earlier version made."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.registry import shop_registry
from app.replica import paper, schema
from app.replica.database import ReplicaDatabase
from app.replica.holder import ReplicaHolder
from app.replica.paper import JobState, NewJob
from app.replica.queries import paper as reading

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
BEFORE = """CREATE TABLE print_job (
    id TEXT PRIMARY KEY, key TEXT NOT NULL, copy_no INTEGER NOT NULL, kind TEXT NOT NULL,
    title TEXT NOT NULL, file_name TEXT NOT NULL, form TEXT NOT NULL, page_dots TEXT NOT NULL, dpi10 INTEGER NOT NULL,
    order_ids TEXT NOT NULL, parcel_id TEXT NOT NULL, printer_id TEXT NOT NULL, reason TEXT NOT NULL,
    actor TEXT NOT NULL, is_confirmed INTEGER NOT NULL, by_itself INTEGER NOT NULL, state TEXT NOT NULL
        CHECK (state IN ('queued', 'printing', 'waiting', 'doubtful', 'done', 'cancelled')), told TEXT NOT NULL,
    attempts INTEGER NOT NULL, is_marked INTEGER NOT NULL, queued_at TEXT NOT NULL, started_at TEXT, ended_at TEXT,
    pdf BLOB NOT NULL)"""


def job(number: int) -> NewJob:
    return NewJob(
        *(f"label:{number}", 1, "label", "面单", "a.pdf", "76x130", b"%PDF" * 100, ((608, 1040),), 2032, ("o1",), "p"),
        *("tsc", "", "staff", True, False, NOW),
    )


def earlier(path: Path) -> ReplicaDatabase:
    """A file as version 1.4 left it, with three papers."""
    database = ReplicaDatabase(path)
    schema.create(database)
    database.execute("DROP TABLE print_job")
    database.execute(BEFORE)
    database.execute("CREATE INDEX ix_print_job_key ON print_job (key)")
    for number, state in enumerate(("queued", "done", "doubtful")):
        values = (f"label:{number}#1", f"label:{number}", state, b"%PDF" * 100)
        database.execute(
            "INSERT INTO print_job VALUES (?1, ?2, 1, 'label', '面单', 'a.pdf', '76x130', '[[608,1040]]', 2032,"
            " '[\"o1\"]', 'p', 'tsc', '', 'staff', 1, 0, ?3, '', 0, 0, '2026-11-23T09:00:00.000000Z', NULL, NULL, ?4)",
            values,
        )
    database.execute("PRAGMA user_version = 1004")
    return database


def test_waiting_and_finished_papers_survive_the_new_columns(tmp_path: Path) -> None:
    database = earlier(tmp_path / "replica.db")
    schema.prepare(database)
    states = [reading.job(database, f"label:{number}#1").state for number in range(3)]  # type: ignore[arg-type, union-attr]
    assert states == [JobState.QUEUED, JobState.DONE, JobState.DOUBTFUL]
    kept = reading.job_paper(database, "label:0#1")  # type: ignore[arg-type]
    assert kept is not None and kept.data == b"%PDF" * 100 and kept.page_dots == ((608, 1040),)
    assert paper.add(database, job(7)) == ""
    assert paper.move(database, "label:0#1", JobState.FAILED, NOW)
    fresh = ReplicaDatabase(tmp_path / "fresh.db")
    schema.create(fresh)
    columns = [each.execute("PRAGMA table_info(print_job)").fetchall() for each in (database, fresh)]
    assert columns[0] == columns[1], "a new replica takes the rows over column by column"
    database.close()
    fresh.close()


@pytest.mark.warns_in_log("damage is told in the log")
def test_papers_are_saved_from_a_damaged_file_of_an_earlier_version(tmp_path: Path) -> None:
    holder = ReplicaHolder(tmp_path, shop_registry())
    path = holder.path
    holder.close()
    path.unlink()
    database = earlier(path)
    database.execute("DROP TABLE waybill_requests")
    spoiled = [database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'replica_meta'").fetchone()[0]]
    spoiled += database.execute("PRAGMA page_size").fetchone()
    database.close()
    with path.open("r+b") as raw:
        raw.seek((spoiled[0] - 1) * spoiled[1])
        raw.write(b"\xa5" * spoiled[1])
    holder = ReplicaHolder(tmp_path, shop_registry())
    saved = [reading.job(holder.database, f"label:{number}#1") for number in range(3)]  # type: ignore[arg-type]
    assert [job and job.state for job in saved] == [JobState.QUEUED, JobState.DONE, JobState.DOUBTFUL]
    holder.close()
