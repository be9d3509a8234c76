"""What lies over the pages of the window, each made when it is needed first: none is there at a start."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMainWindow

from app.kernel.later import later
from app.kernel.once import once
from ui.shell import keys
from ui.shell.moment import Clock
from ui.shell.page import Page
from ui.shell.sync_badge import SyncBadge

if TYPE_CHECKING:
    from ui.shell import key_sheet, lock_screen, sync_panel
    from ui.shell.palette import palette
    from ui.shell.palette.choices import Choice
    from ui.shell.state import SyncState
    from ui.widgets import toast
else:
    key_sheet, lock_screen = later("ui.shell.key_sheet"), later("ui.shell.lock_screen")
    palette = later("ui.shell.palette.palette")
    sync_panel, toast = later("ui.shell.sync_panel"), later("ui.widgets.toast")


class Over(QObject):
    """Attributes: `panel` (what the badge tells, opened), `toasts`, `lock_screen`, `key_sheet`, `palette`.

    Signals: `retry_requested()`; `toast_action_chosen(object)` carries the `action_key` of a toast.
    """

    retry_requested = Signal()
    toast_action_chosen = Signal(object)

    def __init__(self, window: QMainWindow, badge: SyncBadge, clock: Clock, pages: Sequence[Page]) -> None:
        super().__init__(window)
        self._window, self._badge, self._clock, self._pages = window, badge, clock, pages
        self._go: Callable[[object, object], None] = lambda _key, _row: None
        self._commands: Callable[[], Sequence[Choice]] = tuple

    @once
    def panel(self) -> "sync_panel.SyncPanel":
        made = sync_panel.SyncPanel(self._window, self._clock)
        made.retry_requested.connect(self.retry_requested)
        made.closed.connect(self._on_panel_closed)
        made.set_state(self._badge.state())
        return made

    @once
    def toasts(self) -> "toast.Toasts":
        made = toast.Toasts(self._window)
        made.action_chosen.connect(self.toast_action_chosen)
        return made

    @once
    def lock_screen(self) -> "lock_screen.LockScreen":
        made = lock_screen.LockScreen(self._window)
        made.retry_wanted.connect(self.retry_requested)
        return made

    @once
    def key_sheet(self) -> "key_sheet.KeySheet":
        return key_sheet.KeySheet(self._window)

    @once
    def palette(self) -> "palette.Palette":
        return palette.Palette(self._window, self._pages, self._go, self._commands)

    def lead_with(self, go: Callable[[object, object], None], commands: "Callable[[], Sequence[Choice]]") -> None:
        """``go`` turns to a page and a row of it; ``commands`` are what the palette offers besides what pages find."""
        self._go, self._commands = go, commands

    def _is_made(self, part: str) -> bool:
        return part in vars(self)

    def toggle_panel(self) -> None:
        """Open what the badge tells, or close it."""
        if self.panel.isVisible():
            self.panel.close_panel()
        else:
            self.panel.open_above(self._badge)

    def toggle_sheet(self) -> None:
        """Open the sheet of all keys, or put it away."""
        if self.key_sheet.isVisible():
            self.key_sheet.put_away()
        else:
            self.key_sheet.show_groups(keys.groups(self._pages))

    def toggle_palette(self) -> None:
        """Open what finds and leads everywhere, or put it away; a computer that was locked out finds nothing."""
        if self._is_locked_out():
            return
        if self.palette.isVisible():
            self.palette.put_away()
        else:
            self.palette.open()

    def _is_locked_out(self) -> bool:
        return self._is_made("lock_screen") and self.lock_screen.isVisible()

    def leave_page(self) -> None:
        """Another page comes in sight: what was opened over this one goes."""
        if self._is_made("panel"):
            self.panel.close_panel()

    def set_sync(self, state: "SyncState") -> None:
        """Show how the link to the service is, and that this computer was locked out."""
        if self._is_made("panel"):
            self.panel.set_state(state)
        if state.is_locked_out or self._is_made("lock_screen"):
            if state.is_locked_out and self._is_made("palette") and self.palette.isVisible():
                self.palette.put_away()
            self.lock_screen.show_state(state, self._window.centralWidget())

    def retranslate(self) -> None:
        """Say everything again after a change of language or theme."""
        for part in ("toasts", "panel", "lock_screen"):
            if self._is_made(part):
                getattr(self, part).retranslate()
        for sheet in ("key_sheet", "palette"):
            if self._is_made(sheet):
                getattr(self, sheet).put_away()

    def fit(self) -> None:
        """As large as the window."""
        for part in ("lock_screen", "key_sheet", "palette"):
            if self._is_made(part):
                getattr(self, part).fit()

    def _on_panel_closed(self) -> None:
        self._badge.setFocus(Qt.FocusReason.PopupFocusReason)
