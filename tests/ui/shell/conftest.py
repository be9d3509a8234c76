"""Windows that are held while they are on the screen and really gone afterwards."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from tests.ui.support import shop_window
from ui.shell.main_window import MainWindow

Opener = Callable[[int, int], MainWindow]


@pytest.fixture
def open_window() -> Iterator[Opener]:
    """Opens windows of a size. A window that nobody holds could be collected in the middle of being painted."""
    held: list[MainWindow] = []

    def open_one(width: int, height: int) -> MainWindow:
        window = shop_window.window()
        held.append(window)
        window.resize(width, height)
        window.show()
        return window

    yield open_one
    for window in held:
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(open_window: Opener) -> MainWindow:
    return open_window(1440, 900)
