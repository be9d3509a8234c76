"""What a shop sold when, in quarters of an hour, and the days and hours of the shop's own zone that they make up."""

import zoneinfo
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

QUARTER = timedelta(minutes=15)
"""Every zone's offset is a whole number of these, so days and hours are always whole quarters."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SoldQuarter:
    """What was sold in one quarter of an hour by one way of delivery; ``quarter`` counts them since 1970.

    ``refunded_fen`` is what left the sales in that quarter, whenever it had come in.
    """

    quarter: int
    delivery_kind: str
    order_count: int
    paid_fen: int
    refunded_fen: int


@dataclass(frozen=True, slots=True)
class SoldHour:
    """What was sold by one way of delivery in an hour of the shop's own clock."""

    on: date
    hour: int
    delivery_kind: str
    order_count: int
    net_fen: int


@dataclass(frozen=True, slots=True)
class SoldDay:
    """A business day of the shop: orders paid on it, and what they brought less what was refunded on it."""

    on: date
    order_count: int
    net_fen: int


@dataclass(frozen=True, slots=True)
class Month:
    """Thirty days, today last.

    ``whole_days`` is how many complete days before today the shop has been selling, 29 at most, and ``average_fen``
    and ``average_count`` are over those alone: half a today would pull every morning down.
    """

    days: tuple[SoldDay, ...]
    whole_days: int

    @property
    def total_fen(self) -> int:
        return sum(day.net_fen for day in self.days)

    @property
    def order_count(self) -> int:
        return sum(day.order_count for day in self.days)

    @property
    def average_fen(self) -> int | None:
        return self._average([day.net_fen for day in self._complete()])

    @property
    def average_count(self) -> int | None:
        return self._average([day.order_count for day in self._complete()])

    def _complete(self) -> tuple[SoldDay, ...]:
        return self.days[len(self.days) - 1 - self.whole_days : -1]

    def _average(self, amounts: list[int]) -> int | None:
        """Rounded half up; None before the first complete day."""
        count = len(amounts)
        return (2 * sum(amounts) + count) // (2 * count) if count else None


@dataclass(frozen=True, slots=True)
class Week:
    """Orders by weekday (Monday first) and hour over complete weeks; ``since_on`` is the Monday of the first."""

    since_on: date
    weeks: int
    cells: tuple[tuple[int, ...], ...]

    @property
    def total(self) -> int:
        return sum(map(sum, self.cells))

    @property
    def busiest(self) -> tuple[int, int] | None:
        """Weekday and hour with the most orders, the first of equals; None where nothing was sold."""
        most = max(map(max, self.cells))
        if most == 0:
            return None
        return next((w, h) for w, row in enumerate(self.cells) for h, count in enumerate(row) if count == most)


@dataclass(frozen=True, slots=True)
class ShopCalendar:
    """The days and hours of the shop's own zone."""

    zone: zoneinfo.ZoneInfo

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def start_of(self, on: date) -> datetime:
        """When the shop's day begins."""
        return datetime(on.year, on.month, on.day, tzinfo=self.zone).astimezone(UTC)

    def local(self, quarter: int) -> datetime:
        """The shop's own time at the beginning of a quarter."""
        return (_EPOCH + quarter * QUARTER).astimezone(self.zone)

    def a_week_before(self, at: datetime) -> datetime:
        """The same time on the clock on the same weekday, whatever the zone did to its clocks since."""
        return (at.astimezone(self.zone).replace(tzinfo=None) - timedelta(days=7)).replace(tzinfo=self.zone)


def quarter_at(at: datetime) -> int:
    """The quarter that a moment lies in."""
    return (at - _EPOCH) // QUARTER


def start_of(quarter: int) -> datetime:
    return _EPOCH + quarter * QUARTER
