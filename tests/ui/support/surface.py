"""Questions that every window must answer well: is anything cut off, has everything a name."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QLabel, QScrollArea, QWidget

from ui.widgets.text import ElidedLabel


def _shown(root: QWidget) -> Iterator[QWidget]:
    for widget in (root, *root.findChildren(QWidget)):
        if widget.isVisibleTo(root) or widget is root:
            yield widget


def _scrolls(widget: QWidget, root: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None and parent is not root:
        if isinstance(parent, QScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def _outside(widget: QWidget, root: QWidget) -> bool:
    parent = widget.parentWidget()
    if widget is root or parent is None or widget.isWindow() or _scrolls(widget, root):
        return False
    return not parent.rect().contains(widget.geometry())


def clipped(root: QWidget) -> list[str]:
    """What does not fit: labels and buttons narrower than their text, and parts outside their parent."""
    found = []
    for widget in _shown(root):
        if _outside(widget, root):
            found.append(f"{type(widget).__name__} {widget.geometry()} outside its parent: {_words(widget)!r}")
        if isinstance(widget, ElidedLabel):
            continue
        if isinstance(widget, QLabel) and widget.text():
            needed = widget.heightForWidth(widget.width()) if widget.wordWrap() else widget.sizeHint().height()
            is_narrow = not widget.wordWrap() and widget.width() < widget.sizeHint().width()
            if is_narrow or widget.height() < needed:
                found.append(f"label cut: {widget.text()!r} {widget.size()} needs {widget.sizeHint()}")
        elif isinstance(widget, QAbstractButton) and widget.text() and widget.width() < widget.sizeHint().width():
            found.append(f"button cut: {widget.text()!r} {widget.width()} < {widget.sizeHint().width()}")
    return found


def _words(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    return str(text()) if callable(text) else widget.accessibleName()


def unnamed(root: QWidget) -> list[str]:
    """Widgets that take the keyboard but have nothing to say."""
    found = []
    for widget in _shown(root):
        if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus or widget.focusProxy() is not None:
            continue
        spoken = QAccessible.queryAccessibleInterface(widget)
        if spoken is None or not spoken.text(QAccessible.Text.Name).strip():
            found.append(f"{type(widget).__name__} {widget.objectName()!r} in {type(widget.parentWidget()).__name__}")
    return found
