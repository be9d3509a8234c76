"""Decisions about the places where buyers collect."""

from dataclasses import replace

from app.domain import opening
from app.domain.command import Context
from app.domain.outcome import Accepted, Decision, Put, RejectCode, Rejected
from app.domain.pickup import commands
from app.domain.pickup.model import PickupPoint
from app.domain.stock.model import Location
from app.domain.view import View

POINT_NOT_FOUND = RejectCode("pickup.point_not_found", "This pickup point does not exist.")
POINT_UNFIT = RejectCode("pickup.point_unfit", "A pickup point needs a name of 1 to 60 signs and an address.")
HOURS_UNFIT = RejectCode("pickup.hours_unfit", "The opening hours or the slots do not fit: look at each day again.")
PLACE_NOT_FOUND = RejectCode("pickup.place_not_found", "This place of stock does not exist.")
CODES = (POINT_NOT_FOUND, POINT_UNFIT, HOURS_UNFIT, PLACE_NOT_FOUND)


def save_point(command: commands.SavePickupPoint, view: View, context: Context) -> Decision:
    """An archived point that is saved again is open again."""
    point = PickupPoint(
        id=command.point_id,
        name=command.name.strip(),
        address=command.address.strip(),
        phone=command.phone.strip(),
        hours=command.hours,
        slot_minutes=command.slot_minutes,
        lead_minutes=command.lead_minutes,
        days_ahead=command.days_ahead,
        location_id=command.location_id,
    )
    texts_fit = 1 <= len(point.name) <= 60 and 2 <= len(point.address) <= 200 and len(point.phone) <= 40
    if not point.id or not texts_fit:
        return Rejected(POINT_UNFIT)
    if not opening.fits(point.opening):
        return Rejected(HOURS_UNFIT)
    if point.location_id and view.get(Location, point.location_id) is None:
        return Rejected(PLACE_NOT_FOUND)
    return Accepted((Put(point),))


def archive_point(command: commands.ArchivePickupPoint, view: View, context: Context) -> Decision:
    point = view.get(PickupPoint, command.point_id)
    if point is None:
        return Rejected(POINT_NOT_FOUND)
    if point.archived_at is not None:
        return Accepted()
    return Accepted((Put(replace(point, archived_at=context.at)),))


HANDLERS = (
    (commands.SavePickupPoint, save_point),
    (commands.ArchivePickupPoint, archive_point),
)
