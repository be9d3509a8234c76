"""Where buyers collect and where couriers go, without Qt: what is typed becomes a command, or a complaint."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain import opening
from app.domain.delivery.commands import SaveDeliveryArea
from app.domain.delivery.model import DeliveryArea
from app.domain.money import Fen
from app.domain.opening import Opening
from app.domain.pickup.commands import SavePickupPoint
from app.domain.pickup.model import PickupPoint
from app.kernel.i18n import tr

WEEKDAYS = ("1", "2", "3", "4", "5", "6", "7")
_PLAIN = str.maketrans("：－—–～~至，、；;", ":------,,,,")
_PREFIX = re.compile(r"\d{2,6}")
USUAL_HOURS = {day: ["09:00-21:00"] for day in WEEKDAYS}


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in a dialog; amounts are fen, or None where nothing is said.

    ``fee_problem`` and ``free_problem`` say what is wrong with an amount that is none, "" for nothing: what cannot be
    read must never pass for what was not said.
    """

    name: str
    address: str
    phone: str
    location_id: str
    prefixes: str
    fee_fen: int | None
    free_from_fen: int | None
    days: Mapping[str, str]
    slot_minutes: int | None
    lead_minutes: int | None
    days_ahead: int | None
    fee_problem: str = ""
    free_problem: str = ""


def spans(text: str) -> list[str]:
    """``09:00-12:00`` spans out of what people type: full-width signs and single-digit hours are fine."""
    found = []
    for part in text.translate(_PLAIN).replace(" ", "").split(","):
        if part:
            ends = [end.zfill(5) for end in part.split("-")]
            found.append("-".join(ends))
    return found


def hours_text(hours: Mapping[str, Any], day: str) -> str:
    return ", ".join(hours.get(day, ()))


def hours_summary(hours: Mapping[str, Any]) -> str:
    """The week in one line, equal days together."""
    groups: list[tuple[list[str], str]] = []
    for day in WEEKDAYS:
        text = hours_text(hours, day) or tr("closed")
        if groups and groups[-1][1] == text:
            groups[-1][0].append(day)
        else:
            groups.append(([day], text))
    return " · ".join(f"{_days_word(days)} {text}" for days, text in groups)


def _days_word(days: list[str]) -> str:
    if len(days) == len(WEEKDAYS):
        return tr("Daily")
    first, last = weekday_word(days[0]), weekday_word(days[-1])
    return first if len(days) == 1 else f"{first}–{last}"


def weekday_word(day: str) -> str:
    words = (tr("Mon"), tr("Tue"), tr("Wed"), tr("Thu"), tr("Fri"), tr("Sat"), tr("Sun"))
    return words[int(day) - 1]


def merged_hours(typed: Mapping[str, str], before: Mapping[str, Any]) -> dict[str, list[str]]:
    """The week as typed; single days that were set otherwise stay as they are."""
    kept = {day: list(found) for day, found in before.items() if day not in WEEKDAYS}
    return {**kept, **{day: found for day, text in typed.items() if (found := spans(text))}}


def problems(typed: Typed, hours: Mapping[str, Any], *, is_area: bool) -> dict[str, str]:
    """What is wrong, by field; a day's field is its number."""
    found: dict[str, str] = {}
    if not typed.name.strip():
        found["name"] = tr("A name is needed.")
    if is_area and not prefixes(typed.prefixes):
        found["prefixes"] = tr("Region codes of two to six figures, parted by commas.")
    if is_area and typed.fee_fen is None:
        found["fee_fen"] = typed.fee_problem or tr("A number is needed here.")
    if is_area and typed.free_problem:
        found["free_from_fen"] = typed.free_problem
    if not is_area and not typed.address.strip():
        found["address"] = tr("An address is needed.")
    for day, text in typed.days.items():
        if not opening.fits(Opening({day: spans(text)})):
            found[day] = tr("Such as 09:00-12:00, 14:00-18:00; nothing for closed.")
    found |= {key: tr("A number is needed here.") for key in _unsaid(typed)}
    if not found and not opening.fits(_opening(typed, hours)):
        found["slot_minutes"] = tr("Slots last from 10 minutes to a day; at most 31 days ahead.")
    return found


def _unsaid(typed: Typed) -> list[str]:
    """The counts that are none: what cannot be read must not pass for nought."""
    counts = {"slot_minutes": typed.slot_minutes, "lead_minutes": typed.lead_minutes, "days_ahead": typed.days_ahead}
    return [key for key, count in counts.items() if count is None]


def _opening(typed: Typed, hours: Mapping[str, Any]) -> Opening:
    return Opening(hours, typed.slot_minutes or 0, typed.lead_minutes or 0, typed.days_ahead or 1)


def prefixes(text: str) -> tuple[str, ...]:
    """The region codes; empty when one of them is none."""
    parts = [part for part in text.translate(_PLAIN).replace(" ", "").split(",") if part]
    return tuple(parts) if parts and all(_PREFIX.fullmatch(part) for part in parts) else ()


def point_command(typed: Typed, point_id: str, before: PickupPoint | None) -> SavePickupPoint:
    return SavePickupPoint(
        point_id,
        typed.name.strip(),
        typed.address.strip(),
        typed.phone.strip(),
        merged_hours(typed.days, before.hours if before else {}),
        typed.slot_minutes or 0,
        typed.lead_minutes or 0,
        typed.days_ahead or 1,
        typed.location_id,
    )


def area_command(typed: Typed, area_id: str, before: DeliveryArea | None) -> SaveDeliveryArea:
    free_from = typed.free_from_fen
    return SaveDeliveryArea(
        area_id,
        typed.name.strip(),
        prefixes(typed.prefixes),
        Fen(typed.fee_fen or 0),
        merged_hours(typed.days, before.hours if before else {}),
        None if free_from is None else Fen(free_from),
        typed.slot_minutes or 0,
        typed.lead_minutes or 0,
        typed.days_ahead or 1,
    )
