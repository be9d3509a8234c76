"""Intents about incidents."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain.command import Command, Runs
from app.domain.permission import Permission


@dataclass(frozen=True, slots=True)
class SettleIncident(Command):
    """A person has put right what a fact had broken, and says how."""

    NAME: ClassVar[str] = "incident.settle"
    PERMISSION: ClassVar[Permission] = Permission.ORDER_NOTE
    incident_id: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class GoOnAfterRestore(Command):
    """The owner has looked at a shop that was put back to an older state: what spends money may move again."""

    NAME: ClassVar[str] = "shop.go_on"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.SHOP_GO_ON
    incident_id: str
