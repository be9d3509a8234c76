"""Making a replica anew beside the old one, which stays in use until the new one is complete.

The snapshot is fuzzy: its pages are newer than the number it starts from, and pulling from that number on makes them
right, because the feed carries whole rows. A broken connection costs nothing: the loading goes on where it stopped.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.domain.registry import Registry
from app.kernel.files import replace_file
from app.replica import meta, outbox, schema
from app.replica.apply import replay, settle
from app.replica.database import ReplicaDatabase
from app.replica.reader import POINTER, current_file
from app.replica.remembering import in_order
from app.tables.mapper import mapper_of
from app.tables.schema import KINDS
from app.tables.statements import statements_of
from app.wire.messages import CommandMessage, CommandResult

KEPT = timedelta(days=30)
"""So long an older replica is kept: after a restore of the service it may hold what exists nowhere else."""
_LOCAL_TABLES = ("outbox_archive", "sync_issue", "print_job")


@dataclass(frozen=True, slots=True)
class Beginning:
    """Whose replica it will be and from where the feed makes it right."""

    epoch: str
    device_id: str
    is_manager: bool
    floor_seq: int


def next_file(folder: Path) -> Path:
    """Where the next replica is made; a half-made one of an earlier attempt is thrown away."""
    number = int(current_file(folder).stem.rsplit("-", 1)[1]) + 1
    path = folder / f"replica-{number}.db"
    _unlink(path)
    return path


def begin(path: Path, beginning: Beginning) -> ReplicaDatabase:
    """An empty replica without indices, ready to be loaded."""
    database = ReplicaDatabase(path)
    schema.create(database, with_indices=False)
    with database.transaction():
        fresh = meta.read(database)
        here = replace(
            fresh,
            feed_epoch=beginning.epoch,
            device_id=beginning.device_id,
            is_manager=beginning.is_manager,
            cursor=beginning.floor_seq,
            bootstrap_state="loading",
        )
        meta.write(database, here)
    return database


def load(database: ReplicaDatabase, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """One page of a table; a page that comes twice changes nothing."""
    kind = KINDS.get(table)
    if kind is None:
        return
    mapper = mapper_of(kind)
    with database.transaction():
        database.execute_many(statements_of(kind, "?").upsert, [mapper.record_of_image(row) for row in rows])


def finish_loading(database: ReplicaDatabase) -> None:
    schema.create_indices(database)
    with database.transaction():
        meta.write(database, replace(meta.read(database), bootstrap_state="complete"))


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the service has decided this device's commands, with the verdicts of those still in the outbox.

    ``lost`` are orders that only the old replica knows; see ``remembering``.
    """

    last_device_seq: int
    results: tuple[CommandResult, ...]
    at: datetime
    lost: tuple[CommandMessage, ...] = ()


def adopt(database: ReplicaDatabase, old: ReplicaDatabase, registry: Registry, standing: Standing) -> None:
    """Take over from the old replica what exists nowhere else: the outbox, the archive, the issues and the print jobs.

    A command whose rows are in the new base already is settled by its verdict before anything is replayed, or it would
    be shown twice. What the service does not know any more, because it was restored from a backup, is queued again:
    this computer's own commands, and the orders that it remembers.
    """
    before = meta.read(old)
    with database.transaction():
        for table in _LOCAL_TABLES:
            records = old.execute(f"SELECT * FROM {table}").fetchall()
            if records:
                marks = ", ".join("?" * len(records[0]))
                database.execute_many(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", records)
        for entry in outbox.pending(old):
            outbox.append(database, entry.message)
            outbox.set_state(database, [entry.message.device_seq], entry.state)
        here = meta.read(database)
        again: list[CommandMessage] = []
        if before.feed_epoch not in ("", here.feed_epoch):
            again = in_order(standing.lost, outbox.take_back_archived(database, standing.last_device_seq))
        settle(database, [r for r in standing.results if r.commit_seq <= here.cursor], standing.at)
        decided = {r.command_id: r.device_seq for r in standing.results}
        following = outbox.follow(database, standing.last_device_seq, decided, again)
        meta.write(database, replace(here, next_device_seq=following, clock_offset_ms=before.clock_offset_ms))
        replay(database, registry)


def switch(folder: Path, path: Path) -> None:
    """From now on ``path`` is the replica in use: the pointer is replaced whole, on every operating system."""
    replace_file(folder / POINTER, path.name.encode())


def prune(folder: Path, now: datetime) -> int:
    """Throw away the replicas that have been out of use long enough; answers how many."""
    present = current_file(folder)
    gone = 0
    for path in sorted(folder.glob("replica-*.db")):
        last_used = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        if path != present and now - last_used > KEPT:
            _unlink(path)
            gone += 1
    return gone


def _unlink(path: Path) -> None:
    for part in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        part.unlink(missing_ok=True)
