"""A strip for work that takes a while: how far it is, and a button to stop it."""

from typing import Final

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.kernel.i18n import tr
from ui.theme import metrics
from ui.theme.tokens import color
from ui.widgets.button import Button
from ui.widgets.text import label

_ROUND: Final = 4
_LEAST_RED: Final = 8


class _Bar(QProgressBar):
    """What came to nothing is the red end of what is done."""

    def __init__(self) -> None:
        super().__init__()
        self._failed = 0

    def set_failed(self, failed: int) -> None:
        if failed != self._failed:
            self._failed = failed
            self.update()

    def failed_box(self) -> QRect:
        """Where the red stands; empty while nothing failed."""
        whole = self.rect()
        if not self._failed or not self.maximum():
            return QRect()
        end = whole.width() * self.value() // self.maximum()
        # However few of many failed: it must be seen.
        width = min(end, max(_LEAST_RED, whole.width() * self._failed // self.maximum()))
        return QRect(end - width, 0, width, whole.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        box = self.failed_box()
        if not box.isEmpty():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("danger"))
            painter.drawRoundedRect(box, _ROUND, _ROUND)
            painter.end()


class ProgressStrip(QWidget):
    """Words, a bar and a stop button.

    Attributes: `stop_button`. Signals: `stop_requested()`.
    """

    stop_requested = Signal()

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label(title, "strong")
        self._fact = label("", "note")
        self._bar = _Bar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(title)
        self._stop_word = ""
        self.stop_button = Button("", parent=self)
        self.stop_button.set_height(metrics.BUTTON_SMALL)
        self.stop_button.clicked.connect(self._on_stop_clicked)
        words = QHBoxLayout()
        words.addWidget(self._title)
        words.addStretch(1)
        words.addWidget(self._fact)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addLayout(words)
        column.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(metrics.SPACE_L)
        row.addLayout(column, 1)
        row.addWidget(self.stop_button)
        self.retranslate()

    def set_title(self, title: str) -> None:
        """Say what is being done."""
        self._title.setText(title)
        self._bar.setAccessibleName(title)

    def set_progress(self, done: int, total: int, failed: int = 0) -> None:
        """Show how far it is, ``failed`` of those done in red; a total of 0 means that it is not known yet."""
        self._bar.set_failed(failed)
        self._bar.setRange(0, total)
        self._bar.setValue(min(done, total))
        self._fact.setText(tr("{done} of {total}", done=f"{done:,}", total=f"{total:,}") if total else "")

    def set_stopping(self, is_stopping: bool) -> None:
        """Show that the stop was heard but is not finished."""
        self.stop_button.setEnabled(not is_stopping)
        self.stop_button.setText(tr("Stopping…") if is_stopping else self._stop_word or tr("Stop"))

    def set_stop_word(self, word: str) -> None:
        """What the button stops, where that needs saying; "" for nothing special."""
        self._stop_word = word
        self.retranslate()

    def retranslate(self) -> None:
        """Say the button again in the language of now."""
        self.set_stopping(not self.stop_button.isEnabled())

    def _on_stop_clicked(self) -> None:
        self.set_stopping(True)
        self.stop_requested.emit()
