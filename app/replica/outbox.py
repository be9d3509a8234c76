"""Commands on their way up: appended with the change they show, kept until the feed brings their verdict."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.kernel import codec
from app.replica.database import ReplicaDatabase
from app.wire.messages import CommandMessage, CommandResult, Verdict

_COLUMNS = "device_seq, command_id, name, version, args, kind, actor, issued_at"


class OutboxState(StrEnum):
    """QUEUED to be pushed, SENT and not yet acknowledged, HELD for a newer service, PARKED by a fault up there."""

    QUEUED = "queued"
    SENT = "sent"
    HELD = "held"
    PARKED = "parked"


class Forecast(StrEnum):
    OK = "ok"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Pending:
    """A command in the outbox."""

    message: CommandMessage
    state: OutboxState
    forecast: Forecast
    forecast_code: str


def append(database: ReplicaDatabase, message: CommandMessage, forecast: Forecast = Forecast.OK) -> None:
    database.execute(
        f"INSERT INTO outbox ({_COLUMNS}, state, forecast, forecast_code, attempts)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, '', 0)",
        (*_record(message), forecast),
    )


def pending(database: ReplicaDatabase, among: Container[str] | None = None) -> list[Pending]:
    """The commands without a verdict, all or those ``among`` these ids, in the order they were given."""
    records = database.execute(
        f"SELECT {_COLUMNS}, state, forecast, forecast_code FROM outbox ORDER BY device_seq"
    ).fetchall()
    return [
        Pending(_message(r[:8]), OutboxState(r[8]), Forecast(r[9]), r[10])
        for r in records
        if among is None or r[1] in among
    ]


def waiting(database: ReplicaDatabase) -> list[str]:
    """The ids of all commands without a verdict, in the order they were given."""
    records = database.execute("SELECT command_id FROM outbox ORDER BY device_seq").fetchall()
    return [command_id for (command_id,) in records]


def queued(database: ReplicaDatabase, limit: int) -> list[CommandMessage]:
    """The next commands to push; none while the first of them is held, because order is kept."""
    records = database.execute(
        f"SELECT {_COLUMNS}, state FROM outbox WHERE state IN ('queued', 'held') ORDER BY device_seq LIMIT ?", (limit,)
    ).fetchall()
    found = []
    for record in records:
        if record[8] == OutboxState.HELD:
            break
        found.append(_message(record[:8]))
    return found


def set_state(database: ReplicaDatabase, device_seqs: Sequence[int], state: OutboxState) -> None:
    database.execute_many("UPDATE outbox SET state = ? WHERE device_seq = ?", [(state, seq) for seq in device_seqs])


def set_forecast(database: ReplicaDatabase, device_seq: int, forecast: Forecast, code: str) -> None:
    database.execute(
        "UPDATE outbox SET forecast = ?, forecast_code = ? WHERE device_seq = ?", (forecast, code, device_seq)
    )


def align(database: ReplicaDatabase, last_device_seq: int) -> None:
    """The service says how far it has decided: what lies beyond has to be pushed (again)."""
    database.execute("UPDATE outbox SET state = 'queued' WHERE state = 'sent' AND device_seq > ?", (last_device_seq,))


def release_held(database: ReplicaDatabase) -> None:
    """The service may be a newer one by now."""
    database.execute("UPDATE outbox SET state = 'queued' WHERE state = 'held'")


def first_number(database: ReplicaDatabase) -> int | None:
    """The number of the oldest command in the outbox."""
    record = database.execute("SELECT min(device_seq) FROM outbox").fetchone()
    return None if record[0] is None else int(record[0])


def is_overtaken(database: ReplicaDatabase, last_device_seq: int) -> bool:
    """Whether a command up to that number has no verdict yet."""
    record = database.execute(
        "SELECT 1 FROM outbox WHERE device_seq <= ? AND state <> 'parked' LIMIT 1", (last_device_seq,)
    ).fetchone()
    return record is not None


def follows(database: ReplicaDatabase, last_device_seq: int) -> bool:
    """Whether what lies beyond that number begins with the next one."""
    (first,) = database.execute(
        "SELECT min(device_seq) FROM outbox WHERE device_seq > ?", (last_device_seq,)
    ).fetchone()
    return first in (None, last_device_seq + 1)


def acknowledge(database: ReplicaDatabase, result: CommandResult, at: datetime) -> str | None:
    """Move a command to the archive with its verdict; answers the id of an issue that this raises.

    A parked fact stays: it happened, so it goes on being shown, but it is not pushed again.
    """
    record = database.execute(f"SELECT {_COLUMNS} FROM outbox WHERE command_id = ?", (result.command_id,)).fetchone()
    if record is None:
        return None
    if result.verdict is Verdict.PARKED:
        database.execute("UPDATE outbox SET state = 'parked' WHERE command_id = ?", (result.command_id,))
        return None
    params = codec.canonical(codec.plain(result.params))
    database.execute(
        f"INSERT OR REPLACE INTO outbox_archive ({_COLUMNS}, verdict, code, params, commit_seq)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*record, result.verdict, result.code, params, result.commit_seq),
    )
    database.execute("DELETE FROM outbox WHERE command_id = ?", (result.command_id,))
    if result.verdict is not Verdict.REJECTED:
        return None
    message = _message(record)
    database.execute(
        "INSERT OR IGNORE INTO sync_issue (id, command_id, name, args, actor, issued_at, code, params, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            message.command_id,
            message.command_id,
            message.name,
            record[4],
            message.actor,
            record[7],
            result.code,
            params,
            codec.time_text(at),
        ),
    )
    return message.command_id


def follow(
    database: ReplicaDatabase, last_device_seq: int, decided: Mapping[str, int], again: Sequence[CommandMessage] = ()
) -> int:
    """Let what the service has never seen follow on its last number; answers the next free number.

    ``decided`` names the commands that it has decided, with the numbers it knows them by. A command that is none of
    them can never be decided under a number that is used up, as it is when this computer was put back to an older
    state. ``again`` are older commands that the service has lost.
    """
    waiting = pending(database)
    numbered: list[tuple[CommandMessage, OutboxState]] = []
    following = last_device_seq + 1
    for message, state in [(m, OutboxState.QUEUED) for m in again] + [(p.message, p.state) for p in waiting]:
        if message.command_id in decided:
            is_parked = state is OutboxState.PARKED
            seen = OutboxState.PARKED if is_parked else OutboxState.SENT
            numbered.append((replace(message, device_seq=decided[message.command_id]), seen))
        else:
            numbered.append((replace(message, device_seq=following), OutboxState.QUEUED))
            following += 1
    if numbered != [(p.message, p.state) for p in waiting]:
        database.execute("DELETE FROM outbox")
        for message, state in numbered:
            append(database, message)
            set_state(database, [message.device_seq], state)
    return following


def take_back_archived(database: ReplicaDatabase, last_device_seq: int) -> list[CommandMessage]:
    """After the service was restored: the acknowledged commands that it no longer knows, out of the archive."""
    records = database.execute(
        f"SELECT {_COLUMNS} FROM outbox_archive WHERE device_seq > ? ORDER BY device_seq", (last_device_seq,)
    ).fetchall()
    database.execute("DELETE FROM outbox_archive WHERE device_seq > ?", (last_device_seq,))
    return [_message(record) for record in records]


def _record(message: CommandMessage) -> tuple[Any, ...]:
    return (
        message.device_seq,
        message.command_id,
        message.name,
        message.version,
        codec.canonical(codec.plain(message.args)),
        message.kind,
        message.actor,
        codec.time_text(message.issued_at),
    )


def _message(record: Sequence[Any]) -> CommandMessage:
    device_seq, command_id, name, version, args, kind, actor, issued_at = record
    return CommandMessage(
        device_seq, command_id, name, version, kind, actor, codec.parse_time(issued_at), codec.parse(args)
    )
