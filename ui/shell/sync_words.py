"""The words of the sync badge and its panel, for every phase."""

from dataclasses import dataclass
from datetime import datetime

from app.kernel.i18n import tr
from ui.shell.moment import hour_minute
from ui.shell.state import SyncPhase, SyncState, visible_phase
from ui.widgets.card import CardKind
from ui.widgets.text import TextTone


@dataclass(frozen=True)
class BadgeLook:
    """What the badge shows: icon, words and number together, never a colour alone."""

    icon: str
    icon_token: str
    card: CardKind
    tone: TextTone
    title: str
    note: str


def badge_look(state: SyncState, now: datetime) -> BadgeLook:
    """How the badge looks now. Red is only for what a person must decide; offline is amber and works."""
    phase = visible_phase(state, now)
    if phase == SyncPhase.OFFLINE:
        note = tr("{count} waiting · since {time}", count=state.waiting_count, time=hour_minute(state.since))
        return BadgeLook("offline_full", "warn", "warn", "warn", tr("Offline, working as usual"), note)
    if phase == SyncPhase.UPDATE:
        title = tr("This computer needs an update")
        return BadgeLook("update", "info", "info", "info", title, tr("Can look and upload, not change"))
    if phase == SyncPhase.LOCAL_ONLY:
        return BadgeLook("local_only", "warn", "warn", "warn", tr("Only this computer can use it"), state.detail)
    if phase == SyncPhase.LOCKED:
        return BadgeLook("lock", "danger", "danger", "danger", tr("Locked out by the service"), state.detail)
    if state.issue_count:
        note = tr("The rest is synced {time}", time=hour_minute(state.synced_at))
        return BadgeLook("issue_full", "danger", "danger", "danger", issue_title(state.issue_count), note)
    if state.synced_at is None and phase in (SyncPhase.BUSY, SyncPhase.SYNCED) and not state.waiting_count:
        return _never_synced(state)
    if phase == SyncPhase.BUSY:
        note = tr("{count} left · {sent} sent", count=state.waiting_count, sent=state.sent_count)
        return BadgeLook("busy", "info", "plain", "", tr("Syncing"), note)
    if state.clock_off_minutes:
        return BadgeLook("warning", "warn", "warn", "warn", tr("Synced, but the clock is wrong"), clock_text(state))
    note = tr("{time} · {count} waiting", time=hour_minute(state.synced_at), count=state.waiting_count)
    return BadgeLook("synced_full", "accent", "plain", "", tr("Synced"), note)


def _never_synced(state: SyncState) -> BadgeLook:
    """Since the program started the service has not been met, or everything is being fetched."""
    title = tr("Syncing") if state.detail else tr("Connecting")
    return BadgeLook("busy", "info", "plain", "", title, state.detail or tr("The shop has not answered yet"))


def clock_text(state: SyncState) -> str:
    """What is wrong with this computer's clock; times of what is done here would be wrong too."""
    return tr("{minutes} min off: set this computer's clock", minutes=state.clock_off_minutes)


def issue_title(count: int) -> str:
    """How many decisions wait."""
    if count == 1:
        return tr("1 issue needs your decision")
    return tr("{count} issues need your decision", count=count)


def panel_note(state: SyncState, now: datetime) -> str:
    """Since when, and when it tries again."""
    phase = visible_phase(state, now)
    if phase != SyncPhase.OFFLINE:
        if state.clock_off_minutes and not state.detail:
            return clock_text(state)
        return state.detail or tr("Last synced {time}", time=hour_minute(state.synced_at))
    began = state.detail or tr("No connection since {time}", time=hour_minute(state.since))
    if state.next_try_at is None:
        return began
    seconds = max(0, round((state.next_try_at - now).total_seconds()))
    again = tr("next try in {seconds} s", seconds=seconds) if seconds else tr("trying now")
    return f"{began} · {again}"


def waiting_title(state: SyncState) -> str:
    """What waits, and that it is safe."""
    if not state.waiting_count:
        return tr("Nothing waits to be uploaded")
    if state.waiting_count == 1:
        return tr("1 change waits to be uploaded. It is kept here, even when switched off")
    return tr(
        "{count} changes wait to be uploaded. They are kept here, even when switched off",
        count=state.waiting_count,
    )
