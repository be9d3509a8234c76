"""Ctrl+C in a terminal, and whoever ends the process from outside."""

import signal
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

_NAMES: Final = ("SIGINT", "SIGTERM", "SIGBREAK")
_BEAT_MS: Final = 250


def stop_on_signals(app: QApplication) -> None:
    """Such a signal ends the program in order; Python must run now and then to notice it."""
    for name in _NAMES:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: app.quit())
    beat = QTimer(app)
    beat.timeout.connect(lambda: None)
    beat.start(_BEAT_MS)
