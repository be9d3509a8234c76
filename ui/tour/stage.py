"""The tour's stage: waiting for the windows without blocking them, and taking their pictures."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from ui.start import DesktopWindow
from ui.tour.record import Record, StepFailed

T = TypeVar("T")
POLL_MS = 5
SIZES = ((1440, 900), (1366, 768))


def wait_until(condition: Callable[[], bool], what: str, timeout_s: float = 20.0) -> int:
    """Let the windows live until ``condition`` holds; answers how many milliseconds that took."""
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
        if look() or time.perf_counter() - started > timeout_s:
            loop.quit()

    poll = QTimer()
    poll.setInterval(POLL_MS)
    poll.timeout.connect(on_timeout)
    poll.start()
    if not look():
        loop.exec()
    poll.stop()
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
    loop.exec()


class Camera:
    """Takes each page in both themes, both languages and both sizes."""

    def __init__(self, folder: Path, record: Record) -> None:
        self._folder = folder
        self._record = record

    def take(self, widget: QWidget, name: str) -> None:
        path = self._folder / f"{name}.png"
        if not widget.grab().save(str(path)):
            raise StepFailed(f"the picture {path} could not be written")
        self._record.files.append(path.name)

    def take_all(
        self, desktop: DesktopWindow, name: str, looks: Sequence[tuple[str, str, tuple[int, int]]] | None = None
    ) -> None:
        """``looks`` are (theme, language, size); without them every combination that a shop may have."""
        all_looks = [(t, lang, s) for t in ("light", "dark") for lang in ("zh_CN", "en") for s in SIZES]
        for theme, language, (width, height) in looks or all_looks:
            desktop.choose_theme(theme)
            desktop.choose_language(language)
            desktop.window.resize(width, height)
            rest(250)
            short = {"zh_CN": "zh", "en": "en"}[language]
            self.take(desktop.window, f"{name}-{theme}-{short}-{width}x{height}")
        desktop.choose_theme("light")
        desktop.choose_language("zh_CN")
        desktop.window.resize(*SIZES[0])
        rest(150)
