"""The opened badge: since when, next try, what waits, what works now, and what waits for the network."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGraphicsDropShadowEffect, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.kernel.i18n import tr
from ui.shell.moment import Clock, hour_minute, utc_now
from ui.shell.state import SyncPhase, SyncState, visible_phase
from ui.shell.sync_words import badge_look, panel_note, waiting_title
from ui.theme import metrics, tokens
from ui.widgets.button import Button
from ui.widgets.card import Card, rule
from ui.widgets.icon_label import IconLabel
from ui.widgets.text import ElidedLabel, TextTone, label

_WIDTH: Final = 392
_MOST_LISTED: Final = 8
_TICK_MS: Final = 1000


class SyncPanel(Card):
    """Lies over the window above the badge; Esc or a press beside it closes it.

    Signals: `retry_requested()`; `closed()`.
    """

    retry_requested = Signal()
    closed = Signal()

    def __init__(self, window: QWidget, clock: Clock = utc_now) -> None:
        super().__init__(kind="popup", parent=window)
        self._window = window
        self._clock = clock
        self._state = SyncState(SyncPhase.SYNCED, clock())
        self._content: QWidget | None = None
        self._note = label("", "note")
        self.retry_button = Button("", parent=self)
        self.retry_button.set_height(metrics.BUTTON_SMALL)
        self.retry_button.clicked.connect(self.retry_requested)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._on_tick_timeout)
        self.setFixedWidth(_WIDTH)
        self.hide()

    def set_state(self, state: SyncState) -> None:
        """Show another state; an open panel changes in place."""
        self._state = state
        if self.isVisible():
            self._rebuild()

    def open_above(self, badge: QWidget) -> None:
        """Show the panel above the badge and take the keyboard."""
        self._rebuild()
        self._place(badge)
        self.show()
        self.raise_()
        self._window.installEventFilter(self)
        self.retry_button.setFocus()
        self._tick.start()

    def close_panel(self) -> None:
        """Take the panel away."""
        if self.isVisible():
            self._tick.stop()
            self._window.removeEventFilter(self)
            self.hide()
            self.closed.emit()

    def retranslate(self) -> None:
        """Say everything again."""
        if self.isVisible():
            self._rebuild()

    def _place(self, badge: QWidget) -> None:
        self._fit()
        bottom = badge.mapTo(self._window, badge.rect().topLeft()).y() - 12
        self.move(16, max(8, bottom - self.height()))

    def _fit(self) -> None:
        """As high as the wrapped texts need at this width; `adjustSize` guesses too low."""
        self.body.invalidate()
        self.body.activate()
        self.setFixedHeight(max(self.body.totalHeightForWidth(_WIDTH), self.body.totalMinimumSize().height()))

    def _rebuild(self) -> None:
        bottom = self.geometry().bottom()
        if self._content is not None:
            self.body.removeWidget(self._content)
            self.retry_button.setParent(self)
            self._note.setParent(self)
            self._content.hide()
            self._content.deleteLater()
        self._content = self._build()
        self.body.addWidget(self._content)
        self._content.show()  # a layout does not count what was never shown, and the panel may be open already
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(32)
        shadow.setOffset(0, 8)
        shadow.setColor(tokens.color("shadow"))
        self.setGraphicsEffect(shadow)
        if self.isVisible():
            self._fit()
            self.move(16, max(8, bottom + 1 - self.height()))

    def _build(self) -> QWidget:
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(metrics.SPACE_M)
        column.addLayout(self._head())
        column.addWidget(rule(content))
        column.addWidget(label(waiting_title(self._state), "label", wraps=True))
        if self._state.waiting:
            column.addLayout(self._waiting())
        if visible_phase(self._state, self._clock()) == SyncPhase.OFFLINE:
            column.addWidget(rule(content))
            column.addLayout(self._abilities())
        return content

    def _head(self) -> QHBoxLayout:
        look = badge_look(self._state, self._clock())
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(look.title, "emphasis"))
        self._note.setText(panel_note(self._state, self._clock()))
        self._note.setWordWrap(True)
        words.addWidget(self._note)
        self._note.show()
        row = QHBoxLayout()
        row.setSpacing(metrics.SPACE_M)
        row.addWidget(IconLabel(look.icon, look.icon_token, 26))
        row.addLayout(words, 1)
        self.retry_button.setText(tr("Try now"))
        self.retry_button.setAccessibleName(tr("Try now"))
        row.addWidget(self.retry_button, 0, Qt.AlignmentFlag.AlignTop)
        self.retry_button.show()
        return row

    def _waiting(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(metrics.SPACE_M)
        grid.setVerticalSpacing(metrics.SPACE_S)
        grid.setColumnStretch(1, 1)
        newest = sorted(self._state.waiting, key=lambda item: item.at, reverse=True)
        for row, item in enumerate(newest[:_MOST_LISTED]):
            grid.addWidget(label(hour_minute(item.at), "note"), row, 0)
            grid.addWidget(ElidedLabel(item.text), row, 1)
            grid.addWidget(label(item.note, "note"), row, 2, Qt.AlignmentFlag.AlignRight)
        rest = self._state.waiting_count - min(len(newest), _MOST_LISTED)
        if rest > 0:
            grid.addWidget(label(tr("and {count} more", count=rest), "note"), _MOST_LISTED, 1, 1, 2)
        return grid

    def _abilities(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(metrics.SPACE_L)
        row.addLayout(self._list(tr("Works now"), "accent", ("check", "accent_text", ""), self._state.works_now), 1)
        waits = self._list(tr("Needs the network"), "warn", ("wait", "text3", "muted"), self._state.needs_network)
        row.addLayout(waits, 1)
        return row

    def _list(self, title: str, tone: TextTone, mark: tuple[str, str, TextTone], items: Sequence[str]) -> QVBoxLayout:
        icon, token, text_tone = mark
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(label(title, "strong", tone))
        for item in items:
            row = QHBoxLayout()
            row.setSpacing(metrics.SPACE_S)
            row.addWidget(IconLabel(icon, token, 15), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label(item, "body", text_tone, wraps=True), 1)
            column.addLayout(row)
        column.addStretch(1)
        return column

    def _on_tick_timeout(self) -> None:
        self._note.setText(panel_note(self._state, self._clock()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.Resize):
            self.close_panel()
        return super().eventFilter(watched, event)
