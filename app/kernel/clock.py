"""The one door to the time of day; everything that needs it is given a clock."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the present as an aware UTC time."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class OffsetClock:
    """A clock corrected by the difference that the service's answers have shown."""

    def __init__(self, inner: Clock) -> None:
        self._inner = inner
        self.offset = timedelta(0)

    def now(self) -> datetime:
        return self._inner.now() + self.offset
