"""What the overview says and where it leads, without Qt."""

import dataclasses
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from app.desk.figures import TaskKind
from app.desk.queries import OrderFilter, order_list
from app.desk.session import OnDuty
from app.domain.money import money_text
from app.domain.permission import Role
from app.kernel.i18n import set_language
from app.replica.reader import open_reader
from tests.support.clocks import FixedClock
from tests.support.shelf import MONDAY, Shelf, back, order
from tests.ui.pages.dashboard.scene import READY, TO_DISPATCH, TO_PREPARE, TO_SHIP, UNPAID, Runner
from ui.pages.dashboard import wording
from ui.pages.dashboard.models import Board, Figure, Target, board
from ui.pages.dashboard.presenter import DashboardPresenter

OWNER, CLERK = OnDuty("o", "李敏", Role.OWNER), OnDuty("c", "陈子墨", Role.CLERK)


class View:
    def __init__(self) -> None:
        self.boards: list[Board] = []

    def show_board(self, shown: Board) -> None:
        self.boards.append(shown)

    def figure(self, key: str) -> Figure:
        return next(figure for figure in self.boards[-1].figures if figure.key == key)


class Scene:
    def __init__(self, shelf: Shelf, person: OnDuty | None = OWNER) -> None:
        self.shelf = shelf
        self.runner = Runner(shelf)
        self.view = View()
        self.clock = FixedClock(MONDAY)
        self.person = person
        self.presenter = DashboardPresenter(self.runner, self.view, self.clock, lambda: self.person)
        self.presenter.reload()

    @property
    def board(self) -> Board:
        return self.view.boards[-1]

    def count_behind(self, target: Target) -> int:
        """How many orders a target opens."""
        assert isinstance(target.row, OrderFilter), target
        with closing(open_reader(self.shelf.database.path)) as reader:
            found = order_list(target.row)(reader)
        return len(found.rowids)


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    set_language("zh_CN")
    yield
    set_language("zh_CN")


@pytest.fixture
def scene(full_shelf: Shelf) -> Scene:
    return Scene(full_shelf)


def number(text: str) -> int:
    return int("".join(sign for sign in text if sign.isdigit()))


