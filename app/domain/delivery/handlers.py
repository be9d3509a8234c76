"""Decisions about where the shop's own couriers go."""

import re
from dataclasses import replace

from app.domain import opening
from app.domain.command import Context
from app.domain.delivery import commands
from app.domain.delivery.model import DeliveryArea
from app.domain.delivery.rules import open_areas
from app.domain.outcome import Accepted, Decision, Put, RejectCode, Rejected
from app.domain.view import View

MAX_FEE_FEN = 1_000_000
MAX_PREFIXES = 100
MAX_AREAS = 50
AREA_NOT_FOUND = RejectCode("delivery.area_not_found", "This delivery area does not exist.")
AREA_UNFIT = RejectCode(
    "delivery.area_unfit", "A delivery area needs a name, region codes of digits, and a fee that is not negative."
)
AREA_TAKEN = RejectCode("delivery.area_taken", "{prefix} belongs to another delivery area.")
AREA_HOURS_UNFIT = RejectCode("delivery.hours_unfit", "The delivery hours or the slots do not fit.")
CODES = (AREA_NOT_FOUND, AREA_UNFIT, AREA_TAKEN, AREA_HOURS_UNFIT)
_PREFIX = re.compile(r"[0-9]{1,12}")


def save_area(command: commands.SaveDeliveryArea, view: View, context: Context) -> Decision:
    """An archived area that is saved again is served again."""
    area = DeliveryArea(
        id=command.area_id,
        name=command.name.strip(),
        prefixes=",".join(command.prefixes),
        fee_fen=command.fee_fen,
        hours=command.hours,
        free_from_fen=command.free_from_fen,
        slot_minutes=command.slot_minutes,
        lead_minutes=command.lead_minutes,
        days_ahead=command.days_ahead,
    )
    others = [each for each in open_areas(view) if each.id != area.id]
    if not _fits(command) or len(others) >= MAX_AREAS:
        return Rejected(AREA_UNFIT)
    if not opening.fits(area.opening):
        return Rejected(AREA_HOURS_UNFIT)
    taken = {prefix for other in others for prefix in other.regions}
    if doubled := sorted(taken & set(command.prefixes)):
        return Rejected(AREA_TAKEN, {"prefix": doubled[0]})
    return Accepted((Put(area),))


def _fits(command: commands.SaveDeliveryArea) -> bool:
    prefixes, free_from = command.prefixes, command.free_from_fen
    return (
        bool(command.area_id)
        and 1 <= len(command.name.strip()) <= 60
        and 1 <= len(prefixes) <= MAX_PREFIXES
        and len(set(prefixes)) == len(prefixes)
        and all(_PREFIX.fullmatch(prefix) for prefix in prefixes)
        and 0 <= command.fee_fen <= MAX_FEE_FEN
        and (free_from is None or 0 <= free_from <= 100 * MAX_FEE_FEN)
    )


def archive_area(command: commands.ArchiveDeliveryArea, view: View, context: Context) -> Decision:
    area = view.get(DeliveryArea, command.area_id)
    if area is None:
        return Rejected(AREA_NOT_FOUND)
    if area.archived_at is not None:
        return Accepted()
    return Accepted((Put(replace(area, archived_at=context.at)),))


HANDLERS = (
    (commands.SaveDeliveryArea, save_area),
    (commands.ArchiveDeliveryArea, archive_area),
)
