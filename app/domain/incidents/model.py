"""Incidents: what a fact broke, written down for a person to settle."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from app.domain.outcome import Put
from app.domain.row import Row


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
