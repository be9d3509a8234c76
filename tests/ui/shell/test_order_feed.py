"""A newly paid order is said over the window, and one press leads to it."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.desk.hub import ChangeHub
from app.desk.notifications import NewOrders, Notifications
from app.desk.sounds import Sound
from app.kernel.i18n import set_language
from tests.support.clocks import FixedClock
from tests.ui.shell.conftest import Opener
from tests.ui.support.surface import clipped, unnamed
from ui.shell.main_window import MainWindow
from ui.shell.order_feed import OrderFeed, new_orders_text
from ui.shell.state import SyncPhase, SyncState
from ui.widgets.button import Button

ONE = NewOrders(1, 19_800, 2, "o7")


class Listening:
    """The window with its notifications; ``heard`` are the sounds."""

    def __init__(self, window: MainWindow) -> None:
        self.heard: list[Sound] = []
        self.clock = FixedClock()
        self.notifications = Notifications(ChangeHub(), lambda query: None, self.heard.append, self.clock)  # type: ignore[arg-type, return-value]
        self.feed = OrderFeed(self.notifications, window)


def view_button(window: MainWindow, verb: str = "查看") -> Button:
    return next(b for b in window.findChildren(Button) if b.text() == verb and b.isVisible())


def test_it_says_what_came(window: MainWindow) -> None:
    listening = Listening(window)
    listening.notifications.on_new_orders(ONE)
    shown = window.over.toasts.shown()
    assert shown is not None and shown.said() == "新订单 ¥198.00 · 共 2 件"


@pytest.mark.parametrize(
    ("language", "came", "said"),
    [
        ("zh_CN", NewOrders(1, 9_900, 1, "o7"), "新订单 ¥99.00 · 共 1 件"),
        ("zh_CN", NewOrders(3, 123_450, 6, "o7"), "3 笔新订单 ¥1,234.50 · 共 6 件"),
        ("en", NewOrders(1, 9_900, 1, "o7"), "New order ¥99.00 · 1 piece"),
        ("en", ONE, "New order ¥198.00 · 2 pieces"),
        ("en", NewOrders(3, 123_450, 6, "o7"), "3 new orders ¥1,234.50 · 6 pieces"),
    ],
)
def test_the_words(language: str, came: NewOrders, said: str) -> None:
    set_language(language)
    assert new_orders_text(came) == said


def test_one_press_opens_the_order(window: MainWindow, qtbot: QtBot) -> None:
    listening = Listening(window)
    window.go("products")
    opened: list[object] = []
    window.toast_action_chosen.connect(opened.append)
    listening.notifications.on_new_orders(ONE)
    qtbot.mouseClick(view_button(window), Qt.MouseButton.LeftButton)
    assert window.current_page() == "orders"
    assert opened == ["order:o7"]
    assert window.over.toasts.shown() is None


def test_orders_that_come_while_a_message_waits_are_told_together(window: MainWindow) -> None:
    notifications = Listening(window).notifications
    for number in range(20):
        notifications.on_new_orders(NewOrders(1, 1_000, 2, f"o{number}"))
    said = []
    while (shown := window.over.toasts.shown()) is not None:
        said.append((shown.said(), shown.action_key))
        window.over.toasts.dismiss()
    assert said == [("新订单 ¥10.00 · 共 2 件", "order:o0"), ("19 笔新订单 ¥190.00 · 共 38 件", "order:o19")]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_message_fits_and_is_named(open_window: Opener, language: str) -> None:
    set_language(language)
    window = open_window(1366, 768)
    Listening(window).notifications.on_new_orders(NewOrders(12, 98_765_400, 345, "o7"))
    assert window.over.toasts.shown() is not None
    assert clipped(window) == []
    assert unnamed(window) == []


def test_the_lost_line_is_heard_once_when_the_badge_begins_to_say_it(window: MainWindow) -> None:
    listening = Listening(window)
    now = window.badge.state().since
    window.set_sync(SyncState(SyncPhase.OFFLINE, now + timedelta(days=1)))  # has only just begun
    assert listening.heard == []
    for _ in range(3):
        window.set_sync(SyncState(SyncPhase.OFFLINE, now - timedelta(minutes=1)))
        listening.clock.advance(minutes=1)  # it is not the pause between two sounds that keeps it silent
    assert listening.heard == [Sound.OFFLINE]
