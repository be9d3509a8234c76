"""Decisions about incidents."""

from dataclasses import replace

from app.domain.command import Context
from app.domain.incidents import commands
from app.domain.incidents.model import RESTORED, Incident
from app.domain.outcome import Accepted, Decision, Put, RejectCode, Rejected
from app.domain.view import View

NOT_FOUND = RejectCode("incident.not_found", "This incident does not exist.")
NOTE_TOO_LONG = RejectCode("incident.note_too_long", "A note has at most 500 signs.")
OWNERS = RejectCode("incident.owners", "Only the owner decides when the shop goes on after it was put back.")
NOT_RESTORED = RejectCode("shop.not_restored", "This is not the incident of a shop that was put back.")
CODES = (NOT_FOUND, NOTE_TOO_LONG, OWNERS, NOT_RESTORED)


def settle_incident(command: commands.SettleIncident, view: View, context: Context) -> Decision:
    incident = view.get(Incident, command.incident_id)
    if incident is None:
        return Rejected(NOT_FOUND)
    if len(command.note) > 500:
        return Rejected(NOTE_TOO_LONG)
    if incident.kind == RESTORED:
        return Rejected(OWNERS)
    return _settled(incident, command.note, context)


def go_on_after_restore(command: commands.GoOnAfterRestore, view: View, context: Context) -> Decision:
    incident = view.get(Incident, command.incident_id)
    if incident is None or incident.kind != RESTORED:
        return Rejected(NOT_RESTORED)
    return _settled(incident, "", context)


def _settled(incident: Incident, note: str, context: Context) -> Decision:
    if incident.state == "settled":
        return Accepted()
    settled = replace(incident, state="settled", settled_by=context.actor.id, settled_at=context.at, note=note.strip())
    return Accepted((Put(settled),))


HANDLERS = ((commands.SettleIncident, settle_incident), (commands.GoOnAfterRestore, go_on_after_restore))
