"""The window as a whole: nothing cut off, everything named, both themes and languages while it runs."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.kernel.i18n import set_language, tr
from tests.ui.shell.conftest import Opener
from tests.ui.support import shop_window as sample
from tests.ui.support.surface import clipped, unnamed
from ui.shell.issue_state import IssueChoice
from ui.shell.main_window import ISSUES, MainWindow, first_size
from ui.shell.navigation import in_order
from ui.shell.state import ShopIdentity, SyncPhase, SyncState
from ui.theme import tokens
from ui.theme.apply import apply
from ui.widgets.button import Button

SCENES = ("goods", "empty", "issue", "prices", "nothing to decide", "offline")


def play(window: MainWindow, scene: str) -> None:
    window.set_issues(sample.issues() if scene in {"issue", "prices"} else ())
    if scene in {"issue", "prices"}:
        window.set_sync(replace(window.badge.state(), issue_count=2))
        window.go(ISSUES, "i1" if scene == "issue" else "i2")
    elif scene == "nothing to decide":
        window.go(ISSUES)
    else:
        window.go("products" if scene == "goods" else "orders")
    if scene == "offline":
        window.set_sync(sample.offline())
        QApplication.processEvents()
        window.over.panel.open_above(window.badge)
    QApplication.processEvents()


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(1440, 900), (1366, 768)])
def test_nothing_is_cut_off(open_window: Opener, scene: str, language: str, size: tuple[int, int]) -> None:
    set_language(language)
    window = open_window(*size)
    play(window, scene)
    assert (window.width(), window.height()) == size
    assert clipped(window) == []


@pytest.mark.parametrize("scene", SCENES)
def test_everything_that_takes_the_keyboard_has_a_name(window: MainWindow, scene: str) -> None:
    play(window, scene)
    assert unnamed(window) == []


def test_an_unnamed_button_would_be_found(window: MainWindow) -> None:
    window.top_bar.bell_button.setAccessibleName("")
    window.top_bar.bell_button.setToolTip("")
    assert len(unnamed(window)) == 1


@pytest.mark.parametrize("size", [(1440, 900), (1366, 768)])
def test_all_entries_stand_without_scrolling(window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    QApplication.processEvents()
    last = window.side_bar.entries()[-1]
    below = last.mapTo(window, last.rect().bottomLeft()).y()
    assert below < window.badge.mapTo(window, window.badge.rect().topLeft()).y()


def test_an_entry_appears_only_for_a_page_and_in_the_order_of_the_groups(window: MainWindow) -> None:
    keys = [entry.page.key for entry in window.side_bar.entries()]
    assert keys[:2] == ["overview", "orders"]
    assert keys[-3:] == ["settings", "printing", "settlement"]


def test_a_page_in_an_unknown_group_or_twice_is_refused() -> None:
    page = sample.pages()[0]
    with pytest.raises(ValueError, match="nowhere"):
        in_order([replace(page, group="nowhere")])
    with pytest.raises(ValueError, match="settings"):
        in_order([page, page])


def test_a_count_is_shown_only_while_something_waits(window: MainWindow) -> None:
    bar = window.side_bar
    assert bar.entry("orders").shown_count() == "18"
    assert bar.entry("shipping").shown_count() == ""
    assert bar.entry("overview").shown_count() == ""
    assert bar.entry("after_sales").shown_count() == "999+"
    assert "18" in bar.entry("orders").accessibleName()


def test_number_keys_and_clicks_lead_to_pages(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.current_page() == "orders"
    assert window.top_bar.title_label.text() == "订单"
    window.side_bar.entry("products").click()
    assert window.current_page() == "products"
    assert window.side_bar.entry("products").isChecked()
    assert not window.side_bar.entry("orders").isChecked()


def test_the_search_is_there_only_for_pages_that_can_be_searched(window: MainWindow, qtbot: QtBot) -> None:
    window.go("orders")
    assert not window.top_bar.search_field.isVisible()
    window.go("products")
    assert window.top_bar.search_field.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(window.top_bar.search_field, "latte")
    qtbot.keyClick(window.top_bar.search_field, Qt.Key.Key_Return)
    goods = window.page_widget("products")
    assert isinstance(goods, sample.GoodsWidget)
    assert goods.searched == "latte"


def test_the_language_changes_under_the_open_window(window: MainWindow) -> None:
    window.go("products")
    goods = window.page_widget("products")
    assert isinstance(goods, sample.GoodsWidget)
    assert window.badge.text() == "已同步"
    set_language("en")
    window.retranslate()
    assert window.badge.text() == "Synced"
    assert window.top_bar.title_label.text() == "Products"
    assert window.side_bar.entry("stock").text() == "Stock"
    assert goods.add_button.text() == "New product"
    assert goods.model.headerData(0, Qt.Orientation.Horizontal) == "Product"


def test_the_theme_changes_under_the_open_window(window: MainWindow, dressed: QApplication, qtbot: QtBot) -> None:
    window.go("orders")
    spot = (window.width() - 8, window.height() - 8)
    assert window.grab().toImage().pixelColor(*spot) == QColor(tokens.LIGHT["bg"])
    with qtbot.waitSignal(window.theme_chosen) as chosen:
        window.top_bar.theme_button.click()
    assert chosen.args == ["dark"]
    apply(dressed, "dark")
    window.retranslate()
    assert window.grab().toImage().pixelColor(*spot) == QColor(tokens.DARK["bg"])
    side = window.grab().toImage().pixelColor(4, window.height() // 2)
    assert side == QColor(tokens.DARK["side"])
    assert window.top_bar.theme_button.accessibleName() == "浅色主题"


def test_esc_closes_the_panel_and_gives_the_keyboard_back(window: MainWindow, qtbot: QtBot) -> None:
    window.set_sync(sample.offline())
    window.badge.click()
    assert window.over.panel.isVisible()
    with qtbot.waitSignal(window.retry_requested):
        window.over.panel.retry_button.click()
    qtbot.keyClick(window.over.panel, Qt.Key.Key_Escape)
    assert not window.over.panel.isVisible()


def test_a_red_badge_and_the_bell_lead_to_the_issues(window: MainWindow) -> None:
    window.set_issues(sample.issues())
    window.set_sync(SyncState(SyncPhase.SYNCED, sample.NOW, synced_at=sample.NOW, issue_count=2))
    window.badge.click()
    assert window.current_page() == ISSUES
    assert window.top_bar.fact_label.text() == "2 个要你定 · 今天已了结 1 个"
    window.go("orders")
    window.top_bar.bell_button.click()
    assert window.current_page() == ISSUES


def test_a_decision_is_told_with_its_issue(window: MainWindow, qtbot: QtBot) -> None:
    window.set_issues(sample.issues())
    window.go(ISSUES, "i2")
    buttons = {b.property("action_key"): b for b in window.issue_centre.detail.findChildren(Button)}
    with qtbot.waitSignal(window.issue_decided) as told:
        buttons["mine"].click()
    assert told.args == [IssueChoice("i2", "mine")]


def test_both_values_of_a_price_conflict_look_alike(window: MainWindow) -> None:
    window.set_issues(sample.issues())
    window.go(ISSUES, "i2")
    QApplication.processEvents()
    keys = ("theirs", "mine")
    found = [b for b in window.issue_centre.detail.findChildren(Button) if b.property("action_key") in keys]
    assert len({(button.size().width(), button.property("kind")) for button in found}) == 1
    assert len(found) == 2


def test_an_open_panel_keeps_its_height_when_the_state_changes(open_window: Opener) -> None:
    window = open_window(1440, 900)
    play(window, "offline")
    height = window.over.panel.height()
    window.set_sync(sample.offline())
    assert window.over.panel.height() == height


def test_nothing_is_said_of_who_works_here_before_it_is_known(qtbot: QtBot) -> None:
    window = MainWindow(sample.pages(), ShopIdentity("山野咖啡", "柜台 1"))
    qtbot.addWidget(window)
    button = window.top_bar.person_button
    window.retranslate()
    assert (button.text(), button.accessibleName()) == ("", tr("Change person"))
    window.set_person(None)
    assert button.text() == tr("Nobody signed in")


@pytest.mark.parametrize(
    ("screen", "window"),
    [((1920, 1080), (1440, 900)), ((1366, 728), (1366, 728)), ((1440, 860), (1440, 860)), ((800, 800), (1440, 900))],
)
def test_the_first_window_is_whole_on_the_screen(screen: tuple[int, int], window: tuple[int, int]) -> None:
    assert first_size(QSize(*screen)) == QSize(*window)
