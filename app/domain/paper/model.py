"""What the shop prints: which computer prints which kind of paper, what is asked of it, and what has come out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from app.domain.row import Row

FRESH = timedelta(hours=12)
"""So young a request must be to be printed by itself; older paper is asked for by a person."""


class DocumentKind(StrEnum):
    LABEL = "label"
    RECEIPT = "receipt"
    PICKING = "picking"


class PaperState(StrEnum):
    ASKED = "asked"
    PRINTED = "printed"


@dataclass(frozen=True, slots=True)
class PrintStation(Row):
    """The computer that prints one kind of paper by itself; the fallback sees what waits there and can print it."""

    TABLE: ClassVar[str] = "print_stations"
    KEY: ClassVar[tuple[str, ...]] = ("document_kind",)
    document_kind: DocumentKind
    device_id: str
    fallback_id: str = ""


@dataclass(frozen=True, slots=True)
class PrintRequest(Row):
    """A paper that the shop asks of a station, once: ``key`` follows from what it is and of which revision."""

    TABLE: ClassVar[str] = "print_requests"
    KEY: ClassVar[tuple[str, ...]] = ("key",)
    LOOKUPS: ClassVar[tuple[str, ...]] = ("order_id", "state")
    key: str
    kind: DocumentKind
    order_id: str
    parcel_id: str
    revision: int
    device_id: str
    state: PaperState
    requested_at: datetime
    printed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Printed(Row):
    """A paper came out: the how manieth of its key, why again, by whose hand and at which computer."""

    TABLE: ClassVar[str] = "printed_papers"
    LOOKUPS: ClassVar[tuple[str, ...]] = ("key",)
    APPEND_ONLY: ClassVar[bool] = True
    id: str
    key: str
    copy_no: int
    reason: str
    actor: str
    device_id: str
    happened_at: datetime
