"""What callers hand to the executor, and what they get back."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.command import Actor
from app.domain.outcome import Change
from app.kernel.errors import KnownError
from app.tables.statements import Database
from app.wire.messages import Verdict


@dataclass(frozen=True, slots=True)
class Intent:
    """A command on its way to be decided.

    A device's command carries ``device_id`` and, unless it was asked for on the spot, ``device_seq``; the service's own
    and the storefront's carry neither.
    """

    command_id: str
    name: str
    version: int
    args: Mapping[str, Any]
    actor: Actor
    issued_at: datetime
    device_id: str | None = None
    device_seq: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict on a command; ``duplicate`` when it had been given before, ``mismatch`` when for other arguments.

    ``changes`` are what it has just brought about, so that nobody has to read what was written a moment ago.
    """

    command_id: str
    verdict: Verdict
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    commit_seq: int = 0
    duplicate: bool = False
    mismatch: bool = False
    changes: tuple[Change, ...] = ()

    @property
    def is_applied(self) -> bool:
        return self.verdict is Verdict.APPLIED


class SequenceGap(Exception):
    """The device has skipped a number; ``expected`` is the next one."""

    def __init__(self, expected: int) -> None:
        super().__init__(f"expected {expected}")
        self.expected = expected


class SequenceConflict(Exception):
    """The number was used before by another command of this device."""


class Busy(KnownError):
    """The lane is full or the storage is in trouble: the outcome is unknown or nothing was done; ask again."""

    def __init__(self, code: str, retry_after_s: int) -> None:
        super().__init__(code, "The shop's service is busy. Try again in {seconds} s.", {"seconds": retry_after_s})
        self.retry_after_s = retry_after_s


class Moved(KnownError):
    """The shop has left this database: nothing is written here any more. Buyers read this too, so it says no place."""

    def __init__(self) -> None:
        super().__init__("store.moved", "The shop has moved to another database. Nothing can be done here any more.")


@dataclass(slots=True)
class Item:
    """A command or a chore in the queue. A chore is a function of the open transaction: no command, no feed row.

    ``is_begun`` once a batch has taken it: from then on its caller cannot give up any more.
    """

    future: "Future[Any]"
    source: str
    intent: Intent | None = None
    chore: Callable[[Database], Any] | None = None
    after_applied: Callable[[Database], None] | None = None
    is_bulk: bool = False
    is_begun: bool = False
