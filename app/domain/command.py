"""What a command is, and the circumstances in which one is decided."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from app.domain.permission import Permission, Role
from app.domain.settings import ShopSettings
from app.kernel.derived import derived_id


class Kind(StrEnum):
    """A request may be refused; a fact has already happened in the world and is recorded whatever the state."""

    REQUEST = "request"
    FACT = "fact"


class Runs(StrEnum):
    """Where a command may be decided first.

    ANYWHERE   on a desktop at once, offline too, and again at the authority
    ONLINE     asked for on a desktop, decided by the authority only
    AUTHORITY  made by the service itself: storefront, timers, outside answers
    """

    ANYWHERE = "anywhere"
    ONLINE = "online"
    AUTHORITY = "authority"


class Command:
    """An intent with its arguments; frozen dataclasses inherit from this. Made once, never edited."""

    __slots__ = ()
    NAME: ClassVar[str]
    VERSION: ClassVar[int] = 1
    KIND: ClassVar[Kind] = Kind.REQUEST
    RUNS: ClassVar[Runs] = Runs.ANYWHERE
    PERMISSION: ClassVar[Permission]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a member of staff, a buyer, or the shop's own service."""

    id: str
    role: Role


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances of one decision.

    ``now`` judges time limits: the authority's clock, or in a replica the command's own time, so that a replay changes
    nothing by itself. ``at`` is the time to write into rows.
    """

    command_id: str
    now: datetime
    issued_at: datetime
    actor: Actor
    shop: ShopSettings

    @property
    def at(self) -> datetime:
        return min(self.issued_at, self.now)

    def new_id(self, *labels: str) -> str:
        """The id of a row that this command creates: the same at every replay and on every machine."""
        return derived_id(self.command_id, *labels)
