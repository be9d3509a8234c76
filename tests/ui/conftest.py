"""Every window test starts in the light theme and in Chinese, whatever ran before it."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app.kernel.i18n import set_language
from ui.theme.apply import apply


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    set_language("zh_CN")
    apply(qapp, "light")
    yield qapp
    apply(qapp, "light")
    set_language("zh_CN")
