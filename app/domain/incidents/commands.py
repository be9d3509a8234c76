"""Intents about incidents."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain.command import Command
from app.domain.permission import Permission


@dataclass(frozen=True, slots=True)
class SettleIncident(Command):
    """A person has put right what a fact had broken, and says how."""

    NAME: ClassVar[str] = "incident.settle"
    PERMISSION: ClassVar[Permission] = Permission.ORDER_NOTE
    incident_id: str
    note: str = ""
