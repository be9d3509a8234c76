"""The large field for a code: a scanner needs no focus for it, a person types here."""

from typing import Final

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.theme import icons

HEIGHT: Final = 64
_ICON: Final = 22
_LEFT: Final = 20
_LONGEST: Final = 64


class ScanField(QLineEdit):
    """Letters and figures only, past any input method. Enter says what was typed, and does nothing else.

    Signals: `entered(object)` carries the text on Enter.
    """

    entered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "scan")
        self.setFixedHeight(HEIGHT)
        self.setMaxLength(_LONGEST)
        self.setTextMargins(_LEFT + _ICON + 6, 0, 0, 0)
        # An input method would keep the letters of a code for itself.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhLatinOnly
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhPreferUppercase
        )

    def set_name(self, name: str) -> None:
        """The hint in the empty field, which is also its spoken name."""
        self.setPlaceholderText(name)
        self.setAccessibleName(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit(self.text())
            event.accept()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        place = QRect(_LEFT, (self.height() - _ICON) // 2, _ICON, _ICON)
        icons.paint(QPainter(self), place, "scan", "accent_text")
