"""What is written down when the shop turns out to be, or is made, an older state of itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.domain.command import Actor
from app.domain.incidents.model import Incident, restored_id
from app.domain.permission import Role
from app.domain.row import Audience
from app.domain.staff.commands import RecordRestore
from app.kernel import codec
from app.kernel.derived import derived_id
from app.tables.statements import Database
from app.tables.view import SqlView
from services.authority.head import begin_epoch, read_head
from services.authority.submission import Intent

_SERVICE = Actor("service", Role.SERVICE)


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a desktop of ours says it has read."""

    device_id: str
    epoch: str
    cursor: int


@dataclass(frozen=True, slots=True)
class Proof:
    """That our files were put back; ``ends_epoch`` when it is the present epoch that cannot go on."""

    told: Intent
    ends_epoch: bool


def overtaken(database: Database, seen: Seen, now: datetime) -> Proof | None:
    """A cursor beyond our head in our own epoch proves it."""
    head = read_head(database)
    if seen.epoch != head.epoch or seen.cursor <= head.last_seq:
        return None
    return Proof(restored(seen, head.last_seq, now), ends_epoch=True)


def proof(database: Database, seen: Seen, now: datetime) -> Proof | None:
    """The same, and an epoch that we never had: it is a desktop's last one, which it tells when it greets.

    That one comes when an older backup is restored once more: what was restored in between is nowhere but there.
    """
    head = read_head(database)
    if seen.epoch == head.epoch:
        return overtaken(database, seen, now)
    if not seen.epoch or SqlView(database, Audience).get(Incident, restored_id(seen.epoch)) is not None:
        return None
    return Proof(restored(seen, head.last_seq, now), ends_epoch=False)


def restored(seen: Seen, known_seq: int, now: datetime) -> Intent:
    """The command that tells that an epoch is over; its id follows from the epoch, so many proofs are written once."""
    command = RecordRestore(seen.device_id, seen.cursor, known_seq, seen.epoch)
    command_id = derived_id("restored", seen.epoch)
    return Intent(command_id, command.NAME, command.VERSION, codec.plain(command), _SERVICE, now)


def ending(fresh: str) -> Callable[[Database], None]:
    """For the command's own savepoint: the epoch ``fresh`` begins, and every desktop fetches everything anew."""
    return lambda database: begin_epoch(database, fresh)