def texts(value: Any) -> Iterator[str]:
    """Every text anywhere in a dataclass."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each)


def test_the_parts_add_up_and_each_figure_opens_as_many_orders(scene: Scene) -> None:
    for key in ("count", "ship", "collect"):
        figure = scene.view.figure(key)
        assert number(figure.figure) == sum(number(part.figure) for part in figure.parts) > 0, key
    for key in ("count", "ship"):
        figure = scene.view.figure(key)
        told = [(figure.target, figure.figure), *((part.target, part.figure) for part in figure.parts)]
        for target, text in told:
            assert scene.count_behind(target) == number(text), (key, text)
    assert number(scene.view.figure("ship").figure) == TO_SHIP + TO_DISPATCH
    assert [part.figure for part in scene.view.figure("collect").parts] == [str(READY), str(TO_PREPARE)]


def test_every_day_and_every_hour_opens_as_many_orders_as_it_says(scene: Scene) -> None:
    shown = scene.presenter.overview
    assert shown is not None
    for point, day in zip(scene.board.month.days, shown.month.days, strict=True):
        assert scene.count_behind(point.target) == day.order_count
        assert point.text.endswith(f"{day.order_count} 笔") and money_text(day.net_fen) in point.text
    heat = scene.board.heat
    for weekday, hour in ((weekday, hour) for weekday in range(7) for hour in range(0, 24, 5)):
        assert scene.count_behind(heat.target_of(weekday, hour)) == heat.cells[weekday][hour]
    assert heat.busiest is not None
    assert scene.count_behind(heat.target_of(*heat.busiest)) == number(heat.busiest_text.split("时")[1])


def test_every_task_opens_as_much_as_it_says(scene: Scene) -> None:
    rows = {row.kind: row for row in scene.board.tasks}
    for kind, count in ((TaskKind.SHIP, TO_SHIP), (TaskKind.DISPATCH, TO_DISPATCH), (TaskKind.UNPAID, UNPAID)):
        assert scene.count_behind(rows[kind].target) == count == number(rows[kind].title), kind
    assert (rows[TaskKind.PREPARE].target.page, rows[TaskKind.EXPIRING].target.page) == ("pickup", "pickup")
    assert (rows[TaskKind.ISSUES].target.page, rows[TaskKind.LOW_STOCK].target.page) == ("issues", "products")


def test_the_least_time_left_comes_first_and_says_what_happens(scene: Scene) -> None:
    told = [(row.left, row.tone, row.title, row.note) for row in scene.board.tasks[:3]]
    assert told == [
        ("剩 20 分", "red", "同城配送 2 笔没出发", "最早一笔说好 17:40 前送到"),
        ("剩 1 时 10 分", "amber", "自提 3 笔还没备货", "最早一位 18:30 来取"),
        ("剩 5 时 00 分", "grey", "自提 1 笔快过期", "最早一笔 22:20 到期"),
    ]
    assert {row.left for row in scene.board.tasks[3:]} == {"不限时"}


@pytest.mark.parametrize(
    ("minutes", "text", "tone"),
    [
        (0.2, "剩 1 分", "red"),
        (29.9, "剩 30 分", "red"),
        (30, "剩 30 分", "amber"),
        (119, "剩 1 时 59 分", "amber"),
        (125, "剩 2 时 05 分", "grey"),
        (45 * 60, "剩 1 天 21 时", "grey"),
        (-12, "过了 12 分", "red"),
    ],
)
def test_time_left_in_words_and_tone(minutes: float, text: str, tone: str) -> None:
    left = timedelta(minutes=minutes)
    assert (wording.time_left(left), wording.pill_tone(left)) == (text, tone)


def test_the_comparison_is_with_the_same_time_a_week_ago(new_shelf: Shelf) -> None:
    a_week = MONDAY - timedelta(days=7)
    new_shelf.put(order(1, MONDAY - timedelta(hours=2), 900), order(2, a_week - timedelta(seconds=30), 1_000))
    new_shelf.put(order(3, a_week + timedelta(seconds=30), 70_000))
    figure = Scene(new_shelf).view.figure("money")
    assert (figure.figure, figure.change, figure.is_less, figure.note) == ("¥9.00", "▼ 10.0%", True, "比上周一此时")


def test_a_refund_counts_on_its_own_day(new_shelf: Shelf) -> None:
    new_shelf.put(order(1, MONDAY - timedelta(days=1), 5_000), order(2, MONDAY, 3_000), back(1, MONDAY, 4_000))
    scene = Scene(new_shelf)
    assert scene.view.figure("money").figure == "−¥10.00"
    assert [point.value for point in scene.board.month.days[-2:]] == [5_000, -1_000]
    assert scene.board.month.total_text == "共 ¥40.00 · 2 笔"


def test_who_may_not_see_money_gets_a_page_without_it(full_shelf: Shelf) -> None:
    shown = Scene(full_shelf, CLERK).board
    assert [figure.key for figure in shown.figures] == ["count", "ship", "collect"]
    without_list = dataclasses.replace(shown, newest=())
    assert [text for text in texts(without_list) if "¥" in text] == []
    assert shown.month.title == "近 30 天订单" and shown.month.days[-1].text.endswith("笔")
    assert Scene(full_shelf, None).board.figures == shown.figures


def test_the_receiver_is_masked(scene: Scene) -> None:
    assert [text for text in texts(scene.board) if "林晓雨" in text] == []
    assert any("林**" in row.second for row in scene.board.newest)


def test_a_new_shop_has_nothing_to_compare(new_shelf: Shelf) -> None:
    scene = Scene(new_shelf)
    assert scene.board.is_new and scene.board.tasks == ()
    assert (scene.board.month.average_text, scene.board.month.most_text, scene.board.heat.busiest) == ("", "", None)


def test_changes_are_asked_for_once_while_an_answer_is_on_its_way(scene: Scene) -> None:
    scene.runner.asked, scene.runner.is_holding = 0, True
    for _ in range(50):
        scene.runner.tell("orders")
    assert scene.runner.asked == 1
    scene.runner.let_go()
    assert scene.runner.asked == 2, "what changed meanwhile is asked for once more"
    scene.runner.tell("staff")
    assert scene.runner.asked == 2


def test_figures_that_could_not_be_read_come_when_they_can_be_and_later_changes_too(scene: Scene) -> None:
    scene.runner.is_blind = True
    scene.presenter.reload()
    before = scene.presenter.overview
    scene.runner.let_go()
    assert scene.presenter.overview is not before
    scene.runner.asked = 0
    scene.runner.tell("orders")
    assert scene.runner.asked == 1


def test_nobody_asks_while_nobody_looks(scene: Scene) -> None:
    scene.presenter.page_hidden()
    scene.runner.asked = 0
    scene.runner.tell("orders")
    assert scene.runner.asked == 0
    scene.presenter.page_shown()
    assert scene.runner.asked == 1


def test_at_midnight_of_the_shop_today_begins_anew(new_shelf: Shelf) -> None:
    new_shelf.put(order(1, MONDAY, 900))
    scene = Scene(new_shelf)
    scene.clock.at = MONDAY.replace(hour=15, minute=59, second=59)
    scene.presenter.reload()
    assert scene.view.figure("money").figure == "¥9.00"
    scene.clock.advance(seconds=1)
    scene.presenter.reload()
    assert scene.view.figure("money").figure == "¥0.00"
    assert [point.label for point in scene.board.month.days[-2:]] == ["11-23", "11-24"]
    assert scene.board.month.days[-2].value == 900


def test_both_languages_say_the_same_figures(scene: Scene) -> None:
    shown = scene.presenter.overview
    assert shown is not None
    set_language("en")
    english = board(shown, MONDAY, sees_money=True)
    assert [number(figure.figure) for figure in english.figures] == [number(f.figure) for f in scene.board.figures]
    assert english.tasks[0].title == "2 local deliveries have not left"
