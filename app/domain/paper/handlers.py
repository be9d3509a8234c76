"""Decisions about paper: who prints it, and that it came out."""

from dataclasses import replace

from app.domain.command import Context
from app.domain.outcome import Accepted, Change, Decision, Put, RejectCode, Rejected
from app.domain.paper import commands
from app.domain.paper.model import PaperState, Printed, PrintRequest, PrintStation
from app.domain.staff.model import Device
from app.domain.view import View

STATION_UNFIT = RejectCode("print.station_unfit", "This computer is not one of the shop's (any more).")
FALLBACK_UNFIT = RejectCode("print.fallback_unfit", "The second computer must be another one than the first.")
CODES = (STATION_UNFIT, FALLBACK_UNFIT)
MAX_REASON = 120


def assign_station(command: commands.AssignStation, view: View, context: Context) -> Decision:
    """What was asked of the computer before stays asked of it; the new one shows it in its list."""
    named = [device_id for device_id in (command.device_id, command.fallback_id) if device_id]
    if not all(_is_ours(device_id, view) for device_id in named):
        return Rejected(STATION_UNFIT)
    if command.fallback_id and command.fallback_id == command.device_id:
        return Rejected(FALLBACK_UNFIT)
    return Accepted((Put(PrintStation(command.document_kind, command.device_id, command.fallback_id)),))


def _is_ours(device_id: str, view: View) -> bool:
    device = view.get(Device, device_id)
    return device is not None and device.revoked_at is None


def mark_printed(command: commands.MarkPrinted, view: View, context: Context) -> Decision:
    if view.get(Printed, command.printed_id) is not None:
        return Accepted()
    printed = Printed(
        id=command.printed_id,
        key=command.key,
        copy_no=max(1, command.copy_no),
        reason=command.reason[:MAX_REASON],
        actor=context.actor.id,
        device_id=command.device_id,
        happened_at=context.at,
    )
    changes: list[Change] = [Put(printed)]
    request = view.get(PrintRequest, command.key)
    if request is not None and request.state is PaperState.ASKED:
        changes.append(Put(replace(request, state=PaperState.PRINTED, printed_at=context.at)))
    return Accepted(tuple(changes))


HANDLERS = (
    (commands.AssignStation, assign_station),
    (commands.MarkPrinted, mark_printed),
)
