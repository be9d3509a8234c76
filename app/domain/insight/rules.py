"""How quarters of an hour become the figures that people read."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from app.domain.insight.model import Month, ShopCalendar, SoldDay, SoldQuarter, Week

MONTH_DAYS = 30
HEAT_WEEKS = 4
_PER_MILLE = 1_000


def month(quarters: Iterable[SoldQuarter], calendar: ShopCalendar, today: date, first_on: date | None) -> Month:
    """The last thirty days; ``first_on`` is the day on which the shop sold for the first time."""
    counts: Counter[date] = Counter()
    nets: Counter[date] = Counter()
    for quarter in quarters:
        on = calendar.local(quarter.quarter).date()
        counts[on] += quarter.order_count
        nets[on] += quarter.net_fen
    span = [today - timedelta(days=back) for back in reversed(range(MONTH_DAYS))]
    whole_days = 0 if first_on is None else min(MONTH_DAYS - 1, max(0, (today - first_on).days))
    return Month(tuple(SoldDay(on, counts[on], nets[on]) for on in span), whole_days)


def first_day_needed(today: date) -> date:
    """The earliest day that any figure of today looks at."""
    return min(today - timedelta(days=MONTH_DAYS - 1), first_monday(today))


def first_monday(today: date) -> date:
    """The Monday with which the complete weeks before this one begin."""
    return today - timedelta(days=today.weekday() + 7 * HEAT_WEEKS)


def week(quarters: Iterable[SoldQuarter], calendar: ShopCalendar, today: date) -> Week:
    """Orders by weekday and hour over the last four complete weeks."""
    since_on = first_monday(today)
    until_on = since_on + timedelta(days=7 * HEAT_WEEKS)
    cells = [[0] * 24 for _ in range(7)]
    for quarter in quarters:
        at = calendar.local(quarter.quarter)
        if since_on <= at.date() < until_on:
            cells[at.weekday()][at.hour] += quarter.order_count
    return Week(since_on, HEAT_WEEKS, tuple(map(tuple, cells)))


def spans_of(cell: tuple[int, int], shown: Week, calendar: ShopCalendar) -> tuple[tuple[datetime, datetime], ...]:
    """The hours, from and until, whose orders one cell of the week counts."""
    weekday, hour = cell
    spans = []
    for number in range(shown.weeks):
        on = shown.since_on + timedelta(days=7 * number + weekday)
        begin = datetime(on.year, on.month, on.day, hour, tzinfo=calendar.zone)
        # On the day on which the clocks are set back one hour comes twice, and both are counted.
        end = (begin.replace(tzinfo=None) + timedelta(hours=1)).replace(tzinfo=calendar.zone)
        spans.append((begin, end))
    return tuple(spans)


def by_hour(quarters: Iterable[SoldQuarter], calendar: ShopCalendar, today: date, now: datetime) -> tuple[int, ...]:
    """What today has come to at the end of each hour until now, in fen."""
    nets: Counter[int] = Counter()
    for quarter in quarters:
        at = calendar.local(quarter.quarter)
        if at.date() == today:
            nets[at.hour] += quarter.net_fen
    total, course = 0, []
    for hour in range(max([now.astimezone(calendar.zone).hour, *nets]) + 1):
        total += nets[hour]
        course.append(total)
    return tuple(course)


def by_delivery(quarters: Iterable[SoldQuarter], calendar: ShopCalendar, today: date) -> Mapping[str, int]:
    """Orders paid today by their way of delivery; only ways that occur."""
    counts: Counter[str] = Counter()
    for quarter in quarters:
        if quarter.order_count and calendar.local(quarter.quarter).date() == today:
            counts[quarter.delivery_kind] += quarter.order_count
    return dict(counts)


def change_per_mille(now_fen: int, before_fen: int) -> int | None:
    """By how many thousandths more or less than before, rounded half up; None where there is nothing to compare."""
    if before_fen <= 0:
        return None
    return (2 * (now_fen - before_fen) * _PER_MILLE + before_fen) // (2 * before_fen)
