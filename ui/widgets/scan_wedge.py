"""Takes what a scanner types, wherever the focus of a window is, and leaves what a person types alone."""

import time
from collections.abc import Callable
from typing import Final, TypeAlias

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ui.widgets.burst import Burst, Timing, narrow, plain_sign

Pressed: TypeAlias = QKeyEvent | QInputMethodEvent

ENDS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
# A gun presses Shift before each capital, and some give Caps Lock back at the end.
_SILENT: Final = (Qt.Key.Key_Shift, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock)
_BESIDE: Final = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
_LONGEST_DELAY_S: Final = 60.0
_TRAILING_S: Final = 0.3


class KeyClock:
    """When a key was pressed, in seconds: by the system's own stamp if there is one, so that a busy window that is
    handed its keys late and all at once does not take slow typing for a scan.
    """

    def __init__(self) -> None:
        self._offset = float("inf")

    def __call__(self, event: Pressed) -> float:
        now = time.monotonic()
        stamp = event.timestamp() / 1000 if isinstance(event, QKeyEvent) else 0.0
        if not stamp:  # input methods have none: told by the stamps' clock
            return now if self._offset == float("inf") else now - self._offset
        delay = now - stamp
        # The least one ever seen is the difference of the two clocks; stamps begin anew after some weeks.
        if delay < self._offset or delay - self._offset > _LONGEST_DELAY_S:
            self._offset = delay
        return stamp


class ScanWedge(QObject):
    """Keys are held back until it is clear who typed them, at most 100 ms; a person's go on to where they belong.

    Listens only while `set_listening(True)`, and only to the window of its parent: a dialog gets its own keys.

    Signals:
        scanned(object): the text, narrow and without Enter.
        garbled(): a scanner typed into an input method, which has eaten its keys.
    """

    scanned = Signal(object)
    garbled = Signal()

    def __init__(
        self,
        parent: QWidget,
        is_code: Callable[[str], bool] = lambda _: False,
        timing: Timing | None = None,
        clock: Callable[[Pressed], float] | None = None,
    ) -> None:
        super().__init__(parent)
        self._widget = parent
        self._is_code = is_code
        self._clock = clock or KeyClock()
        self._burst = Burst(timing)
        self._composed = Burst(timing)
        self._held: list[tuple[QWidget, QEvent]] = []
        self._deaf_at = float("-inf")
        self._scanned_at = float("-inf")
        self._is_listening = False
        self._is_handing_back = False
        self._looked_again = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)

    def set_listening(self, is_listening: bool) -> None:
        """Begin or stop; what is held when it stops goes on to where it was typed."""
        app = QCoreApplication.instance()
        if is_listening == self._is_listening or app is None:
            return
        self._is_listening = is_listening
        if is_listening:
            app.installEventFilter(self)
        else:
            app.removeEventFilter(self)
            self._hand_back()

    # Keys

    def _on_key(self, target: QWidget, event: QKeyEvent) -> bool:
        """Whether the key is taken away from its target."""
        if event.key() in _SILENT:
            return False
        at = self._clock(event)
        if self._is_deaf(at):
            return True
        joins = self._burst.joins(at)
        sign = "" if event.modifiers() & ~_BESIDE else plain_sign(event.text())
        # A key held down repeats for the first time long after it was pressed, so a repeat never begins a burst.
        if sign and (joins or not event.isAutoRepeat()):
            held = QKeyEvent(event.type(), event.key(), event.modifiers(), event.text())
            self._hold(target, held, sign, at)
            return True
        if event.key() in ENDS:
            return self._on_end(at)
        self._hand_back()
        return False

    def _on_end(self, at: float) -> bool:
        text = self._burst.ended(at)
        if text:
            self._scanned_at = at
            self._say(text)
            return True
        self._hand_back()
        # Some guns end with two keys, some send theirs late: neither may press what has the focus now.
        return 0 <= at - self._scanned_at <= _TRAILING_S

    def _hold(self, target: QWidget, event: QEvent, sign: str, at: float) -> None:
        if not self._burst.joins(at):
            self._hand_back()
        self._burst.add(sign, at)
        self._held.append((target, event))
        self._looked_again = False
        self._timer.start(round(self._burst.wait_s() * 1000))

    def _say(self, text: str) -> None:
        self._timer.stop()
        self._held.clear()
        self.scanned.emit(text)

    def _hand_back(self) -> None:
        """It was typing: the keys go, in their order, to whoever would have had them."""
        self._timer.stop()
        self._burst.drop()
        held, self._held = self._held, []
        self._is_handing_back = True
        try:
            for target, event in held:
                if isValid(target):
                    QCoreApplication.sendEvent(target, event)
        finally:
            self._is_handing_back = False

    def _on_timer_timeout(self) -> None:
        if not self._looked_again:
            # After a long piece of work keys of the same burst may still stand in line: they come first.
            self._looked_again = True
            self._timer.start(0)
            return
        last_at = self._burst.last_at
        text = self._burst.paused()
        if text:
            self._scanned_at = last_at
            self._say(text)
        else:
            self._hand_back()

    # Input methods

    def _on_composed(self, target: QWidget, event: QInputMethodEvent) -> bool:
        """An input method has had the keys first; whether its answer is taken away from its target."""
        at = self._clock(event)
        if self._is_deaf(at):
            return True
        sign = "" if event.preeditString() else plain_sign(event.commitString())
        if sign:  # methods in wide or in English mode pass sign by sign
            held = QInputMethodEvent()
            held.setCommitString(event.commitString())
            self._hold(target, held, sign, at)
            return True
        self._hand_back()
        text = narrow(event.commitString())
        if self._is_code(text):  # Enter makes most methods give the letters as they were typed
            self._composed.drop()
            _forget_composition(target)
            self.scanned.emit(text)
            return True
        if not self._composed.joins(at):
            self._composed.drop()
        self._composed.add("", at)
        if len(self._composed) < self._composed.timing.least_unended:
            return False
        self._composed.drop()
        self._deaf_at = at
        _forget_composition(target)
        self.garbled.emit()
        return True

    def _is_deaf(self, at: float) -> bool:
        """The rest of a scan whose beginning is lost is no scan."""
        is_deaf = 0 <= at - self._deaf_at <= self._burst.timing.gap_s
        self._deaf_at = at if is_deaf else float("-inf")
        return is_deaf

    # Qt's side

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._is_handing_back or not isinstance(watched, QWidget) or watched.window() is not self._widget.window():
            return False
        if isinstance(event, QInputMethodEvent):
            return self._on_composed(watched, event)
        if not isinstance(event, QKeyEvent):
            return False
        kind = event.type()
        if kind == QEvent.Type.KeyPress:
            return self._on_key(watched, event)
        if kind == QEvent.Type.ShortcutOverride and self._burst.is_running and event.key() in ENDS:
            event.accept()  # Enter ends the scan and is no shortcut
            return True
        return kind == QEvent.Type.KeyRelease and self._burst.is_running


def _forget_composition(target: QWidget) -> None:
    """Clear what the input method has begun in a field."""
    QGuiApplication.inputMethod().reset()
    QCoreApplication.sendEvent(target, QInputMethodEvent())
