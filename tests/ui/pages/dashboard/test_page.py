"""The overview on the screen: whole in every look, led by mouse and keys, fresh by itself."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.desk.figures import shop_overview
from app.desk.queries import OrderFilter
from app.desk.session import OnDuty
from app.desk.status import Link, SyncStatus
from app.domain.permission import Role
from app.kernel.i18n import set_language
from app.replica.reader import open_reader
from tests.support.clocks import FixedClock
from tests.support.shelf import MONDAY, Shelf, order
from tests.ui.pages.dashboard.scene import Runner, _content
from tests.ui.support.shop_window import SHOP
from tests.ui.support.surface import clipped, unnamed
from tests.ui.support.wording import missing_glyphs, untranslated
from ui.bridge.pictures import PictureShelf
from ui.bridge.services import PageServices
from ui.pages.dashboard.entry import DashboardEntry
from ui.pages.dashboard.models import board
from ui.pages.dashboard.newest import NewestCard
from ui.pages.dashboard.page import DashboardPage, entry
from ui.shell.main_window import MainWindow
from ui.shell.state import Person
from ui.theme.apply import apply
from ui.widgets.text import ElidedLabel

LOOKS = (
    ("zh_CN", (1440, 900), "light", Role.OWNER),
    ("zh_CN", (1366, 768), "dark", Role.OWNER),
    ("en", (1440, 900), "dark", Role.CLERK),
    ("en", (1366, 768), "light", Role.OWNER),
)


@dataclass
class Scene:
    """A window with the overview alone; `opened` is where it led to."""

    window: MainWindow
    entry: DashboardEntry
    runner: Runner
    desk: Any
    opened: list[tuple[str, object]]
    status: list[SyncStatus]

    @property
    def page(self) -> DashboardPage:
        found = self.window.page_widget("overview")
        assert isinstance(found, DashboardPage)
        return found

    def fact(self) -> str:
        return self.window.top_bar.fact_label.text()

    def figure(self, key: str) -> str:
        return self.page.figure_cards[key].figure_label.text()


@pytest.fixture
def make_scene(qapp: QApplication) -> Iterator[Callable[[Shelf], Scene]]:
    made: list[Scene] = []

    def make(shelf: Shelf) -> Scene:
        desk = SimpleNamespace(clock=FixedClock(MONDAY), on_duty=OnDuty("o", "李敏", Role.OWNER))
        runner, opened, status = Runner(shelf), list[tuple[str, object]](), list[SyncStatus]()
        windows: list[MainWindow] = []
        services = PageServices(
            desk,  # type: ignore[arg-type]
            runner,
            lambda _text: None,
            lambda key, row: opened.append((key, row)),
            recount=lambda: windows[0].refresh_counts() if windows else None,
            sync_status=lambda: status[-1] if status else None,
        )
        found = entry(services)
        windows.append(MainWindow((found,), SHOP, desk.clock.now))
        scene = Scene(windows[0], found, runner, desk, opened, status)
        scene.window.set_person(Person("李敏", "店主"))
        scene.window.show()
        made.append(scene)
        return scene

    yield make
    for scene in made:
        scene.page.presenter.close()
        scene.window.close()
        scene.window.deleteLater()


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_page_is_whole_in_every_look(
    make_scene: Callable[[Shelf], Scene],
    full_shelf: Shelf,
    qapp: QApplication,
    look: tuple[str, tuple[int, int], Any, Role],
) -> None:
    language, size, theme, who = look
    set_language(language)
    apply(qapp, theme)
    scene = make_scene(full_shelf)
    scene.desk.on_duty = OnDuty("x", "李敏", who)
    scene.window.resize(*size)
    scene.window.retranslate()
    qapp.sendPostedEvents()
    scene.window.grab()
    found = [*clipped(scene.window), *unnamed(scene.window), *missing_glyphs(scene.window)]
    assert [*found, *untranslated(scene.page, language)] == []
    shortened = [label for label in scene.page.findChildren(ElidedLabel) if label.isVisible() and label.toolTip()]
    assert [label.text() for label in shortened if "燕麦奶" not in label.text() and "咖啡" not in label.text()] == []
    buttons = {(line.button.x(), line.button.width()) for line in scene.page.task_card.lines()}
    assert len(buttons) == 1, "the verbs stand below each other"
    columns = {(card.x(), card.width()) for card in (scene.page.task_card, scene.page.newest_card)}
    assert len(columns) == 1 and scene.page.task_card.width() == scene.page.heat_card.width()


@pytest.mark.parametrize("width", [1180, 1366])
def test_no_figure_is_cut_for_the_sake_of_a_curve(
    make_scene: Callable[[Shelf], Scene], full_shelf: Shelf, qapp: QApplication, width: int
) -> None:
    scene = make_scene(full_shelf)
    card = scene.page.figure_cards["money"]
    scene.window.resize(width, 700)
    qapp.sendPostedEvents()
    assert card.figure_label.width() >= card.figure_label.sizeHint().width()
    assert card.spark.isVisible() is (width == 1366)
    rest = card.width() - card.figure_label.sizeHint().width()
    assert card.spark.isVisible() or rest < card.spark.width() + 60, "it is left out only where it has no room"


def test_figures_parts_and_rows_lead_to_what_they_count(
    make_scene: Callable[[Shelf], Scene], full_shelf: Shelf
) -> None:
    scene = make_scene(full_shelf)
    page = scene.page
    ship = page.figure_cards["ship"]
    QTest.mouseClick(ship, Qt.MouseButton.LeftButton, pos=QPoint(30, 20))
    QTest.mouseClick(ship.parts()[1], Qt.MouseButton.LeftButton)
    page.figure_cards["collect"].setFocus()
    QTest.keyClick(page.figure_cards["collect"], Qt.Key.Key_Return)
    page.task_card.lines()[0].button.click()
    page.newest_card.lines()[0].click()
    page.newest_card.all_button.click()
    to_ship = OrderFilter("paid,partly_shipped")
    local = OrderFilter("paid,partly_shipped", delivery_kind="local")
    newest = page.newest_card.lines()[0].row
    assert newest is not None
    assert scene.opened == [
        *(("orders", to_ship), ("orders", local), ("pickup", ""), ("orders", local)),
        *(("orders", newest.order_id), ("orders", "")),
    ]


def test_charts_lead_to_the_orders_of_a_day_and_of_an_hour(
    make_scene: Callable[[Shelf], Scene], full_shelf: Shelf
) -> None:
    scene = make_scene(full_shelf)
    for view in (scene.page.month_card.view, scene.page.heat_card.view):
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_Left)
        assert view.accessibleDescription()
        QTest.keyClick(view, Qt.Key.Key_Return)
    (_, today), (_, hours) = scene.opened
    assert isinstance(today, OrderFilter) and isinstance(hours, OrderFilter)
    assert [end - begin for begin, end in today.paid] == [timedelta(days=1)]
    assert [end - begin for begin, end in hours.paid] == [timedelta(hours=1)] * 4


def test_one_button_is_filled_and_it_is_the_first(make_scene: Callable[[Shelf], Scene], full_shelf: Shelf) -> None:
    lines = make_scene(full_shelf).page.task_card.lines()
    assert [line.button.property("kind") for line in lines] == ["primary"] + ["plain"] * (len(lines) - 1)
    assert len(lines) == 7


def test_money_comes_and_goes_with_the_person(make_scene: Callable[[Shelf], Scene], full_shelf: Shelf) -> None:
    scene = make_scene(full_shelf)
    assert scene.page.figure_cards["money"].isVisible()
    scene.desk.on_duty = OnDuty("c", "陈子墨", Role.CLERK)
    scene.window.set_person(Person("陈子墨", "店员"))
    assert not scene.page.figure_cards["money"].isVisible()
    assert "¥" not in scene.page.month_card.view.accessibleName()
    scene.desk.on_duty = OnDuty("o", "李敏", Role.OWNER)
    scene.window.set_person(Person("李敏", "店主"))
    assert scene.page.figure_cards["money"].isVisible()


def test_a_new_shop_says_what_comes_and_then_shows_it(
    make_scene: Callable[[Shelf], Scene], new_shelf: Shelf, qtbot: QtBot
) -> None:
    scene = make_scene(new_shelf)
    assert scene.page.empty_state.isVisible() and not scene.page.month_card.isVisible()
    scene.page.empty_state.step_chosen.emit("products")
    assert scene.opened == [("products", "")]
    new_shelf.put(order(1, MONDAY, 900))
    scene.runner.tell("orders")
    qtbot.waitUntil(lambda: scene.figure("money") == "¥9.00", timeout=5_000)
    assert scene.page.month_card.isVisible() and not scene.page.empty_state.isVisible()
    assert scene.page.heat_card.nothing_label.isVisible(), "no whole week has passed"


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_shop_that_has_not_come_yet_is_not_called_one_without_orders(
    make_scene: Callable[[Shelf], Scene],
    tmp_path: Path,
    qapp: QApplication,
    qtbot: QtBot,
    look: tuple[str, tuple[int, int], Any, Role],
) -> None:
    language, size, theme, _ = look
    set_language(language)
    apply(qapp, theme)
    with closing((shelf := Shelf(tmp_path / "replica.db", has_shop=False)).database):
        scene = make_scene(shelf)
        scene.window.resize(*size)
        scene.window.retranslate()
        qapp.sendPostedEvents()
        scene.window.grab()
        page = scene.page
        said = " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())
        assert page.empty_state.isVisible() and ("店铺还没到这台电脑" in said or "has not come to this" in said)
        assert "还没有订单" not in said and "No orders" not in said and "0" not in said
        assert {card.figure_label.text() for card in page.figure_cards.values()} == {"—"}
        assert [*clipped(scene.window), *unnamed(scene.window), *untranslated(page, language)] == []
        shelf.receive_shop()
        scene.runner.tell("orders")
        qtbot.waitUntil(lambda: "—" not in scene.figure("count"), timeout=5_000)
        assert page.empty_state.isVisible(), "it is here, and nobody has ordered"


@pytest.mark.parametrize("is_looked_at", [True, False])
def test_a_shop_that_has_just_come_is_not_called_missing_until_it_is_read(
    is_looked_at: bool, make_scene: Callable[[Shelf], Scene], tmp_path: Path
) -> None:
    with closing((shelf := Shelf(tmp_path / "replica.db", has_shop=False)).database):
        scene = make_scene(shelf)
        page = scene.page
        assert page.empty_state.isVisible()
        if not is_looked_at:
            scene.window.open_issues()
        shelf.receive_shop()
        scene.runner.is_holding = True  # reading takes its time
        scene.runner.tell("orders")
        scene.window.go("overview")
        assert not page.empty_state.isVisible()
        scene.runner.let_go()
        said = " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())
        assert page.empty_state.isVisible() and "还没有订单" in said and "没到" not in said


def test_nothing_to_do_is_said(make_scene: Callable[[Shelf], Scene], new_shelf: Shelf) -> None:
    new_shelf.put(order(1, MONDAY, 900, state="completed"))
    page = make_scene(new_shelf).page
    assert page.task_card.nothing_label.isVisible() and page.task_card.lines() == ()
    assert page.task_card.nothing_label.text() == "现在没有要办的事"


def test_many_changes_are_one_question(make_scene: Callable[[Shelf], Scene], full_shelf: Shelf, qtbot: QtBot) -> None:
    scene = make_scene(full_shelf)
    scene.runner.asked = 0
    for _ in range(200):
        scene.runner.tell("orders")
    assert scene.runner.asked == 0
    qtbot.waitUntil(lambda: scene.runner.asked > 0, timeout=5_000)
    assert scene.runner.asked == 1


def test_the_title_tells_the_minute_of_the_shop_and_old_figures(
    make_scene: Callable[[Shelf], Scene], new_shelf: Shelf
) -> None:
    scene = make_scene(new_shelf)
    assert scene.fact() == "11 月 23 日 周一 · 17:20"
    scene.desk.clock.advance(minutes=1)
    scene.page.minute_timer.timeout.emit()
    assert scene.fact() == "11 月 23 日 周一 · 17:21"
    scene.status.append(SyncStatus(Link.OFFLINE, MONDAY, synced_at=MONDAY - timedelta(minutes=1)))
    scene.page.minute_timer.timeout.emit()
    assert scene.fact() == "11 月 23 日 周一 · 17:21", "two minutes are not old"
    scene.desk.clock.advance(minutes=1)
    scene.page.minute_timer.timeout.emit()
    assert scene.fact() == "数据到 17:19 为止"


def test_midnight_turns_the_page(make_scene: Callable[[Shelf], Scene], new_shelf: Shelf) -> None:
    new_shelf.put(order(1, MONDAY, 900))
    scene = make_scene(new_shelf)
    assert scene.figure("count") == "1 笔"
    scene.desk.clock.at = MONDAY.replace(hour=16, minute=0, second=0)
    scene.page.minute_timer.timeout.emit()
    assert (scene.figure("count"), scene.fact()) == ("0 笔", "11 月 24 日 周二 · 00:00")
    assert scene.page.minute_timer.isActive() and scene.page.minute_timer.interval() == 60_000


def test_a_hidden_page_asks_nothing_and_is_fresh_when_shown(
    make_scene: Callable[[Shelf], Scene], full_shelf: Shelf
) -> None:
    scene = make_scene(full_shelf)
    scene.window.open_issues()
    scene.runner.asked = 0
    scene.page.presenter.reload()
    assert scene.runner.asked == 0 and not scene.page.minute_timer.isActive()
    scene.window.go("overview")
    assert scene.runner.asked == 1 and scene.page.minute_timer.isActive()


class AtOnce:
    """As much of a runner as pictures need."""

    def when(self, future: "Future[Any]", on_result: Callable[[Any], None], *_: object) -> None:
        on_result(future.result(0))


class OnePicture:
    """Every picture is of one colour."""

    def thumbnail(self, sha256: str, side: int) -> "Future[bytes | None]":
        buffer = QBuffer()
        image = QImage(side, side, QImage.Format.Format_RGB32)
        image.fill(QColor("#123456"))
        image.save(buffer, "PNG")
        answer: Future[bytes | None] = Future()
        answer.set_result(bytes(buffer.data().data()) if sha256 == "a" * 64 else None)
        return answer


def test_the_newest_orders_show_what_was_sold(qtbot: QtBot, new_shelf: Shelf, dressed: QApplication) -> None:
    new_shelf.put(order(1, MONDAY, 900), order(2, MONDAY - timedelta(minutes=1), 900))
    lines = _content(0, "o00001")[0], _content(0, "o00002")[0]
    new_shelf.put(replace(lines[0], sha256="a" * 64), lines[1])
    with closing(open_reader(new_shelf.database.path)) as reader:
        found = shop_overview(MONDAY, "")(reader)
    card = NewestCard(PictureShelf(AtOnce(), OnePicture))  # type: ignore[arg-type]
    qtbot.addWidget(card)
    card.resize(640, 240)
    card.show_rows(board(found, MONDAY, sees_money=True).newest)
    card.show()
    first, second = (each.grab().toImage() for each in card.lines())
    middle = QPoint(16 + 16, first.height() // 2)
    assert first.pixelColor(middle).name() == "#123456"
    assert second.pixelColor(middle).name() != "#123456"
