"""What the shell shows, as plain data. Whoever runs the shop's program fills it; the shell only draws it.

Texts are in the language of the moment: after `MainWindow.language_chosen` they are to be given anew.
Times are aware; they are shown in the zone of this computer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from ui.theme.tokens import Tone
from ui.widgets.button import Kind

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


HistoryTone: TypeAlias = Literal["plain", "muted", "trouble"]


@dataclass(frozen=True)
class HistoryRow:
    """One step of how it went."""

    at: datetime
    who: str
    what: str
    tone: HistoryTone = "plain"


@dataclass(frozen=True)
class Fact:
    """One thing as it is now: the order, the money, the stock, the paper."""

    icon: str
    label: str
    value: str


@dataclass(frozen=True)
class IssueAction:
    """A button that can succeed. `stands_apart` puts it at the far end, away from the usual way out."""

    key: str
    label: str
    icon: str = ""
    kind: Kind = "plain"
    stands_apart: bool = False


@dataclass(frozen=True)
class Choice:
    """One of two values that were both meant, shown alike so that nobody is favoured."""

    owner: str
    badge: str
    badge_tone: Tone
    value: str
    by: str
    when: str
    action: IssueAction


@dataclass(frozen=True)
class IssueView:
    """Something that a person must decide.

    Attributes:
        group: issues with the same group (an order, a product) stand together.
        title: short, for the list; `headline`: whole, over the detail.
        subtitle: what it is about, for the list; `reference`: the same in full.
        sentence: what happened, both sides named, no codes.
        advice: what to do in the world, not on the screen.
        note: why some action is not offered.
        closed_at: when it was settled; None while it waits.
    """

    id: str
    group: str
    icon: str
    at: datetime
    title: str
    subtitle: str
    headline: str
    reference: str
    sentence: str
    history: tuple[HistoryRow, ...] = ()
    facts: tuple[Fact, ...] = ()
    choices: tuple[Choice, ...] = ()
    advice: str = ""
    actions: tuple[IssueAction, ...] = ()
    note: str = ""
    closed_at: datetime | None = None


@dataclass(frozen=True)
class IssueChoice:
    """What a person decided: an action of an issue."""

    issue_id: str
    action_key: str


def grouped(issues: tuple[IssueView, ...]) -> tuple[IssueView, ...]:
    """Newest first, but the issues of one group together at the place of its newest."""
    newest: dict[str, datetime] = {}
    for issue in issues:
        newest[issue.group] = max(issue.at, newest.get(issue.group, issue.at))
    by_time = sorted(issues, key=lambda issue: issue.at, reverse=True)
    order = sorted(newest, key=lambda group: newest[group], reverse=True)
    return tuple(issue for group in order for issue in by_time if issue.group == group)
