"""What a handler answers: changes as data, or a refusal with a stable code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.row import Row, key_of

MAX_CHANGES = 1_000


@dataclass(frozen=True, slots=True)
class Put:
    """The whole row becomes this."""

    row: Row

    @property
    def kind(self) -> type[Row]:
        return type(self.row)

    @property
    def key(self) -> tuple[str, ...]:
        return key_of(self.row)


@dataclass(frozen=True, slots=True)
class Remove:
    """The row is gone; only child rows and drafts are ever removed."""

    kind: type[Row]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bump:
    """``column = column + by`` of an existing row: deltas from two places add up instead of overwriting each other."""

    kind: type[Row]
    key: tuple[str, ...]
    column: str
    by: int


Change = Put | Remove | Bump


@dataclass(frozen=True, slots=True)
class RejectCode:
    """A stable reason for a refusal, with its English text for people."""

    code: str
    template: str


@dataclass(frozen=True, slots=True)
class Accepted:
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    reason: RejectCode
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.reason.code


@dataclass(frozen=True, slots=True)
class Deferred:
    """This shell lacks ``table`` and cannot decide; the authority can."""

    table: str


Decision = Accepted | Rejected | Deferred
