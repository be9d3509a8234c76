"""When people buy: in the evening, at the week-end, on the great shopping days, and hardly at New Year."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from random import Random

CHINA = timezone(timedelta(hours=8))
NEW_YEARS = (
    *(date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6)),
    *(date(2028, 1, 26), date(2029, 2, 13), date(2030, 2, 3), date(2031, 1, 23), date(2032, 2, 11)),
)
"""The first days of the lunar years; the shop rests from the eve to the sixth day."""
_WEEKDAYS = (92, 90, 93, 96, 108, 121, 116)
_HOURS = (14, 7, 4, 3, 3, 6, 16, 34, 52, 70, 82, 76, 72, 64, 62, 64, 66, 68, 72, 84, 104, 112, 86, 42)
_FESTIVALS = {(11, 11): 700, (6, 18): 450, (12, 12): 220, (9, 10): 150, (3, 8): 180, (5, 20): 170}
"""Percent of an ordinary day; the days before a great one already bring more."""
_RUN_UP = 10


def days_of(count: int) -> int:
    """How far back so many orders reach: a young shop has few, a great one has years of them."""
    return max(45, min(1_095, count // 12))


def moments(count: int, until: datetime, random: Random) -> list[datetime]:
    """``count`` times at which somebody orders, in order, the last of them just before ``until``."""
    if not count:
        return []
    last = until.astimezone(CHINA).date()
    span = days_of(count)
    days = [last - timedelta(days=back) for back in range(span, -1, -1)]
    weights = [_weight(day, place, span) for place, day in enumerate(days)]
    begun = (until.astimezone(CHINA).hour * 60 + until.astimezone(CHINA).minute) // 60
    weights[-1] = weights[-1] * sum(_HOURS[: begun + 1]) // sum(_HOURS)
    found: list[datetime] = []
    for day, orders in zip(days, shares(count, weights), strict=True):
        hours = _HOURS if day != last else tuple(w if hour <= begun else 0 for hour, w in enumerate(_HOURS))
        found += [_moment(day, hour, random) for hour in random.choices(range(24), hours, k=orders)]
    return sorted(min(at, until - timedelta(seconds=random.randint(40, 2_400))) for at in found)


def _moment(day: date, hour: int, random: Random) -> datetime:
    local = datetime.combine(day, time(hour, random.randint(0, 59), random.randint(0, 59)), CHINA)
    return local.astimezone(UTC)


def _weight(day: date, place: int, span: int) -> int:
    """An ordinary day has 100 times its place in the shop's growth; nothing here is an amount of money."""
    growth = 400 + 600 * place // span
    return max(1, growth * _WEEKDAYS[day.weekday()] * percent(day) // 1_000)


def percent(day: date) -> int:
    """What a day of the year brings, in percent of an ordinary one."""
    new_year = min((abs((day - each).days), (day - each).days) for each in NEW_YEARS)[1]
    if is_rest(day):
        return 25
    if -28 <= new_year <= -8:
        return 165
    if -7 <= new_year < 0 or 6 < new_year <= 10:
        return 70
    best = 100
    for (month, number), great in _FESTIVALS.items():
        ahead = (date(day.year, month, number) - day).days
        if ahead == 0:
            best = max(best, great)
        elif 0 < ahead <= _RUN_UP:
            best = max(best, 100 + (great - 100) * (_RUN_UP + 1 - ahead) // (4 * _RUN_UP))
        elif ahead == -1:
            best = max(best, 60)
    return best


def is_rest(day: date) -> bool:
    """Whether the shop ships nothing: New Year's eve and the six days after it."""
    return any(-1 <= (day - each).days <= 6 for each in NEW_YEARS)


def shares(count: int, weights: Sequence[int]) -> list[int]:
    """``count`` divided by weight, so that the parts add up: what is broken goes to the largest remainders."""
    whole = sum(weights)
    parts = [count * weight // whole for weight in weights]
    rest = sorted(range(len(weights)), key=lambda i: (-(count * weights[i] % whole), i))
    for i in rest[: count - sum(parts)]:
        parts[i] += 1
    return parts


def shop_hour(at: datetime, random: Random) -> datetime:
    """The next moment from ``at`` on at which somebody packs parcels."""
    local = at.astimezone(CHINA)
    if local.hour >= 19:
        local = datetime.combine(local.date() + timedelta(days=1), time(9, 30), CHINA)
    elif local.hour < 9:
        local = datetime.combine(local.date(), time(9, 30), CHINA)
    else:
        local += timedelta(seconds=1)
    while is_rest(local.date()):
        local = datetime.combine(local.date() + timedelta(days=1), time(9, 30), CHINA)
    if local != at:
        local += timedelta(minutes=random.randint(0, 90), seconds=random.randint(0, 59))
    return local.astimezone(UTC)
