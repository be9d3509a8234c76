"""What covers the window of a computer that the owner has locked out: nothing can be done or seen here any more."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.kernel.i18n import tr
from ui.shell.state import SyncState
from ui.widgets.empty_state import EmptyState, Step


class LockScreen(QWidget):
    """Hidden until it is needed; then it lies over everything and has the keyboard.

    Signals: `retry_wanted()`: the owner may have let this computer in again.
    """

    retry_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown = (False, 0)
        self.setProperty("ground", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._state = EmptyState("lock", self)
        self._state.step_chosen.connect(self.retry_wanted)
        column = QVBoxLayout(self)
        column.addWidget(self._state)
        self.hide()

    def show_state(self, state: SyncState, covered: QWidget | None) -> None:
        """Cover the window, or lay it open again."""
        shown = (state.is_locked_out, state.waiting_count)
        if shown == self._shown:
            return
        self._shown = shown
        self.setVisible(state.is_locked_out)
        if covered is not None:
            covered.setEnabled(not state.is_locked_out)
        if state.is_locked_out:
            self.retranslate()
            self.fit()
            self.raise_()
            self.setFocus()

    def fit(self) -> None:
        """As large as the window."""
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())

    def retranslate(self) -> None:
        note = tr("Ask the owner, who sees it under Settings.")
        kept = tr("Nothing is deleted on this computer.")
        _, count = self._shown
        if count:
            kept = tr("Nothing is deleted here; {count} changes that were not uploaded are kept.", count=count)
        title = tr("This computer was locked out of the shop")
        self._state.set_texts(title, f"{note}\n{kept}", (Step("retry", tr("Look again"), is_primary=True),))
