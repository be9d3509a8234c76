"""Ctrl+K: what it finds, what it offers, and where it leads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.support.counter import Counter
from tests.ui.pages.orders.scene import Scene
from tests.ui.support.shop_window import SamplePage
from ui.bridge.finds import Found, Hit
from ui.shell.main_window import MainWindow
from ui.shell.palette.palette import Palette
from ui.shell.state import ShopIdentity

K, CTRL = Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier
GOODS = ("云南小粒咖啡豆", "耶加雪菲咖啡豆", "手冲壶", "咖啡滤纸", "马克杯", "咖啡电子秤", "保温杯")


@dataclass
class FindingPage(SamplePage):
    """Finds among a few words; answers when it is told to."""

    words: tuple[str, ...] = GOODS
    waiting: list[Callable[[], None]] = field(default_factory=list)  # type: ignore[assignment]
    is_slow: bool = False

    def count(self) -> int | None:
        return None

    def find(self, words: str, most: int, on_found: Callable[[Found], None], is_wanted: Callable[[], bool]) -> None:
        fitting = [word for word in self.words if words in word]

        def answer() -> None:
            if is_wanted():
                on_found(Found(tuple(Hit(word, "note", word) for word in fitting[:most]), len(fitting)))

        self.waiting.append(answer)
        if not self.is_slow:
            answer()


@pytest.fixture
def goods() -> FindingPage:
    return FindingPage("products", "goods", "products", "商品", "Products")


@pytest.fixture
def window(qtbot: QtBot, goods: FindingPage) -> Iterator[MainWindow]:
    overview = SamplePage("overview", "business", "overview", "概览", "Overview")
    found = MainWindow((overview, goods), ShopIdentity("山野咖啡", "1 号柜台"))
    qtbot.addWidget(found)
    found.show()
    found.activateWindow()
    qtbot.waitUntil(found.isActiveWindow)
    yield found


def opened(window: MainWindow, qtbot: QtBot) -> Palette:
    qtbot.keyClick(window, K, CTRL)
    palette = window.over.palette
    assert palette.isVisible() and palette.field.hasFocus()
    return palette


def titles(palette: Palette) -> list[str]:
    return [choice.title for _, choice in palette.lines._choices]


def groups(palette: Palette) -> list[tuple[str, str]]:
    return [(group.key, group.count) for group in palette.lines._groups]


def test_with_nothing_typed_it_offers_what_can_be_done(window: MainWindow, qtbot: QtBot) -> None:
    palette = opened(window, qtbot)
    assert titles(palette)[:2] == ["去概览", "去商品"] and groups(palette) == [("commands", "7")]
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.current_page() == "products" and not palette.isVisible()


def test_it_finds_five_of_a_kind_and_says_how_many_there_are(window: MainWindow, qtbot: QtBot) -> None:
    palette = opened(window, qtbot)
    palette.field.setText("咖啡")
    assert groups(palette) == [("products", "4")] and titles(palette)[0] == GOODS[0]
    palette.field.setText("杯")
    assert titles(palette) == ["马克杯", "保温杯"]
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    chosen = palette.lines.chosen()
    assert chosen is not None and chosen[1].title == "保温杯", "above the first comes the last"


def test_tab_keeps_to_a_kind_and_a_bracket_to_what_can_be_done(
    window: MainWindow, goods: FindingPage, qtbot: QtBot
) -> None:
    goods.words = tuple(f"商品{number}" for number in range(9))
    palette = opened(window, qtbot)
    palette.field.setText("商品")
    assert groups(palette) == [("products", "9"), ("commands", "1")] and len(titles(palette)) == 6
    qtbot.keyClick(palette.field, Qt.Key.Key_Tab)
    assert len(titles(palette)) == 9 and groups(palette) == [("products", "9")]
    qtbot.keyClick(palette.field, Qt.Key.Key_Tab)
    assert len(titles(palette)) == 6
    palette.field.setText(">商品")
    assert titles(palette) == ["去商品"]
    palette.field.setText("qsp")
    assert titles(palette) == ["去商品"], "by the initials of its signs"


def test_esc_and_a_click_beside_it_put_it_away_and_the_keyboard_goes_back(window: MainWindow, qtbot: QtBot) -> None:
    window.top_bar.theme_button.setFocus()
    palette = opened(window, qtbot)
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible() and window.focusWidget() is window.top_bar.theme_button
    palette = opened(window, qtbot)
    qtbot.mouseClick(palette, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert not palette.isVisible()
    opened(window, qtbot)
    qtbot.keyClick(palette.field, K, CTRL)
    assert not palette.isVisible()


def test_what_was_typed_before_is_not_shown_any_more(window: MainWindow, goods: FindingPage, qtbot: QtBot) -> None:
    goods.is_slow = True
    palette = opened(window, qtbot)
    palette.field.setText("杯")
    palette.field.setText("壶")
    first, second = goods.waiting
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible(), "what stands there belongs to other words"
    second()
    first()
    assert titles(palette) == ["手冲壶"]


def test_what_nothing_fits_is_said(window: MainWindow, qtbot: QtBot) -> None:
    palette = opened(window, qtbot)
    palette.field.setText("没有的")
    assert titles(palette) == [] and palette._nothing.isVisible() and "没有的" in palette._nothing.text()
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()


def test_an_order_is_opened_from_another_page_and_its_buyer_stays_masked(tmp_path: Path, qtbot: QtBot) -> None:
    counter = Counter(tmp_path)
    scene = Scene(counter)
    window = scene.window
    assert window is not None
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    palette = opened(window, qtbot)
    palette.field.setText("WX2026")
    qtbot.waitUntil(lambda: any(key == "orders" for key, _ in groups(palette)))
    group, choice = next(one for one in palette.lines._choices if one[0].key == "orders")
    assert group.title and choice.mark is not None and "******" in choice.note
    palette.lines._chosen = palette.lines._choices.index((group, choice))
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: scene.page.presenter.detail is not None)
    assert scene.page.presenter.detail is not None and scene.page.presenter.detail.order.no in choice.note
    scene.close()
    counter.close()
