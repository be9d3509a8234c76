"""Short messages at the bottom: one after the other, in nobody's way."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QHBoxLayout, QWidget

from ui.theme import metrics, tokens
from ui.widgets.button import Button
from ui.widgets.icon_label import IconLabel
from ui.widgets.text import label

ToastTone: TypeAlias = Literal["done", "info", "warning", "issue"]
Words: TypeAlias = Callable[[], str]
SHOWN_MS = 4000
WITH_ACTION_MS = 8000
MOST_WAITING = 5
_LARGEST_WIDTH = 560
# Above the bar for ticked rows, which stands at the bottom of a list.
_ABOVE_EDGE = 92
_LOOK_MS = 200


@dataclass(frozen=True)
class Toast:
    """A message; `verb` gives it one button, such as undo, with an `action_key` to tell or an `act` to carry out.

    What is to outlive a change of language is given as something that says it anew.
    """

    text: str | Words
    tone: ToastTone = "done"
    verb: str | Words = ""
    action_key: str = ""
    act: Callable[[], object] | None = None

    def said(self) -> str:
        """The message in the language of now."""
        return self.text if isinstance(self.text, str) else self.text()

    def said_verb(self) -> str:
        return self.verb if isinstance(self.verb, str) else self.verb()

    def can_be_said_anew(self) -> bool:
        return not isinstance(self.text, str)


class Toasts(QObject):
    """Shows messages over a window, queued. A message that waits already is not queued twice.

    None stands over a button that somebody may be about to press: it rises above it, also when the button comes later.

    Signals: `action_chosen(object)` carries the `action_key` of the pressed button.
    """

    action_chosen = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._waiting: deque[Toast] = deque()
        self._shown: Toast | None = None
        self._frame: QFrame | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        self._looking = QTimer(self)
        self._looking.setInterval(_LOOK_MS)
        self._looking.timeout.connect(self._place)
        window.installEventFilter(self)

    def show_toast(self, toast: Toast) -> None:
        """Show a message as soon as the ones before it are gone."""
        spoken = (toast.said(), toast.action_key)
        if any((other.said(), other.action_key) == spoken for other in (self._shown, *self._waiting) if other):
            return
        self._waiting.append(toast)
        while len(self._waiting) > MOST_WAITING:
            self._waiting.popleft()
        if self._shown is None:
            self._show_next()

    def take_back(self, toast: Toast) -> bool:
        """Drop a message that still waits; whether it did."""
        waiting = [each for each in self._waiting if each is not toast]
        was_waiting = len(waiting) < len(self._waiting)
        self._waiting = deque(waiting)
        return was_waiting

    def retranslate(self) -> None:
        """The language has changed: say what can be said anew, and take away what was only said in the other one."""
        self._waiting = deque(toast for toast in self._waiting if toast.can_be_said_anew())
        toast = self._shown
        if toast is None:
            return
        if not toast.can_be_said_anew():
            self.dismiss()
        elif self._frame is not None:
            self._frame.hide()
            self._frame.deleteLater()
            self._put_up(toast)

    def shown(self) -> Toast | None:
        """The message that is on the screen now."""
        return self._shown

    def dismiss(self) -> None:
        """Take the shown message away and go on to the next."""
        self._timer.stop()
        self._looking.stop()
        if self._frame is not None:
            self._frame.hide()
            self._frame.deleteLater()
        self._frame = None
        self._shown = None
        self._show_next()

    def _show_next(self) -> None:
        if not self._waiting:
            return
        toast = self._waiting.popleft()
        self._shown = toast
        self._put_up(toast)
        self._timer.start(WITH_ACTION_MS if toast.said_verb() else SHOWN_MS)

    def _put_up(self, toast: Toast) -> None:
        self._frame = self._build(toast)
        self._place()
        self._frame.show()
        self._frame.raise_()
        self._looking.start()

    def _build(self, toast: Toast) -> QFrame:
        marks = {
            "done": ("done", "bar_accent"),
            "info": ("info", "on_bar"),
            "warning": ("warning", "on_bar"),
            "issue": ("issue", "on_bar"),
        }
        frame = QFrame(self._window)
        frame.setProperty("card", "bar")
        frame.setAccessibleName(toast.said())
        row = QHBoxLayout(frame)
        row.setContentsMargins(14, 10, 16, 10)
        row.setSpacing(metrics.SPACE_S + 2)
        row.addWidget(IconLabel(*marks[toast.tone], 18))
        words = label(toast.said(), "strong")
        if words.sizeHint().width() > _LARGEST_WIDTH:
            words.setWordWrap(True)
            words.setFixedWidth(_LARGEST_WIDTH)
        row.addWidget(words)
        if toast.said_verb():
            button = Button(toast.said_verb(), "bar")
            button.set_height(metrics.BUTTON_SMALL - 4)
            button.clicked.connect(self._on_action_clicked)
            row.addWidget(button)
        shadow = QGraphicsDropShadowEffect(frame)
        shadow.setBlurRadius(28)
        shadow.setOffset(0, 8)
        shadow.setColor(tokens.color("shadow"))
        frame.setGraphicsEffect(shadow)
        return frame

    def _place(self) -> None:
        if self._frame is None:
            return
        self._frame.adjustSize()
        left = (self._window.width() + metrics.SIDE_WIDTH - self._frame.width()) // 2
        lowest = self._window.height() - self._frame.height() - _ABOVE_EDGE
        place = QRect(QPoint(left, lowest), self._frame.size())
        in_the_way = self._in_the_way()
        while hit := [each for each in in_the_way if each.intersects(place)]:
            place.moveBottom(min(each.top() for each in hit) - metrics.SPACE_M)
        self._frame.move(place.topLeft() if place.top() > 0 else QPoint(left, lowest))

    def _in_the_way(self) -> list[QRect]:
        """Where the buttons stand that matter: what is to be done next, and all that are large."""
        found = []
        for button in self._window.findChildren(Button):
            matters = button.property("kind") in ("primary", "danger") or button.property("scale") == "huge"
            if matters and button.isVisible():
                found.append(QRect(button.mapTo(self._window, QPoint(0, 0)), button.size()))
        return found

    def _on_action_clicked(self) -> None:
        toast = self._shown
        self.dismiss()
        if toast is None:
            return
        if toast.act is not None:
            toast.act()
        else:
            self.action_chosen.emit(toast.action_key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        elif event.type() == QEvent.Type.KeyPress and self._frame is not None:
            key = getattr(event, "key", None)
            if key is not None and key() == Qt.Key.Key_Escape:
                self.dismiss()
                return True
        return super().eventFilter(watched, event)
