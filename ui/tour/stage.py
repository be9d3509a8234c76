"""The tour's stage: waiting for the windows without blocking them, and taking their pictures."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from ui.desktop_window import DesktopWindow
from ui.tour.record import Record, StepFailed
from ui.tour.stopping import STOP

T = TypeVar("T")
POLL_MS = 5
STILL_MS = 80
BEAT_MS = 50
SIZES = ((1440, 900), (1366, 768))
SHORT = {"zh_CN": "zh", "en": "en"}


def wait_until(condition: Callable[[], bool], what: str, timeout_s: float = 20.0) -> int:
    """Let the windows live until ``condition`` holds; answers how many milliseconds that took.

    Raises StepFailed when it does not hold in time, and KeyboardInterrupt when the tour is to stop.
    """
    STOP.check()
    started = time.perf_counter()
    loop = QEventLoop()
    faults: list[Exception] = []

    def look() -> bool:
        """An exception in a slot would only be printed, so it is carried out of the loop."""
        try:
            return condition()
        except Exception as fault:
            faults.append(fault)
            return True

    def on_timeout() -> None:
        if STOP.is_due or look() or time.perf_counter() - started > timeout_s:
            loop.quit()

    poll = QTimer()
    poll.setInterval(POLL_MS)
    poll.timeout.connect(on_timeout)
    poll.start()
    if not look():
        loop.exec()
    poll.stop()
    STOP.check()
    if faults:
        raise StepFailed(f"{what}: {faults[0]!r}") from faults[0]
    if not condition():
        raise StepFailed(f"{what}: not within {timeout_s} s")
    return round((time.perf_counter() - started) * 1000)


def result_of(future: "Future[T]", what: str, timeout_s: float = 20.0) -> T:
    """The answer of a desk or of a buyer's thread, while the windows go on."""
    wait_until(future.done, what, timeout_s)
    return future.result()


def rest(ms: int) -> None:
    """Let what was asked for arrive and be painted before a picture is taken."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    beat = QTimer()  # Python must run now and then to hear of a signal
    beat.timeout.connect(lambda: loop.quit() if STOP.is_due else None)
    beat.start(BEAT_MS)
    loop.exec()
    beat.stop()
    STOP.check()


def still(widget: QWidget, most_s: float = 1.5) -> QImage:
    """The widget as soon as two looks at it are the same: what was asked for has arrived and is painted."""
    began = time.perf_counter()
    before = widget.grab().toImage()
    while True:
        rest(STILL_MS)
        now = widget.grab().toImage()
        if now == before or time.perf_counter() - began > most_s:
            return now
        before = now


class Camera:
    """Takes each page in both themes, both languages and both sizes."""

    def __init__(self, folder: Path, record: Record) -> None:
        self._folder = folder
        self._record = record

    def take(self, widget: QWidget, name: str) -> None:
        self._keep(still(widget), name)

    def _keep(self, image: QImage, name: str) -> None:
        path = self._folder / f"{name}.png"
        if not image.save(str(path)):
            raise StepFailed(f"the picture {path} could not be written")
        self._record.files.append(path.name)

    def take_pages(self, desktop: DesktopWindow, prefix: str = "") -> None:
        """Every page in every look. Dressing the windows costs most, so each theme is put on once."""
        for theme in ("light", "dark"):
            desktop.choose_theme(theme)
            for language, short in SHORT.items():
                desktop.choose_language(language)
                for key in desktop.page_keys():
                    desktop.window.go(key)
                    for width, height in SIZES:
                        desktop.window.resize(width, height)
                        self._keep(still(desktop.window), f"{prefix}{key}-{theme}-{short}-{width}x{height}")
        desktop.choose_theme("light")
        desktop.choose_language("zh_CN")

    def take_all(self, desktop: DesktopWindow, name: str, looks: Sequence[tuple[str, str, tuple[int, int]]]) -> None:
        """What is shown, in each of the looks: theme, language, size."""
        for theme, language, (width, height) in looks:
            desktop.choose_theme(theme)
            desktop.choose_language(language)
            desktop.window.resize(width, height)
            self._keep(still(desktop.window), f"{name}-{theme}-{SHORT[language]}-{width}x{height}")
        desktop.choose_theme("light")
        desktop.choose_language("zh_CN")
        desktop.window.resize(*SIZES[0])
