"""When a place is open, and the slots that this offers for coming or for being delivered to."""

import re
import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

DAY_MINUTES = 24 * 60
MAX_DAYS = 31
MAX_SPANS = 6
MAX_KEYS = 400
_SPAN = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")
_SLOT = re.compile(r"(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}-\d{2}:\d{2})")


@dataclass(frozen=True, slots=True)
class Opening:
    """Hours and how they are offered.

    hours         by weekday ("1" is Monday) or, before that, by one day ("2026-02-17"): ``["09:00-12:00", …]``
    slot_minutes  how long a slot is; 0 offers none, one comes or is visited at any time
    lead_minutes  how long the shop needs before the first slot
    days_ahead    on how many days, today included, slots are offered
    """

    hours: Mapping[str, Any]
    slot_minutes: int = 0
    lead_minutes: int = 0
    days_ahead: int = 1


@dataclass(frozen=True, slots=True)
class Slot:
    """``text`` says the shop's own day and time, "2026-11-26 10:00-11:00", and is what orders keep."""

    text: str
    from_at: datetime
    until_at: datetime


def fits(opening: Opening) -> bool:
    """Whether hours and slots can be worked with."""
    numbers_fit = (
        (opening.slot_minutes == 0 or 10 <= opening.slot_minutes <= DAY_MINUTES)
        and 0 <= opening.lead_minutes <= 14 * DAY_MINUTES
        and 1 <= opening.days_ahead <= MAX_DAYS
    )
    if not numbers_fit or len(opening.hours) > MAX_KEYS:
        return False
    return all(_is_day(key) and _are_spans(spans) for key, spans in opening.hours.items())


def hours_on(hours: Mapping[str, Any], on: date) -> tuple[str, ...]:
    """The open spans of a day; empty when it is closed."""
    return tuple(hours.get(on.isoformat(), hours.get(str(on.isoweekday()), ())))


def day_of(at: datetime, zone: str) -> date:
    """The day of a moment where the place is."""
    return at.astimezone(zoneinfo.ZoneInfo(zone)).date()


def slots(opening: Opening, now: datetime, zone: str) -> tuple[Slot, ...]:
    """What can still be chosen at ``now``."""
    return tuple(_slots(opening, now, zoneinfo.ZoneInfo(zone)))


def next_change(opening: Opening, now: datetime, zone: str) -> datetime:
    """Until when ``slots`` answers the same: the next one is out of reach, or a new day begins."""
    place = zoneinfo.ZoneInfo(zone)
    midnight = _moment(now.astimezone(place).date() + timedelta(days=1), 0, place)
    first = next(_slots(opening, now, place), None)
    lead = timedelta(minutes=opening.lead_minutes)
    return midnight if first is None else min(midnight, first.from_at - lead + timedelta(microseconds=1))


def is_offered(opening: Opening, text: str, now: datetime, zone: str) -> bool:
    """Whether this slot can be chosen; none may be chosen where none is offered, and one must be where some are."""
    if not opening.slot_minutes:
        return text == ""
    return any(slot.text == text for slot in slots(opening, now, zone))


def start_of(slot: str, zone: str) -> datetime | None:
    """The moment at which a slot begins; None for none."""
    return _bound(slot, 0, zone)


def end_of(slot: str, zone: str) -> datetime | None:
    """The moment at which a slot is over; None for none."""
    return _bound(slot, 1, zone)


def _bound(slot: str, which: int, zone: str) -> datetime | None:
    found = _SLOT.fullmatch(slot)
    if found is None:
        return None
    return _moment(date.fromisoformat(found[1]), _minutes(found[2])[which], zoneinfo.ZoneInfo(zone))


def _slots(opening: Opening, now: datetime, zone: zoneinfo.ZoneInfo) -> Iterator[Slot]:
    if not opening.slot_minutes:
        return
    earliest, today = now + timedelta(minutes=opening.lead_minutes), now.astimezone(zone).date()
    for on in (today + timedelta(days=n) for n in range(opening.days_ahead)):
        for span in hours_on(opening.hours, on):
            first, last = _minutes(span)
            for start in range(first, last - opening.slot_minutes + 1, opening.slot_minutes):
                end = start + opening.slot_minutes
                from_at = _moment(on, start, zone)
                if from_at >= earliest:
                    yield Slot(f"{on.isoformat()} {_clock(start)}-{_clock(end)}", from_at, _moment(on, end, zone))


def _moment(on: date, minutes: int, zone: zoneinfo.ZoneInfo) -> datetime:
    days, rest = divmod(minutes, DAY_MINUTES)
    hour, minute = divmod(rest, 60)
    return datetime.combine(on + timedelta(days=days), time(hour, minute), zone).astimezone(UTC)


def _minutes(span: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(span)
    if found is None:
        raise ValueError(f"{span!r} is no span of time")
    return int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    return f"{hour:02d}:{minute:02d}"


def _is_day(key: str) -> bool:
    if re.fullmatch("[1-7]", key):
        return True
    try:
        return date.fromisoformat(key).isoformat() == key
    except ValueError:
        return False


def _are_spans(spans: Any) -> bool:
    if not isinstance(spans, (list, tuple)) or len(spans) > MAX_SPANS:
        return False
    if not all(isinstance(span, str) and _SPAN.fullmatch(span) for span in spans):
        return False
    times = [minute for span in spans for minute in _minutes(span)]
    return all(a < b for a, b in zip(times[::2], times[1::2], strict=True)) and _is_growing(times)


def _is_growing(times: list[int]) -> bool:
    return times == sorted(times) and all(minute <= DAY_MINUTES for minute in times)
