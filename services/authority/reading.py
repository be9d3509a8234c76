"""What a desktop may read: pages of the feed, snapshots, sums and verdicts, each from one instant."""

from collections.abc import Sequence
from typing import Any

from app.domain.row import Audience, Row
from app.kernel import codec
from app.kernel.errors import KnownError
from app.tables.mapper import mapper_of
from app.tables.schema import SYNCED
from app.tables.statements import Database, statements_of
from app.tables.sums import sums
from app.wire.messages import (
    ChangeMessage,
    CommandResult,
    PullReply,
    SnapshotReply,
    SumsReply,
    Verdict,
    VerdictsReply,
)
from services.authority.audience import device_audience
from services.authority.head import read_head


class CursorExpired(KnownError):
    """The log no longer reaches back to the cursor: the replica has to be made anew."""

    def __init__(self, oldest_seq: int) -> None:
        super().__init__("cursor_expired", "This computer was away too long and fetches everything anew.", {})
        self.oldest_seq = oldest_seq


class EpochChanged(KnownError):
    """The service was restored from a backup: cursors of before mean nothing."""

    def __init__(self, epoch: str) -> None:
        super().__init__("epoch_changed", "The service was restored; this computer fetches everything anew.", {})
        self.epoch = epoch


def kinds_for(is_manager: bool) -> tuple[type[Row], ...]:
    """The synced tables that a device receives."""
    allowed = (Audience.ALL, Audience.MANAGER) if is_manager else (Audience.ALL,)
    return tuple(kind for kind in SYNCED if kind.AUDIENCE in allowed)


def pull(database: Database, device: tuple[str, bool], epoch: str, after: int, limit: int) -> PullReply:
    """At most ``limit`` log rows after ``after``, cut at a command's end, as ``device`` (id, is_manager) may see them.

    Several images of one row are collapsed to the last. Raises EpochChanged and CursorExpired.
    """
    head = read_head(database)
    if epoch != head.epoch:
        raise EpochChanged(head.epoch)
    if after < head.oldest_seq - 1:
        raise CursorExpired(head.oldest_seq)
    cursor = _page_end(database, after, limit, head.last_seq)
    changes: dict[tuple[str, str], ChangeMessage] = {}
    for seq, table, op, pk, row in _log_rows(database, device, after, cursor):
        changes.pop((table, pk), None)  # a later image takes the later place
        changes[table, pk] = ChangeMessage(seq, table, op, pk, None if row is None else codec.parse(row))
    return PullReply(head.epoch, after, cursor, head.last_seq, tuple(changes.values()))


def _page_end(database: Database, after: int, limit: int, last_seq: int) -> int:
    mark = database.mark
    record = database.execute(
        f"SELECT commit_seq FROM change_log WHERE seq > {mark} ORDER BY seq LIMIT 1 OFFSET {mark}",
        (after, max(0, limit - 1)),
    ).fetchone()
    return last_seq if record is None else int(record[0])


def _log_rows(database: Database, device: tuple[str, bool], after: int, cursor: int) -> Sequence[Any]:
    device_id, is_manager = device
    audiences = [Audience.ALL.value, device_audience(device_id)] + ([Audience.MANAGER.value] if is_manager else [])
    mark = database.mark
    marks = ", ".join([mark] * len(audiences))
    return database.execute(
        "SELECT seq, table_name, op, pk, row FROM change_log"
        f" WHERE seq > {mark} AND seq <= {mark} AND audience IN ({marks}) ORDER BY seq",
        (after, cursor, *audiences),
    ).fetchall()


def snapshot(
    database: Database, is_manager: bool, table: str, after_pk: Sequence[str] | None, limit: int
) -> SnapshotReply | None:
    """A page of a table by its key; None for a table that this device does not receive."""
    kind = next((k for k in kinds_for(is_manager) if table == k.TABLE), None)
    if kind is None or (after_pk is not None and len(after_pk) != len(kind.KEY)):
        return None
    sql = statements_of(kind, database.mark)
    key = ", ".join(kind.KEY)
    marks = ", ".join([database.mark] * len(kind.KEY))
    where = f" WHERE ({key}) > ({marks})" if after_pk is not None else ""
    records = database.execute(
        f"SELECT {sql.columns} FROM {table}{where} ORDER BY {key} LIMIT {database.mark}",
        (*(after_pk or ()), limit),
    ).fetchall()
    mapper = mapper_of(kind)
    next_pk = mapper.key(records[-1]) if len(records) == limit else None
    return SnapshotReply(table, tuple(mapper.image(r) for r in records), next_pk, read_head(database).last_seq)


def verdicts_after(database: Database, device_id: str, after_device_seq: int, limit: int = 5_000) -> VerdictsReply:
    """What became of a device's commands after a number of its own."""
    mark = database.mark
    records = database.execute(
        "SELECT device_seq, command_id, verdict, code, params, commit_seq FROM command_log"
        f" WHERE device_id = {mark} AND device_seq > {mark} ORDER BY device_seq LIMIT {mark}",
        (device_id, after_device_seq, limit),
    ).fetchall()
    return VerdictsReply(
        tuple(
            CommandResult(seq, command_id, Verdict(verdict), code, codec.parse(params), commit_seq, duplicate=True)
            for seq, command_id, verdict, code, params, commit_seq in records
        )
    )


def table_sums(database: Database, is_manager: bool) -> SumsReply:
    """Counts and checksums of all tables that the device receives."""
    return SumsReply(read_head(database).last_seq, sums(database, kinds_for(is_manager)))
