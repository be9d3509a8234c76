"""How the shop's accounts outside are said to stand."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.wire.carrier import CarrierReply
from app.wire.outside import OutsideReply, OutsideState
from tests.support.counter import Counter
from tests.ui.pages.settings.scene import Scene

TEXT = "The file that {variable} names cannot be read."
PARAMS = {"variable": "ZHANGGUI_KEY_FILE"}


@pytest.mark.parametrize("key", ["wechat", "carrier"])
def test_what_is_wrong_with_an_account_is_said_whole(
    counter: Counter, tmp_path: Path, qapp: QApplication, key: str
) -> None:
    scene = Scene(counter, tmp_path)
    scene.door.account = OutsideReply(OutsideState.FAULTY, problem="x", problem_text=TEXT, problem_params=PARAMS)
    scene.door.sf.reply = CarrierReply(OutsideState.FAULTY, problem="x", problem_text=TEXT, problem_params=PARAMS)
    try:
        section = scene.section(key)
        scene.page.page_shown()
        assert section.state_label.text() == "ZHANGGUI_KEY_FILE 指定的文件读不出来。"
    finally:
        scene.close()
