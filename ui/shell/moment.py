"""Times as people read them on the shell."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

from app.kernel.zone import local

Clock: TypeAlias = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock of a running program; tests give their own."""
    return datetime.now(UTC)


def hour_minute(at: datetime | None) -> str:
    """17:20 in the zone of this computer; a dash for never."""
    return "—" if at is None else local(at).strftime("%H:%M")
