"""What becomes of a command on this computer."""

from dataclasses import dataclass

from app.domain.outcome import Rejected
from app.replica.changes import ChangeSet


@dataclass(frozen=True, slots=True)
class Done:
    """Recorded; ``changes`` is what the screens show now."""

    command_id: str
    changes: ChangeSet


@dataclass(frozen=True, slots=True)
class NeedsNetwork:
    """Only the authority can decide this; nothing was recorded."""

    reason: str


LocalOutcome = Done | Rejected | NeedsNetwork
