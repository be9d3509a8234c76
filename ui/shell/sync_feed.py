"""Keeps badge, panel and issue centre true: listens to the desktop and fills the shell's plain states."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.desk.assembly import Desktop
from app.desk.queries import SyncOverview, WaitingCommand, sync_overview
from app.desk.runner import ChangeSet, Rejected
from app.desk.status import Link, SyncStatus
from app.desk.wording import refusal
from app.domain.registry import shop_registry
from app.kernel.i18n import tr
from app.kernel.later import later
from ui.bridge.runner import QtRunner
from ui.shell.issue_state import IssueChoice
from ui.shell.loading_words import loading_text
from ui.shell.main_window import MainWindow
from ui.shell.state import SyncPhase, SyncState, WaitingItem
from ui.widgets.toast import Toast

if TYPE_CHECKING:
    from app.domain.incidents import commands as incidents
    from ui.shell import acts
    from ui.shell import issue_views as views
else:
    incidents = later("app.domain.incidents.commands")
    acts = later("ui.shell.acts")
    views = later("ui.shell.issue_views")

_TABLES = ("sync_issue", "incidents")
NO_SHOP = "no_shop"
"""The notice of what keeps this counter from the shop; taken back as soon as the shop answers."""
UNREAD = "unread"
"""The notice of what could not be read; taken back as soon as all of it was."""


class SyncFeed(QObject):
    """Between the desktop's status and the window's badge. Signals: `status_shown(object)` carries a `SyncStatus`."""

    status_shown = Signal(object)
    _status_came = Signal(object)

    def __init__(self, desktop: Desktop, runner: QtRunner, window: MainWindow) -> None:
        super().__init__(window)
        self._desktop = desktop
        self._runner = runner
        self._window = window
        self._known: SyncOverview | None = None
        self._generation = 0
        self._status_came.connect(self._on_status_came)
        desktop.on_status = self._status_came.emit
        window.retry_requested.connect(desktop.sync_now)
        window.issue_decided.connect(self._on_window_issue_decided)
        runner.listen(self._on_changes)
        runner.blinded.connect(self._on_runner_blinded)

    def refresh(self) -> None:
        """Ask again what waits and what must be decided."""
        self._generation += 1
        generation = self._generation
        self._runner.query(sync_overview(), self._show, lambda: generation == self._generation)

    def _on_runner_blinded(self, is_blind: object) -> None:
        """An old list must not stand there without a word."""
        self._window.set_notice(UNREAD, _unread_words if is_blind else None)

    def _on_changes(self, changes: ChangeSet) -> None:
        if changes.issues:
            self._window.notify(Toast(lambda: tr("A change was not accepted. See the issue centre."), tone="issue"))
        self.refresh()

    def _on_status_came(self, status: SyncStatus) -> None:
        if status.link is Link.ONLINE:
            self._window.set_notice(NO_SHOP, None)
        if self._known is not None:
            self._window.set_sync(state_of(status, self._known))
        self.status_shown.emit(status)
        self.refresh()

    def _show(self, known: SyncOverview) -> None:
        self._known = known
        self._window.set_sync(state_of(self._desktop.status, known))
        self._window.set_issues(views.issue_views(known))

    def _on_window_issue_decided(self, choice: IssueChoice) -> None:
        known = self._known
        if known is None:
            return
        if choice.action_key in (views.SETTLE, views.GO_ON):
            decided = incidents.GoOnAfterRestore if choice.action_key == views.GO_ON else incidents.SettleIncident
            self._runner.perform(decided(choice.issue_id), lambda done: self.refresh())
            return
        issue = next((i for i in known.issues if i.id == choice.issue_id), None)
        if issue is None:
            return
        if choice.action_key == views.KEEP_MINE:
            kind = shop_registry().kind(issue.name, 1)
            if kind is None:
                return
            command = shop_registry().read(issue.name, kind.VERSION, views.keep_mine(issue))
            if isinstance(command, Rejected):
                self._window.notify(Toast(lambda: refusal(command), tone="warning"))
                return
            self._runner.perform(command, lambda done: self._resolve(choice.issue_id))
        elif choice.action_key in (views.TAKE_THEIRS, views.CLOSE):
            self._resolve(choice.issue_id)

    def _resolve(self, issue_id: str) -> None:
        self._desktop.desk.resolve_issue(issue_id)


def state_of(status: SyncStatus, known: SyncOverview) -> SyncState:
    """The badge's and the panel's state."""
    waiting = tuple(WaitingItem(w.issued_at, acts.act(w.name, w.args, known), _note(w, known)) for w in known.waiting)
    is_offline = status.link in (Link.OFFLINE, Link.CONNECTING, Link.LOCKED)
    return SyncState(
        phase=_phase(status, known.waiting_count),
        since=status.since,
        synced_at=status.synced_at,
        waiting_count=known.waiting_count,
        next_try_at=status.next_try_at,
        waiting=waiting,
        works_now=_works_now() if is_offline else (),
        needs_network=_needs_network() if is_offline else (),
        detail=_detail(status),
        clock_off_minutes=status.clock_off_minutes,
        is_locked_out=status.trouble == "device_revoked",
        issue_count=sum(issue.resolved_at is None for issue in known.issues) + len(known.incidents),
    )


def _phase(status: SyncStatus, waiting_count: int) -> SyncPhase:
    if status.link is Link.LOCKED:
        return SyncPhase.LOCKED
    if status.link is Link.OFFLINE:
        return SyncPhase.OFFLINE
    if status.link is Link.OUTDATED:
        return SyncPhase.UPDATE
    if status.is_busy or waiting_count or status.link in (Link.LOADING, Link.CONNECTING):
        return SyncPhase.BUSY
    return SyncPhase.SYNCED


def _note(waiting: WaitingCommand, known: SyncOverview) -> str:
    """Who did it, or why it waits although there is a line."""
    if waiting.state == "held":
        return tr("waits for the service's update")
    if waiting.state == "parked":
        return tr("booked after the next update")
    return known.staff_names.get(waiting.actor, "")


def trouble_text(code: str) -> str:
    """What trying again alone does not mend, and whom to ask."""
    match code:
        case "":
            return ""
        case "device_revoked":
            return tr("This computer is no longer one of the shop's. Ask the owner.")
        case "device_cloned":
            return tr("This computer is a copy of another one. Start it with a new enrolment code; its work is kept.")
        case "unauthorised" | "forbidden":
            return tr("The service does not know this computer. Ask the owner.")
        case "shop_moved":
            return tr("The shop has moved to another address. Ask the owner.")
        case "upgrade_required":
            return tr("This program is too old for the service. Update it.")
        case "storage_unavailable":
            return tr("The shop's service cannot store anything. Free some space where it runs.")
    return _own_trouble(code) or tr("The service refused this computer ({code}).", code=code)


def _own_trouble(code: str) -> str:
    """What is wrong on this computer itself."""
    match code:
        case "replica.damaged":
            return tr("The data on this computer is damaged. It is fetched anew; what waits to be sent is kept.")
        case "replica.disk_full" | "replica.lost":
            return tr("The disk of this computer is full. Free some space.")
        case "internal_error":
            return tr("The program has met a fault of its own. It is written in the log.")
    return ""


def _detail(status: SyncStatus) -> str:
    return loading_text(status) or trouble_text(status.trouble)


def _works_now() -> tuple[str, ...]:
    return (tr("Ship orders, print labels"), tr("Change products and stock"), tr("Look up everything"))


def _needs_network() -> tuple[str, ...]:
    return (tr("New orders from the mini-program"), tr("Staff and settings"))


def _unread_words() -> str:
    return tr("This computer's data could not be read, it is tried again. What stands here may be old.")
