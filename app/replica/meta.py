"""Where this replica stands: its device, the feed's epoch and cursor, and the next number of its own."""

from dataclasses import dataclass

from app.domain.row import Audience
from app.replica.database import ReplicaDatabase
from app.tables.statements import Database


@dataclass(frozen=True, slots=True)
class Meta:
    feed_epoch: str
    cursor: int
    device_id: str
    is_manager: bool
    next_device_seq: int
    clock_offset_ms: int
    bootstrap_state: str

    @property
    def audiences(self) -> tuple[Audience, ...]:
        return (Audience.ALL, Audience.MANAGER) if self.is_manager else (Audience.ALL,)


def read(database: Database) -> Meta:
    record = database.execute(
        "SELECT feed_epoch, cursor, device_id, is_manager, next_device_seq, clock_offset_ms, bootstrap_state"
        " FROM replica_meta"
    ).fetchone()
    epoch, cursor, device_id, is_manager, next_seq, offset, state = record
    return Meta(epoch, cursor, device_id, bool(is_manager), next_seq, offset, state)


def write(database: ReplicaDatabase, meta: Meta) -> None:
    database.execute(
        "UPDATE replica_meta SET feed_epoch = ?, cursor = ?, device_id = ?, is_manager = ?, next_device_seq = ?,"
        " clock_offset_ms = ?, bootstrap_state = ?",
        (
            meta.feed_epoch,
            meta.cursor,
            meta.device_id,
            int(meta.is_manager),
            meta.next_device_seq,
            meta.clock_offset_ms,
            meta.bootstrap_state,
        ),
    )
