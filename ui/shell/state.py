"""What the shell shows, as plain data. Whoever runs the shop's program fills it; the shell only draws it.

Texts are in the language of the moment: after `MainWindow.language_chosen` they are to be given anew.
Times are aware; they are shown in the zone of this computer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

BUSY_AFTER: Final = timedelta(seconds=3)
OFFLINE_AFTER: Final = timedelta(seconds=10)


@dataclass(frozen=True)
class ShopIdentity:
    """Whose shop and which counter this is."""

    name: str
    place: str


@dataclass(frozen=True)
class Person:
    """Who is on duty."""

    name: str
    role: str


class SyncPhase(StrEnum):
    """How the link to the service is."""

    SYNCED = "synced"
    BUSY = "busy"
    OFFLINE = "offline"
    UPDATE = "update"
    LOCAL_ONLY = "local_only"
    LOCKED = "locked"


@dataclass(frozen=True)
class WaitingItem:
    """Something done here that the service does not know yet, in the words of the act."""

    at: datetime
    text: str
    note: str = ""


@dataclass(frozen=True)
class SyncState:
    """The link to the service.

    Attributes:
        since: when the phase began; short busy and offline times are not shown at all.
        synced_at: when everything was last the same here and there.
        waiting_count: what waits to be uploaded, also what `waiting` does not list.
        sent_count: how much of the work in hand is uploaded.
        waiting: newest first.
        works_now, needs_network: what can be done while offline, and what cannot.
        is_locked_out: the owner has taken this computer away from the shop.
        clock_off_minutes: how far the computer's clock is off, 0 while that does not matter.
        detail: one sentence: how long it takes, which program is in the way, why the service does not want us.
    """

    phase: SyncPhase
    since: datetime
    synced_at: datetime | None = None
    waiting_count: int = 0
    sent_count: int = 0
    next_try_at: datetime | None = None
    waiting: tuple[WaitingItem, ...] = ()
    works_now: tuple[str, ...] = ()
    needs_network: tuple[str, ...] = ()
    detail: str = ""
    issue_count: int = 0
    clock_off_minutes: int = 0
    is_locked_out: bool = False


def visible_phase(state: SyncState, now: datetime) -> SyncPhase:
    """The phase worth showing: what passes within seconds does not make the badge flicker.

    Before the first meeting with the service nothing is synced, and nothing says so.
    """
    calm = SyncPhase.BUSY if state.synced_at is None else SyncPhase.SYNCED
    if state.phase == SyncPhase.BUSY and now - state.since < BUSY_AFTER:
        return calm
    if state.phase == SyncPhase.OFFLINE and now - state.since < OFFLINE_AFTER:
        return calm
    return state.phase


def next_look(state: SyncState, now: datetime) -> timedelta | None:
    """How long until the badge may have to change by itself."""
    delay = {SyncPhase.BUSY: BUSY_AFTER, SyncPhase.OFFLINE: OFFLINE_AFTER}.get(state.phase)
    if delay is None:
        return None
    left = state.since + delay - now
    return left if left > timedelta() else None
