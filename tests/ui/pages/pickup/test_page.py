"""The pickup page in its window: the gun works wherever the focus is, and nothing but a scan or a key of its own
redeems.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from app.desk.sounds import Sound
from app.kernel.i18n import set_language
from tests.support.pickup_counter import HERE, LIN, SONG, PickupCounter
from tests.ui.pages.orders.scene import settle
from tests.ui.pages.pickup.scene import STORY, Scene, many_shop, states
from tests.ui.support.surface import clipped, unnamed
from ui.pages.pickup.dialogs import PartDialog, ShelfDialog
from ui.pages.pickup.verdict import Act, Kind
from ui.theme.apply import apply

CTRL = Qt.KeyboardModifier.ControlModifier
ENTER = Qt.Key.Key_Return
Open = Callable[..., Scene]


@pytest.fixture
def open_scene(qtbot: QtBot) -> Iterator[Open]:
    opened: list[Scene] = []

    def make(shop: PickupCounter, size: tuple[int, int] = (1440, 900), point_id: str = HERE) -> Scene:
        scene = Scene(shop, size, point_id)
        opened.append(scene)
        assert scene.window is not None
        scene.window.activateWindow()
        qtbot.waitUntil(scene.window.isActiveWindow)
        return scene

    yield make
    for scene in opened:
        scene.close()


def test_a_scan_anywhere_is_seen_heard_and_listed_at_once(shop: PickupCounter, open_scene: Open, qtbot: QtBot) -> None:
    scene = open_scene(shop)
    page = scene.page
    assert page.waiting_card.field.hasFocus() and scene.entry.count() == 1
    qtbot.keyClicks(page.waiting_card.field, "48")
    qtbot.waitUntil(lambda: page.waiting_card.field.text() == "48")
    page.expected_card.rows[0].setFocus()
    scene.scan(LIN)
    assert page.verdict_card.isVisible() and "已核销，请交货" in page.verdict_card.texts()
    assert page.waiting_card.field.text() == "" and scene.speaker.heard == [Sound.PICKUP_DONE]
    assert scene.entry.count() == 0
    assert [row.words.name for row in page.expected_card.rows] == ["赵一鸣"]
    assert [row.words.name for row in page.collected_card.rows] == ["林晓雨"]
    assert page.collected_card.rows[0].words.chip == "未同步"
    shop.counter.push()
    assert page.collected_card.rows[0].words.chip == ""
    for button in page.verdict_card.buttons.values():
        button.setFocus()
        scene.press("", ENTER)
    assert page.presenter.verdict is not None, "Enter presses nothing here"
    scene.scan(SONG)
    assert page.verdict_card.band.ground() == "band_blue" and scene.speaker.heard[-1] is Sound.PICKUP_ELSEWHERE
    qtbot.keyClick(page, Qt.Key.Key_C, CTRL)
    assert "江南大道 228 号" in QGuiApplication.clipboard().text() and scene.said == ["地址已复制。"]
    qtbot.keyClick(page, Qt.Key.Key_7)
    qtbot.waitUntil(lambda: page.waiting_card.field.text() == "7")
    assert page.presenter.verdict is None, "typing over a verdict begins the next customer"


def test_by_hand_enter_only_finds_and_a_key_of_its_own_redeems(
    shop: PickupCounter, open_scene: Open, qtbot: QtBot
) -> None:
    scene = open_scene(shop)
    page = scene.page
    page.waiting_card.field.setText("48210001")
    qtbot.keyClick(page.waiting_card.field, ENTER)
    card = page.verdict_card
    assert card.isVisible() and card.band.title() == "找到了，核对后再核销"
    for _ in range(2):
        card.buttons[Act.REDEEM].setFocus()
        qtbot.keyClick(card.buttons[Act.REDEEM], ENTER)
    assert shop.counter.runner.given == []
    qtbot.keyClick(page, Qt.Key.Key_D, CTRL)
    part = page.dialog
    assert isinstance(part, PartDialog)
    part.qty_fields["o1-1"].field.setText("6901234567892")
    assert not part.redeem_button.isEnabled() and "条码" in part.problem_notice.text_label.text()
    assert clipped(part) == []
    part.qty_fields["o1-1"].set_value(0)
    assert part.problem_notice.isHidden()
    qtbot.keyClick(part.qty_fields["o1-2"].field, ENTER)
    assert shop.counter.runner.given == []
    part.redeem_button.click()
    assert scene.window is not None
    scene.window.activateWindow()
    qtbot.waitUntil(scene.window.isActiveWindow)
    assert "×1" in card.texts() and "还差 2 件" in card.texts()
    qtbot.keyClick(page, Qt.Key.Key_Z, CTRL)
    assert card.band.title() == "已撤销，没有核销"
    qtbot.keyClick(page, ENTER, CTRL)
    assert card.band.title() == "已核销，请交货" and "共 3 件" in card.texts()
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert page.waiting_card.isVisible() and page.waiting_card.field.hasFocus()


def test_who_has_lost_the_code_is_found_by_name_and_prepared_goods_are_handed_over(
    shop: PickupCounter, open_scene: Open, qtbot: QtBot
) -> None:
    scene = open_scene(shop)
    page = scene.page
    qtbot.keyClick(page, Qt.Key.Key_F4)
    panel = page.found_panel
    assert (
        panel.isVisible() and panel.field.hasFocus() and [row.words.name for row in panel.rows] == ["林晓雨", "赵一鸣"]
    )
    panel.field.setText("一鸣")
    qtbot.waitUntil(lambda: len(panel.rows) == 1, timeout=2000)
    qtbot.keyClick(panel.field, Qt.Key.Key_Down)
    qtbot.keyClick(panel.rows[0], ENTER)
    assert page.verdict_card.band.title() == "货还没备好" and shop.counter.runner.given == []
    qtbot.keyClick(page, Qt.Key.Key_B, CTRL)
    dialog = page.dialog
    assert isinstance(dialog, ShelfDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    scene.press("SHELF-B-02")
    assert dialog.isVisible() and dialog.shelf_field.text() == "SHELF-B-02", "a dialog gets what is scanned into it"
    qtbot.keyClick(dialog.shelf_field, ENTER)
    assert dialog.isVisible() and dialog.ready_button.hasFocus(), "Enter leads to the button first"
    qtbot.keyClick(dialog.ready_button, ENTER)
    assert scene.window is not None
    scene.window.activateWindow()
    qtbot.waitUntil(scene.window.isActiveWindow)
    assert page.verdict_card.slot_box.text() == "SHELF-B-02"
    page.verdict_card.buttons[Act.REDEEM].click()
    assert page.presenter.verdict is not None and page.presenter.verdict.kind is Kind.DONE
    qtbot.keyClick(page, Qt.Key.Key_F2)
    qtbot.mouseClick(page.collected_card.rows[0], Qt.MouseButton.LeftButton)
    assert page.presenter.verdict.kind is Kind.ALREADY and page.collected_card.rows[0].is_lit()
    qtbot.keyClick(page, Qt.Key.Key_O, CTRL)
    assert scene.gone == [("orders", "o2")]


def test_which_point_this_is_is_asked_once_and_remembered(shop: PickupCounter, open_scene: Open) -> None:
    scene = open_scene(shop, point_id="")
    page = scene.page
    assert not page.waiting_card.field.isEnabled() and set(page.waiting_card.point_buttons) == {"wensan", "binjiang"}
    assert page.waiting_card.title() == "请先选取货点"
    scene.scan(SONG)
    assert page.waiting_card.notice.isVisible() and shop.counter.runner.given == []
    page.waiting_card.point_buttons["binjiang"].click()
    assert page.waiting_card.title() == "请扫取货码"
    assert scene.preferences.read().pickup_point_id == "binjiang" and scene.entry.fact().startswith("取货点 滨江星光店")
    scene.scan(SONG)
    assert page.presenter.verdict is not None and page.presenter.verdict.kind is Kind.DONE


def test_the_point_that_the_settings_choose_counts_at_once(shop: PickupCounter, open_scene: Open) -> None:
    scene = open_scene(shop, point_id="")
    page = scene.page
    scene.preferences.write(replace(scene.preferences.read(), pickup_point_id="binjiang"))
    assert page.waiting_card.title() == "请扫取货码" and scene.entry.fact().startswith("取货点 滨江星光店")
    scene.scan(SONG)
    assert page.presenter.verdict is not None and page.presenter.verdict.kind is Kind.DONE


@pytest.mark.parametrize(("language", "size"), [("zh_CN", (1440, 900)), ("en", (1366, 768))])
def test_every_state_fits_and_has_names(
    tmp_path: Path, open_scene: Open, dressed: QApplication, language: str, size: tuple[int, int]
) -> None:
    set_language(language)
    shop = many_shop(tmp_path)
    try:
        scene = open_scene(shop, size)
        for name, reach in states(scene).items():
            reach()
            settle(dressed)
            assert scene.window is not None
            assert clipped(scene.window) == [], name
            assert unnamed(scene.window) == [], name
            card = scene.page.verdict_card
            if card.isVisible():
                cut = [line.text() for line in (card.before, card.big, card.lead) if line.toolTip()]
                assert cut == [], name
        apply(dressed, "dark")
        scene.page.retranslate()
        settle(dressed)
        assert clipped(scene.window) == []
    finally:
        shop.close()


def test_goods_that_do_not_fit_are_counted_and_scrolled_to(tmp_path: Path, open_scene: Open, qtbot: QtBot) -> None:
    shop = many_shop(tmp_path)
    try:
        scene = open_scene(shop, (1366, 768))
        scene.scan(STORY[9])
        goods = scene.page.verdict_card.goods
        qtbot.waitUntil(goods.more_label.isVisible)
        assert len(goods.rows) == 4 and goods.more_label.text().startswith("↓ 下面还有")
        bar = goods.findChild(QScrollArea).verticalScrollBar()
        bar.setValue(bar.maximum())
        qtbot.waitUntil(lambda: not goods.more_label.isVisible())
        head = scene.page.verdict_card.slot_box
        assert head.text() == "仓库二层 B-12" and "仓库二层 B-12" in scene.page.verdict_card.texts()
    finally:
        shop.close()
