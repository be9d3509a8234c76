"""What desktop and service say to each other: JSON over HTTP, one frozen dataclass a message.

``codec.plain`` writes them and ``typed.build`` reads them; unknown fields are ignored and missing ones take their
defaults, so that programs of neighbouring versions understand each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.domain.pickup.code import PickupKeys

PROTOCOLS = (1,)
PROTOCOL_HEADER = "Zhanggui-Protocol"
"""Every request may name the protocol agreed on in the hello; one that is no longer spoken is answered 426."""
REPLICA_SCHEMA = 1
PUSH_LIMIT = 100
PULL_LIMIT = 2_000
SNAPSHOT_LIMIT = 5_000
VERDICT_TABLE = "verdict"


class Verdict(StrEnum):
    """PARKED: a fact that a fault of the program keeps from being booked; it happened all the same."""

    APPLIED = "applied"
    REJECTED = "rejected"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class CommandMessage:
    """A command as it was recorded on a desktop; ``device_seq`` orders the commands of one device without gaps."""

    device_seq: int
    command_id: str
    name: str
    version: int
    kind: str
    actor: str
    issued_at: datetime
    args: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PushRequest:
    device_id: str
    feed_epoch: str
    commands: tuple[CommandMessage, ...]


@dataclass(frozen=True, slots=True)
class AskRequest:
    """A request that the service alone may decide, now or not at all: it has no number and waits in no outbox."""

    device_id: str
    command_id: str
    name: str
    version: int
    actor: str
    issued_at: datetime
    args: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AskReply:
    """The verdict; the rows that follow from it come by the feed, up to ``commit_seq``."""

    verdict: Verdict
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    commit_seq: int = 0


@dataclass(frozen=True, slots=True)
class CommandResult:
    """A verdict; ``duplicate`` tells that it was given before. Only the feed acknowledges a command."""

    device_seq: int
    command_id: str
    verdict: Verdict
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    commit_seq: int = 0
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class PushReply:
    last_device_seq: int
    results: tuple[CommandResult, ...]


@dataclass(frozen=True, slots=True)
class ChangeMessage:
    """One row of the feed; ``op`` is ``u`` with the whole row or ``d`` without."""

    seq: int
    table: str
    op: str
    pk: str
    row: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PullReply:
    """Changes after ``after`` up to and including ``cursor``, which ends on a command's last row."""

    epoch: str
    after: int
    cursor: int
    head_seq: int
    changes: tuple[ChangeMessage, ...]


@dataclass(frozen=True, slots=True)
class SnapshotReply:
    table: str
    rows: tuple[Mapping[str, Any], ...]
    next_after_pk: tuple[str, ...] | None
    read_at_seq: int


@dataclass(frozen=True, slots=True)
class VerdictsReply:
    verdicts: tuple[CommandResult, ...]


@dataclass(frozen=True, slots=True)
class HelloRequest:
    """``install_key`` is this installation's present key, ``next_key`` the one it has stored to follow it.

    ``keys_mark`` tells which keys of the pickup codes it holds; others come with the answer.
    """

    device_id: str
    install_key: str
    next_key: str
    app_version: str
    protocols: tuple[int, ...]
    replica_schema: int
    feed_epoch: str
    cursor: int
    last_device_seq: int
    keys_mark: str = ""


@dataclass(frozen=True, slots=True)
class HelloReply:
    protocol: int
    feed_epoch: str
    head_seq: int
    oldest_seq: int
    last_device_seq: int
    server_time: datetime
    min_replica_schema: int
    commands: Mapping[str, Any]
    is_manager: bool
    moved_to: str = ""
    keys: PickupKeys | None = None


@dataclass(frozen=True, slots=True)
class EnrolRequest:
    code: str
    device_name: str
    install_key: str


@dataclass(frozen=True, slots=True)
class EnrolReply:
    device_id: str
    token: str
    no: int
    is_manager: bool
    feed_epoch: str
    keys: PickupKeys | None = None


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    """When a computer of the shop was last heard of."""

    device_id: str
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class DevicesReply:
    devices: tuple[DeviceSeen, ...]


@dataclass(frozen=True, slots=True)
class NewCodeRequest:
    """Somebody who may manage the computers wants a code for one more; a manager's one also receives costs."""

    actor: str
    is_manager: bool = False


@dataclass(frozen=True, slots=True)
class NewCodeReply:
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LeaseReply:
    """A snapshot may be read from ``floor_seq``; the log is kept from there on until ``expires_at``."""

    floor_seq: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SumsReply:
    at_seq: int
    tables: Mapping[str, Any]
