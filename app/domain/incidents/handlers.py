"""Decisions about incidents."""

from dataclasses import replace

from app.domain.command import Context
from app.domain.incidents import commands
from app.domain.incidents.model import Incident
from app.domain.outcome import Accepted, Decision, Put, RejectCode, Rejected
from app.domain.view import View

NOT_FOUND = RejectCode("incident.not_found", "This incident does not exist.")
NOTE_TOO_LONG = RejectCode("incident.note_too_long", "A note has at most 500 signs.")
CODES = (NOT_FOUND, NOTE_TOO_LONG)


def settle_incident(command: commands.SettleIncident, view: View, context: Context) -> Decision:
    incident = view.get(Incident, command.incident_id)
    if incident is None:
        return Rejected(NOT_FOUND)
    if len(command.note) > 500:
        return Rejected(NOTE_TOO_LONG)
    if incident.state == "settled":
        return Accepted()
    settled = replace(
        incident, state="settled", settled_by=context.actor.id, settled_at=context.at, note=command.note.strip()
    )
    return Accepted((Put(settled),))


HANDLERS = ((commands.SettleIncident, settle_incident),)
