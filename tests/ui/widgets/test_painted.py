"""What is done behind the next painting of a widget."""

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.painted import after_painting


class Sheet(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.told.append("painted")


def test_it_is_done_behind_the_painting(qtbot: QtBot) -> None:
    sheet = Sheet()
    qtbot.addWidget(sheet)
    with qtbot.waitExposed(sheet):
        sheet.show()
    qtbot.waitUntil(lambda: "painted" in sheet.told)
    sheet.told.clear()
    sheet.update()
    after_painting(sheet, lambda: sheet.told.append("done"))
    assert sheet.told == []
    qtbot.waitUntil(lambda: "done" in sheet.told)
    assert sheet.told == ["painted", "done"]
    sheet.repaint()
    assert sheet.told == ["painted", "done", "painted"], "once"


def test_nobody_waits_for_what_is_not_painted(qtbot: QtBot) -> None:
    sheet = Sheet()
    qtbot.addWidget(sheet)
    after_painting(sheet, lambda: sheet.told.append("hidden"))
    assert sheet.told == ["hidden"]
    with qtbot.waitExposed(sheet):
        sheet.show()
    qtbot.waitUntil(lambda: "painted" in sheet.told)
    sheet.told.clear()
    after_painting(sheet, lambda: sheet.told.append("covered"))
    qtbot.waitUntil(lambda: "covered" in sheet.told)
    assert sheet.told == ["covered"]
