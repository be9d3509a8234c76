"""Keeps badge, panel and issue centre true: listens to the desktop and fills the shell's plain states."""

from PySide6.QtCore import QObject, Signal

from app.desk.assembly import Desktop
from app.desk.queries import SyncOverview, sync_overview
from app.desk.runner import ChangeSet
from app.desk.status import Link, SyncStatus
from app.domain.incidents.commands import SettleIncident
from app.domain.registry import shop_registry
from app.kernel.i18n import tr
from ui.bridge.runner import QtRunner
from ui.shell.acts import act
from ui.shell.issue_views import CLOSE, KEEP_MINE, SETTLE, TAKE_THEIRS, issue_views, keep_mine
from ui.shell.main_window import MainWindow
from ui.shell.state import IssueChoice, SyncPhase, SyncState, WaitingItem
from ui.widgets.toast import Toast

_TABLES = ("sync_issue", "incidents")


class SyncFeed(QObject):
    """Between the desktop's status and the window's badge."""

    _status_came = Signal(object)

    def __init__(self, desktop: Desktop, runner: QtRunner, window: MainWindow) -> None:
        super().__init__(window)
        self._desktop = desktop
        self._runner = runner
        self._window = window
        self._known: SyncOverview | None = None
        self._status_came.connect(self._on_status_came)
        desktop.on_status = self._status_came.emit
        window.retry_requested.connect(desktop.sync_now)
        window.issue_decided.connect(self._on_window_issue_decided)
        runner.listen(self._on_changes)
        self.refresh()

    def refresh(self) -> None:
        """Ask again what waits and what must be decided."""
        self._runner.query(sync_overview(), self._show)

    def _on_changes(self, changes: ChangeSet) -> None:
        if changes.issues:
            self._window.notify(Toast(tr("A change was not accepted. See the issue centre."), tone="issue"))
        self.refresh()

    def _on_status_came(self, status: SyncStatus) -> None:
        if self._known is not None:
            self._window.set_sync(self._state(status, self._known))
        self.refresh()

    def _show(self, known: SyncOverview) -> None:
        self._known = known
        self._window.set_sync(self._state(self._desktop.status, known))
        self._window.set_issues(issue_views(known))

    def _state(self, status: SyncStatus, known: SyncOverview) -> SyncState:
        waiting = tuple(
            WaitingItem(w.issued_at, act(w.name, w.args, known), known.staff_names.get(w.actor, ""))
            for w in known.waiting
        )
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
            issue_count=sum(issue.resolved_at is None for issue in known.issues) + len(known.incidents),
        )

    def _on_window_issue_decided(self, choice: IssueChoice) -> None:
        known = self._known
        if known is None:
            return
        if choice.action_key == SETTLE:
            self._runner.perform(SettleIncident(choice.issue_id), lambda done: self.refresh())
            return
        issue = next((i for i in known.issues if i.id == choice.issue_id), None)
        if issue is None:
            return
        if choice.action_key == KEEP_MINE:
            kind = shop_registry().kind(issue.name, 1)
            if kind is None:
                return
            command = shop_registry().read(issue.name, kind.VERSION, keep_mine(issue))
            self._runner.perform(command, lambda done: self._resolve(choice.issue_id))  # type: ignore[arg-type]
        elif choice.action_key in (TAKE_THEIRS, CLOSE):
            self._resolve(choice.issue_id)

    def _resolve(self, issue_id: str) -> None:
        self._desktop.desk.resolve_issue(issue_id)


def _phase(status: SyncStatus, waiting_count: int) -> SyncPhase:
    if status.link in (Link.OFFLINE, Link.LOCKED):
        return SyncPhase.OFFLINE
    if status.link is Link.OUTDATED:
        return SyncPhase.UPDATE
    if status.is_busy or waiting_count or status.link in (Link.LOADING, Link.CONNECTING):
        return SyncPhase.BUSY
    return SyncPhase.SYNCED


def _detail(status: SyncStatus) -> str:
    if status.link is Link.LOCKED:
        return tr("This computer is no longer one of the shop's. Ask the owner.")
    if status.progress is not None:
        table, rows = status.progress
        return tr("Fetching everything: {table}, {rows} rows", table=table, rows=rows)
    return ""


def _works_now() -> tuple[str, ...]:
    return (tr("Ship orders, print labels"), tr("Change products and stock"), tr("Look up everything"))


def _needs_network() -> tuple[str, ...]:
    return (tr("New orders from the mini-program"), tr("Staff and settings"))
