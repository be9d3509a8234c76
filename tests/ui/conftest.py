"""Every window test starts in the light theme, in Chinese and by this computer's clock, whatever ran before it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from app.kernel.i18n import set_language
from app.kernel.zone import set_zone
from ui.theme import tokens
from ui.theme.apply import apply


def _light(app: QApplication) -> None:
    # Dressing every widget again costs more than most tests.
    if tokens.current() != "light" or not app.styleSheet():
        apply(app, "light")


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    set_language("zh_CN")
    set_zone("")
    _light(qapp)
    yield qapp
    # Without a loop nobody comes to delete what asked for it: hundreds of windows would be dressed with the next ones.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    _light(qapp)
    set_language("zh_CN")
    set_zone("")
