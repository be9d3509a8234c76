"""The feed's writer: every change of a synced row goes down the same road, numbered in the order of commits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from app.domain.row import Audience, key_text
from app.kernel import codec
from app.tables.execute import Written
from app.tables.mapper import mapper_of
from app.tables.statements import Database
from app.wire.messages import VERDICT_TABLE
from services.authority.audience import device_audience
from services.authority.head import Head
from services.db.engine import OpenDatabase

ROWS_AT_ONCE = 24


def advance(database: Database, head: Head) -> None:
    """Store what commands move: the last number, and the end of the chain. The rest is changed by chores."""
    mark = database.mark
    result = database.execute(
        f"UPDATE feed_head SET last_seq = {mark}, last_position = {mark}, last_hash = {mark} WHERE id = 1",
        (head.last_seq, head.last_position, head.last_hash),
    )
    if result.rowcount != 1:
        raise LookupError("the feed has no head")


def forget_before(database: Database, oldest_seq: int) -> None:
    """The log begins at this number from now on."""
    database.execute(f"UPDATE feed_head SET oldest_seq = {database.mark} WHERE id = 1", (oldest_seq,))


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """``image`` is canonical text, None when the row is gone."""

    table: str
    pk: str
    image: str | None
    audience: str


def entries_of(written: Iterable[Written]) -> list[FeedEntry]:
    """Feed entries of the rows that travel to desktops."""
    return [
        FeedEntry(
            table=row.kind.TABLE,
            pk=key_text(row.key),
            image=None if row.record is None else mapper_of(row.kind).image_text(row.record),
            audience=row.kind.AUDIENCE.value,
        )
        for row in written
        if row.kind.AUDIENCE is not Audience.SERVICE
    ]


def verdict_entry(device_id: str, command_id: str, row: Mapping[str, Any]) -> FeedEntry:
    """The acknowledgement of a device's command, for that device alone."""
    return FeedEntry(VERDICT_TABLE, command_id, codec.canonical(row), device_audience(device_id))


def append(
    database: OpenDatabase, entries: Iterable[FeedEntry], first_seq: int, command: tuple[str, str, datetime]
) -> int:
    """Log a command's entries from ``first_seq`` on; they share the last one's number, which is answered.

    ``command`` is its id, its actor and the time it was recorded.
    """
    listed = list(entries)
    commit_seq = first_seq + len(listed) - 1
    command_id, actor, recorded_at = command
    at = codec.time_text(recorded_at)
    records = []
    for seq, entry in enumerate(listed, first_seq):
        op = "d" if entry.image is None else "u"
        records.append((seq, commit_seq, entry.table, entry.pk, op, entry.image, entry.audience, command_id, actor, at))
    if len(records) <= ROWS_AT_ONCE:
        database.execute(_logging(database.mark, len(records)), [value for record in records for value in record])
    else:
        database.execute_many(_logging(database.mark, 1), records)
    return commit_seq


@cache
def _logging(mark: str, count: int) -> str:
    """So many rows by one statement: a command has few, and each statement has its price."""
    row = f"({', '.join([mark] * 10)})"
    columns = "seq, commit_seq, table_name, pk, op, row, audience, command_id, actor, recorded_at"
    return f"INSERT INTO change_log ({columns}) VALUES {', '.join([row] * count)}"
