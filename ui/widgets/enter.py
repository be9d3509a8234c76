"""Enter in a dialog that does something for good: it presses only the button that has the keyboard."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog

from ui.widgets.button import Button


def press_focused(dialog: QDialog, event: QKeyEvent) -> bool:
    """Whether the key was Enter, and so is done with.

    A dialog's default button would be pressed by Enter in any field, and what it does would be done unasked.
    """
    if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return False
    button = dialog.focusWidget()
    if isinstance(button, Button):
        button.click()
    return True
