"""What can be done about paper."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain.command import Command, Kind, Runs
from app.domain.paper.model import DocumentKind
from app.domain.permission import Permission


@dataclass(frozen=True, slots=True)
class AssignStation(Command):
    """Which computer prints a kind of paper by itself; "" is none."""

    NAME: ClassVar[str] = "print.assign_station"
    RUNS: ClassVar[Runs] = Runs.ONLINE
    PERMISSION: ClassVar[Permission] = Permission.SETTINGS_EDIT
    document_kind: DocumentKind
    device_id: str
    fallback_id: str = ""


@dataclass(frozen=True, slots=True)
class MarkPrinted(Command):
    """A paper has come out: a fact. Told again under the same id it changes nothing."""

    NAME: ClassVar[str] = "print.mark_printed"
    KIND: ClassVar[Kind] = Kind.FACT
    PERMISSION: ClassVar[Permission] = Permission.ORDER_NOTE
    printed_id: str
    key: str
    device_id: str
    copy_no: int = 1
    reason: str = ""
