"""As long as nothing of the shop is on this computer, the page claims nothing about its orders."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.kernel.i18n import set_language
from app.replica.changes import ChangeSet, Origin
from tests.support.counter import Counter
from tests.ui.pages.orders.scene import Scene
from tests.ui.support.surface import clipped, unnamed
from ui.pages.orders import wording
from ui.pages.orders.page import OrdersPage
from ui.theme.apply import apply

LOOKS = (((1440, 900), "zh_CN", "light"), ((1366, 768), "en", "dark"))


@pytest.fixture
def fresh_counter(tmp_path: Path) -> Iterator[Counter]:
    """A counter that no shop has come to yet."""
    counter = Counter(tmp_path, ())
    stand(counter, "empty")
    yield counter
    counter.close()


def stand(counter: Counter, state: str) -> None:
    database = counter.desktop.holder.database
    with database.transaction():
        database.execute("UPDATE replica_meta SET bootstrap_state = ?", (state,))


def said(page: OrdersPage) -> str:
    return " | ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_shop_that_has_not_come_yet_is_not_called_one_without_orders(
    fresh_counter: Counter, qapp: QApplication, qtbot: QtBot, look: Any
) -> None:
    size, language, theme = look
    set_language(language)
    apply(qapp, theme)
    scene = Scene(fresh_counter, size)
    try:
        page = scene.page
        qtbot.waitUntil(page.list_card.empty_state.isVisible)
        words = said(page)
        assert "店铺还没到这台电脑" in words or "has not come to this computer" in words
        assert "还没有订单" not in words and "No orders" not in words
        tabs = [button.text() for button in page.tabs.findChildren(QPushButton)]
        assert tabs and not any(text[-1].isdigit() for text in tabs), "nobody knows how many they are"
        assert scene.entry.fact() == ""
        assert [*clipped(page), *unnamed(page)] == []
        page.tabs.tab_changed.emit("paid")
        qtbot.waitUntil(lambda: page.presenter.wanted.state != "")
        assert said(page).count("No orders fit") == 0 and "没有符合" not in said(page)
        page.tabs.tab_changed.emit("")
        stand(fresh_counter, "complete")
        fresh_counter.runner.publish(ChangeSet(Origin.BOOTSTRAP, {"orders": None}))
        qtbot.waitUntil(lambda: "还没有订单" in said(page) or "No orders yet" in said(page))
        assert scene.entry.fact() == wording.order_count(0)
    finally:
        scene.close()
