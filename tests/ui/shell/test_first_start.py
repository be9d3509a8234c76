"""What a first start says while the demo shop is made, and the button that brings a buyer into it."""

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.desk.founding import Founding
from app.desk.status import Link, SyncStatus
from tests.ui.support.surface import clipped, unnamed
from ui.shell.demo_feed import DemoFeed
from ui.shell.first_start import FirstStart
from ui.shell.main_window import MainWindow

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)


class Founder:
    def __init__(self) -> None:
        self.on_founding: Callable[[Founding], None] = lambda _: None


class Buyers:
    """Comes when told how it goes."""

    def __init__(self) -> None:
        self.called = 0
        self.on_ordered: Callable[[], None] = lambda: None
        self.on_failed: Callable[[str], None] = lambda _: None

    def order_now(self) -> None:
        self.called += 1


def test_a_first_start_says_what_it_does_until_the_shop_is_here(window: MainWindow) -> None:
    founder = Founder()
    first = FirstStart(founder, window)
    first.show_status(SyncStatus(Link.LOADING, NOW, progress=("orders", 900)))
    assert first.view.isHidden()  # nobody founds anything: the pages are in use meanwhile
    founder.on_founding(Founding("pictures", 3, 85))
    assert first.view.isVisible() and first.view.what_label.text() == "绘制商品图片"
    founder.on_founding(Founding("orders", 3_200, 5_000))
    assert (first.view.what_label.text(), first.view.fact_label.text()) == ("生成历史订单", "3,200 / 5,000")
    assert (first.view.bar.value(), first.view.bar.maximum()) == (3_200, 5_000)
    assert not clipped(first.view) and not unnamed(first.view)
    first.show_status(SyncStatus(Link.LOADING, NOW, progress=("orders", 12_000), part=(23, 46)))
    assert first.view.fact_label.text() == "正在取订单 23/46，12,000 行"
    first.show_status(SyncStatus(Link.ONLINE, NOW))
    assert first.view.isHidden()
    founder.on_founding(Founding("orders", 1, 2))
    first.give_up()
    assert first.view.isHidden()


def test_a_first_start_says_so_before_its_service_has_said_anything(window: MainWindow) -> None:
    for is_demo, note in ((True, "演示"), (False, "建立店铺")):
        first = FirstStart(Founder(), window)
        first.begin(is_demo=is_demo)
        assert first.view.isVisible() and first.view.what_label.text() == "正在启动店铺服务"
        assert note in first.view.note() and not clipped(first.view)
        first.show_status(SyncStatus(Link.ONLINE, NOW))
        assert first.view.isHidden()


def test_a_counter_that_never_had_the_shop_says_that_it_comes_instead_of_showing_an_empty_one(
    window: MainWindow,
) -> None:
    first = FirstStart(Founder(), window)
    first.join(SyncStatus(Link.LOADING, NOW, progress=("orders", 12_000), part=(23, 46)))
    assert first.view.isVisible() and first.view.fact_label.text() == "正在取订单 23/46，12,000 行"
    assert "演示" not in first.view.note() and not clipped(first.view)
    first.show_status(SyncStatus(Link.ONLINE, NOW))
    assert first.view.isHidden()
    first.show_status(SyncStatus(Link.LOADING, NOW))
    assert first.view.isHidden()  # later the pages are in use while the shop is fetched anew


def test_the_demos_button_brings_one_buyer_at_a_time(window: MainWindow, qtbot: QtBot) -> None:
    buyers, button = Buyers(), window.top_bar.demo_button
    feed = DemoFeed(buyers, window)
    assert button.isHidden()
    feed.show(is_demo=True)
    assert button.isVisible() and button.text() == "来一单"
    window.activateWindow()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not window.top_bar.bell_button.hasFocus()  # a second press of the key does not open something else
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (buyers.called, button.isEnabled()) == (1, False)
    buyers.on_ordered()
    assert button.hasFocus() and button.isEnabled() and window.over.toasts.shown() is None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    buyers.on_failed("nothing is there")
    shown = window.over.toasts.shown()
    assert button.isEnabled() and shown is not None and "演示买家没能下单" in shown.said()
    feed.show(is_demo=False)
    assert button.isHidden()
