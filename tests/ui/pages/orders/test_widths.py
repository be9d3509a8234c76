"""On a small screen, in the language with the longer words: what has to be read whole is not cut."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.kernel.i18n import set_language
from tests.support.counter import Bought, Counter
from tests.ui.pages.orders.scene import Scene, settle
from tests.ui.support.painted import painted_words
from ui.pages.orders.dialogs import ShipDialog

MANY = Bought((("bean", 60), ("milk", 39)))


@pytest.fixture
def scene(counter: Counter, qtbot: QtBot) -> Iterator[Scene]:
    set_language("en")
    counter.buy(4, MANY)
    counter.pull()
    found = Scene(counter, (1366, 768))
    qtbot.waitUntil(lambda: found.page.model.loaded_count() == 4)
    yield found
    found.close()


def lines(scene: Scene) -> dict[str, float]:
    return {text: baseline for _, baseline, text in painted_words(scene.page.table)}


@pytest.mark.parametrize("width", [1180, 1280, 1366])
def test_every_order_number_stands_there_whole_with_its_pieces(scene: Scene, qapp: QApplication, width: int) -> None:
    assert scene.window is not None
    scene.window.resize(width, 700)
    settle(qapp)
    numbers = {text for text in lines(scene) if text.startswith("WX")}
    assert numbers == {
        "WX20261123040001 · ×2",
        "WX20261123040002 · ×1",
        "WX20261123040003 · ×5",
        "WX20261123040004 · ×99",
    }


def test_what_is_not_synced_stands_below_the_state_where_there_is_no_room_beside_it(scene: Scene, qtbot: QtBot) -> None:
    page = scene.page
    scene.counter.unplug()
    page.presenter.open_order("o3")
    page.ship()
    assert isinstance(page.dialog, ShipDialog)
    page.dialog.number_field.setText("SF1688124306257")
    page.dialog.qty_fields["o3-1"].set_value(1)
    page.dialog.ship_button.click()
    qtbot.waitUntil(lambda: "Not synced" in lines(scene))
    said = lines(scene)
    assert "Partly shipped" in said and 20 < said["Not synced"] - said["Partly shipped"] < 30


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("width", [1366, 1440, 1600, 1920])
def test_the_hint_of_the_search_is_read_whole(scene: Scene, qapp: QApplication, width: int, language: str) -> None:
    set_language(language)
    assert scene.window is not None
    scene.window.resize(width, 768)
    scene.window.retranslate()
    settle(qapp)
    field = scene.page.search_field
    assert "Number, receiver" in field.placeholderText() or "搜单号、收货人" in field.placeholderText()
    begins, margins = field.cursorRect().left(), field.textMargins()
    ends = field.width() - margins.right() - (begins - margins.left())
    assert field.fontMetrics().horizontalAdvance(field.placeholderText()) <= ends - begins
