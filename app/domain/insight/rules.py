"""How quarters of an hour become the figures that people read."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from app.domain.insight.model import Month, ShopCalendar, SoldDay, SoldHour, SoldQuarter, Week

MONTH_DAYS = 30
HEAT_WEEKS = 4
_PER_MILLE = 1_000


def hours(quarters: Iterable[SoldQuarter], calendar: ShopCalendar) -> tuple[SoldHour, ...]:
    """The quarters by the shop's own hours: all figures are made of these."""
    places: dict[int, tuple[date, int]] = {}
    counts: Counter[tuple[date, int, str]] = Counter()
    nets: Counter[tuple[date, int, str]] = Counter()
    for sold in quarters:
        if sold.quarter not in places:
            at = calendar.local(sold.quarter)
            places[sold.quarter] = (at.date(), at.hour)
        key = (*places[sold.quarter], sold.delivery_kind)
        counts[key] += sold.order_count
        nets[key] += sold.paid_fen - sold.refunded_fen
    return tuple(SoldHour(*key, count, nets[key]) for key, count in counts.items())


def month(sold: Iterable[SoldHour], today: date, first_on: date | None) -> Month:
    """The last thirty days; ``first_on`` is the day on which the shop sold for the first time."""
    counts: Counter[date] = Counter()
    nets: Counter[date] = Counter()
    for hour in sold:
        counts[hour.on] += hour.order_count
        nets[hour.on] += hour.net_fen
    span = [today - timedelta(days=back) for back in reversed(range(MONTH_DAYS))]
    whole_days = 0 if first_on is None else min(MONTH_DAYS - 1, max(0, (today - first_on).days))
    return Month(tuple(SoldDay(on, counts[on], nets[on]) for on in span), whole_days)


def first_day_needed(today: date) -> date:
    """The earliest day that any figure of today looks at."""
    return min(today - timedelta(days=MONTH_DAYS - 1), first_monday(today))


def first_monday(today: date) -> date:
    """The Monday with which the complete weeks before this one begin."""
    return today - timedelta(days=today.weekday() + 7 * HEAT_WEEKS)


def week(sold: Iterable[SoldHour], today: date) -> Week:
    """Orders by weekday and hour over the last four complete weeks."""
    since_on = first_monday(today)
    until_on = since_on + timedelta(days=7 * HEAT_WEEKS)
    cells = [[0] * 24 for _ in range(7)]
    for hour in sold:
        if since_on <= hour.on < until_on:
            cells[hour.on.weekday()][hour.hour] += hour.order_count
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


def by_hour(sold: Iterable[SoldHour], today: date, this_hour: int) -> tuple[int, ...]:
    """What today has come to at the end of each hour until now, in fen."""
    nets: Counter[int] = Counter()
    for hour in sold:
        if hour.on == today:
            nets[hour.hour] += hour.net_fen
    total, course = 0, []
    for number in range(max([this_hour, *nets]) + 1):
        total += nets[number]
        course.append(total)
    return tuple(course)


def by_delivery(sold: Iterable[SoldHour], today: date) -> Mapping[str, int]:
    """Orders paid today by their way of delivery; only ways that occur."""
    counts: Counter[str] = Counter()
    for hour in sold:
        if hour.order_count and hour.on == today:
            counts[hour.delivery_kind] += hour.order_count
    return dict(counts)


def change_per_mille(now_fen: int, before_fen: int) -> int | None:
    """By how many thousandths more or less than before, rounded half up; None where there is nothing to compare."""
    if before_fen <= 0:
        return None
    return (2 * (now_fen - before_fen) * _PER_MILLE + before_fen) // (2 * before_fen)
