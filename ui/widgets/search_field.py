"""A search field that waits for the typing to pause."""

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QWidget

from ui.theme import fonts, icons, metrics, tokens

PAUSE_MS = 180
_KEYCAP_HEIGHT = 22
_USUAL = 264
_TEXT_EDGE = 2
"""What a line edit leaves free at both ends of its text."""


class SearchField(QLineEdit):
    """A magnifier, the text, and at the right the key that leads here.

    Signals: `search_changed(object)` carries the text after a pause, at once on Enter and on Esc.
    """

    search_changed = Signal(object)

    def __init__(self, name: str = "", keys: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self._last = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._on_pause_timeout)
        self.textChanged.connect(self._on_text_changed)
        self._set_margins()
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """The hint in the empty field, which is also its spoken name."""
        self.setPlaceholderText(name)
        self.setAccessibleName(name)
        self.updateGeometry()

    def keys(self) -> str:
        return self._keys

    def set_keys(self, keys: str) -> None:
        """The key that leads here; empty for none."""
        self._keys = keys
        self._set_margins()
        self.update()

    def _set_margins(self) -> None:
        self.setTextMargins(24, 0, self._keycap_width() + 8 if self._keys and not self.text() else 0, 0)

    def _hint_width(self) -> int:
        """What the field has to be for its hint to be read whole, with the key beside it."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        inner = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        around = self.width() - inner.width() + 2 * _TEXT_EDGE
        beside = self._keycap_width() + 8 if self._keys else 0
        return around + 24 + self.fontMetrics().horizontalAdvance(self.placeholderText()) + beside + 1

    def _keycap_width(self) -> int:
        return self.fontMetrics().horizontalAdvance(self._keys) + 14

    def _on_text_changed(self, _text: str) -> None:
        self._set_margins()
        self._pause.start()

    def _on_pause_timeout(self) -> None:
        self._say()

    def _say(self) -> None:
        self._pause.stop()
        if self.text() != self._last:
            self._last = self.text()
            self.search_changed.emit(self._last)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self._say()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._say()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(max(_USUAL, self._hint_width()), metrics.BUTTON)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        icons.paint(painter, QRect(10, (self.height() - 16) // 2, 16, 16), "search", "text3")
        if self._keys and not self.text():
            width = self._keycap_width()
            cap = QRect(self.width() - width - 9, (self.height() - _KEYCAP_HEIGHT) // 2, width, _KEYCAP_HEIGHT)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(tokens.color("border2"))
            painter.setBrush(tokens.color("surface"))
            painter.drawRoundedRect(cap, 5, 5)
            painter.setFont(fonts.font(11))
            painter.setPen(tokens.color("text2"))
            painter.drawText(cap, int(Qt.AlignmentFlag.AlignCenter), self._keys)
