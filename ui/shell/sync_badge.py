"""The badge at the bottom of the side bar: always in sight, always with the time of the last state."""

from datetime import timedelta
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.kernel.i18n import tr
from ui.shell.moment import Clock, utc_now
from ui.shell.state import SyncPhase, SyncState, next_look, visible_phase
from ui.shell.sync_words import BadgeLook, badge_look
from ui.theme import fonts, icons, metrics, tokens

_HEIGHT: Final = 56
_TITLE_LEFT: Final = 42
_TITLE_RIGHT: Final = 6
_LINE: Final = 19
_GROUNDS: Final = {
    "plain": ("surface", "border"),
    "warn": ("warn_soft", "warn_edge"),
    "danger": ("danger_soft", "danger_edge"),
    "info": ("info_soft", "info_edge"),
}


class SyncBadge(QAbstractButton):
    """Shows a `SyncState`; `clicked` opens the panel or, when something must be decided, the issue centre.

    Signals: `panel_wanted()`, `issues_wanted()`, `offline_shown()` when it begins to say offline.
    """

    panel_wanted = Signal()
    issues_wanted = Signal()
    offline_shown = Signal()

    def __init__(self, clock: Clock = utc_now, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._state = SyncState(SyncPhase.SYNCED, clock())
        self._look = badge_look(self._state, clock())
        self._title_lines = 1
        self._was_offline = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.refresh)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(self._on_clicked)
        self.refresh()

    def set_state(self, state: SyncState) -> None:
        """Show another state, at once or as soon as it has lasted long enough to be worth it."""
        self._state = state
        self.refresh()

    def state(self) -> SyncState:
        """The state as it was given."""
        return self._state

    def look(self) -> BadgeLook:
        """What is on the screen now."""
        return self._look

    def refresh(self) -> None:
        """Decide again what is worth showing at this moment and in this language."""
        now = self._clock()
        self._look = badge_look(self._state, now)
        self.setText(self._look.title)
        self.setAccessibleName(tr("Sync: {title}. {note}", title=self._look.title, note=self._look.note))
        self.setToolTip(f"{self._look.title}\n{self._look.note}")
        self._fit()
        left = next_look(self._state, now)
        if left is None:
            self._timer.stop()
        else:
            self._timer.start(max(1, int(left / timedelta(milliseconds=1)) + 1))
        self.update()
        was_offline, self._was_offline = self._was_offline, self.is_offline_shown()
        if self._was_offline and not was_offline:
            self.offline_shown.emit()

    def _on_clicked(self) -> None:
        is_decision = self._look.card == "danger"
        (self.issues_wanted if is_decision else self.panel_wanted).emit()

    def _fit(self) -> None:
        """A long title, as in English, takes a second line instead of being cut."""
        bold = QFontMetricsF(fonts.font(metrics.BODY, fonts.STRONG))
        room = metrics.SIDE_WIDTH - 2 * 13 - _TITLE_LEFT - _TITLE_RIGHT
        self._title_lines = 1 if bold.horizontalAdvance(self._look.title) <= room else 2
        self.setFixedHeight(_HEIGHT + (self._title_lines - 1) * _LINE)

    def title_area(self) -> QRectF:
        """Where the title is drawn."""
        return QRectF(_TITLE_LEFT, 9, self.width() - _TITLE_LEFT - _TITLE_RIGHT, self._title_lines * _LINE)

    def is_offline_shown(self) -> bool:
        """Whether the badge says offline now."""
        return visible_phase(self._state, self._clock()) == SyncPhase.OFFLINE

    def sizeHint(self) -> QSize:
        return QSize(metrics.SIDE_WIDTH - 2 * 13, _HEIGHT + (self._title_lines - 1) * _LINE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, edge = _GROUNDS[self._look.card]
        painter.setBrush(tokens.color(ground))
        painter.setPen(QPen(tokens.color("accent" if self.hasFocus() else edge), 2 if self.hasFocus() else 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        place = QRect(13, (self.height() - 20) // 2, 20, 20)
        icons.paint(painter, place, self._look.icon, self._look.icon_token)
        title = self.title_area()
        painter.setFont(fonts.font(metrics.BODY, fonts.STRONG))
        painter.setPen(tokens.color(self._look.tone or "text"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(title, int(flags), self._look.title)
        note = QRectF(_TITLE_LEFT, title.bottom(), title.width(), _LINE)
        painter.setFont(fonts.font(metrics.NOTE))
        painter.setPen(tokens.color("text2"))
        shown = painter.fontMetrics().elidedText(self._look.note, Qt.TextElideMode.ElideRight, int(note.width()))
        painter.drawText(note, int(Qt.AlignmentFlag.AlignVCenter), shown)
