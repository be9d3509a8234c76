"""F1 tells of every key, and of none that does nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.kernel.i18n import set_language
from tests.support.counter import Counter
from tests.support.pickup_counter import PickupCounter
from tests.ui.pages.catalog.scene import Scene as GoodsScene
from tests.ui.pages.orders.scene import Scene as OrdersScene
from tests.ui.pages.orders.scene import settle
from tests.ui.pages.pickup.scene import Scene as PickupScene
from tests.ui.support.surface import clipped, unnamed
from ui.shell.key_sheet import KeyCaps
from ui.shell.main_window import MainWindow
from ui.widgets.keys import Key, bind

SIZES = ((1440, 900), (1366, 768))


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    shop = PickupCounter(tmp_path, ())
    scene = PickupScene(shop)
    assert scene.window is not None
    scene.window.activateWindow()
    qtbot.waitUntil(scene.window.isActiveWindow)
    yield scene.window
    scene.close()
    shop.close()


def bound(owner: QWidget) -> set[str]:
    """What the widget itself listens to."""
    found = owner.findChildren(QShortcut, "", Qt.FindChildOption.FindDirectChildrenOnly)
    return {shortcut.key().toString() for shortcut in found}


def told(window: MainWindow) -> list[str]:
    return [caps.text() for caps in window.over.key_sheet.findChildren(KeyCaps)]


def test_f1_opens_the_sheet_and_any_key_puts_it_away(window: MainWindow, qtbot: QtBot) -> None:
    field = window.focusWidget()
    assert field is not None
    qtbot.keyClick(field, Qt.Key.Key_F1)
    assert window.over.key_sheet.isVisible()
    assert {"F1", "Ctrl+K", "Ctrl+L", "F2+Esc", "F4", "Ctrl+Enter"} <= set(told(window))
    for size in SIZES:
        for language in ("zh_CN", "en"):
            set_language(language)
            window.retranslate()
            window.resize(*size)
            window.top_bar.keys_button.click()
            settle(QApplication.instance())
            assert clipped(window.over.key_sheet) == [] and unnamed(window.over.key_sheet) == []
    qtbot.keyClick(window.over.key_sheet, Qt.Key.Key_F4)
    assert not window.over.key_sheet.isVisible()
    page = window.page_widget("pickup")
    assert page._large.currentWidget() is page.waiting_card, "the page below did not hear the key"  # type: ignore[attr-defined]
    window.top_bar.keys_button.click()
    qtbot.keyClick(window.over.key_sheet, Qt.Key.Key_F1)
    assert not window.over.key_sheet.isVisible()


def test_each_page_binds_what_it_tells_of_and_tells_of_what_it_binds(tmp_path: Path) -> None:
    for name in ("goods", "pickup"):
        (tmp_path / name).mkdir()
    counter, shop = Counter(tmp_path / "goods", ()), PickupCounter(tmp_path / "pickup", ())
    scenes = (OrdersScene(counter), GoodsScene(counter), PickupScene(shop))
    try:
        for scene in scenes:
            keys: tuple[Key, ...] = scene.entry.shortcuts()
            wanted = {QKeySequence(text).toString() for key in keys if not key.is_native for text in key.sequences}
            assert bound(scene.page) == wanted
            letters = [text for key in keys for text in key.sequences if len(text) == 1 and text.isalnum()]
            assert letters == [], "a scanner types letters and digits"
            assert all(key.words() for key in keys)
    finally:
        for scene in scenes:
            scene.close()
        counter.close()
        shop.close()


def test_a_key_without_an_act_is_a_fault_at_once(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    with pytest.raises(KeyError):
        bind(owner, (Key("nowhere", ("F9",), lambda: "?"),), {})


def test_the_search_names_the_key_that_leads_to_it_as_the_foot_of_the_list_does(tmp_path: Path, qtbot: QtBot) -> None:
    """One truth: the table of keys that is bound."""
    counter = Counter(tmp_path, ())
    scene = GoodsScene(counter)
    window = scene.window
    assert window is not None
    try:
        field = window.top_bar.search_field
        foot = " ".join(words.text() for words in scene.page.findChildren(QLabel))
        assert (field.keys(), "Ctrl+F 搜索" in foot) == ("Ctrl+F", True)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        scene.page.table.setFocus()
        qtbot.keyClick(scene.page.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        assert field.hasFocus()
    finally:
        scene.close()
        counter.close()
