"""People and machines that act for the shop."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.domain.permission import Role
from app.domain.row import Row


@dataclass(frozen=True, slots=True)
class Staff(Row):
    """A member of staff; ``pin_hash`` is an argon2id hash for changing persons at a counter, never a login."""

    TABLE: ClassVar[str] = "staff"
    id: str
    name: str
    role: Role
    pin_hash: str = ""
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Device(Row):
    """A desktop that was enrolled; ``no`` is the counter's number on receipts."""

    TABLE: ClassVar[str] = "devices"
    id: str
    no: int
    name: str
    is_manager: int
    enrolled_at: datetime
    revoked_at: datetime | None = None
