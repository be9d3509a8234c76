"""Incidents: what a fact broke, written down for a person to settle."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from app.domain.outcome import Put
from app.domain.row import Row
from app.kernel.derived import derived_id

RESTORED = "shop.restored"
"""The incident of a shop that was put back to an older state; what spends money waits until its owner lets it go on."""


@dataclass(frozen=True, slots=True)
class Incident(Row):
    """Something that contradicts the books; ``refs`` names what it is about, ``state`` is open or settled."""

    TABLE: ClassVar[str] = "incidents"
    id: str
    kind: str
    refs: Mapping[str, Any]
    opened_at: datetime
    state: str = "open"
    settled_by: str = ""
    settled_at: datetime | None = None
    note: str = ""


def open_incident(incident: Incident) -> Put:
    return Put(incident)


def shop_restored(epoch: str, refs: Mapping[str, Any], at: datetime) -> Incident:
    return Incident(restored_id(epoch), RESTORED, {**refs, "epoch": epoch}, at)


def restored_id(epoch: str) -> str:
    """Of the incident that tells that an epoch of the feed has ended here: there is one for each that ever did."""
    return derived_id(RESTORED, epoch)
