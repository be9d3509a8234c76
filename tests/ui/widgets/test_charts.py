"""Charts: what is painted where, in both themes and on any device, and what the mouse, the keys and the ear get."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPicture
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.kernel.i18n import set_language
from ui.theme import tokens
from ui.theme.apply import apply
from ui.widgets.charts.heat import HeatDrawing, shade
from ui.widgets.charts.line import LineDrawing, Point
from ui.widgets.charts.scale import short, ticks
from ui.widgets.charts.spark import SparkDrawing
from ui.widgets.charts.view import ChartView

SIZE = QSize(520, 240)
AREA = QRectF(0, 0, SIZE.width(), SIZE.height())
VALUES = (900, 700, 1_100, 400, 800, 300)
CELLS = tuple(tuple((row * 24 + hour) % 11 for hour in range(24)) for row in range(7))


def line(values: tuple[int, ...] = VALUES, first: int = 0) -> LineDrawing:
    points = tuple(Point(f"11-{day:02}", value, f"11-{day:02}\n{value}") for day, value in enumerate(values, 1))
    return LineDrawing(points, first, 760, "most", "till now", "today", 1, str)


def heat(ringed: tuple[int, int] | None = (2, 5)) -> HeatDrawing:
    labels = tuple("一二三四五六日")
    return HeatDrawing(CELLS, labels, lambda hour: f"{hour}时", 30, ringed, lambda w, h, n: f"{labels[w]} {h} · {n}")


def painted(drawing: LineDrawing | HeatDrawing | SparkDrawing, marked: int | None = None) -> QImage:
    image = QImage(SIZE, QImage.Format.Format_RGB32)
    image.fill(tokens.color("surface"))
    painter = QPainter(image)
    drawing.paint(painter, AREA, marked)
    painter.end()
    return image


def at(image: QImage, place: QPointF) -> QColor:
    """The pixel that holds the place; rounding would pass over every other row of places that lie between two."""
    return image.pixelColor(int(place.x()), int(place.y()))


def is_near(color: QColor, other: QColor) -> bool:
    differences = (color.red() - other.red(), color.green() - other.green(), color.blue() - other.blue())
    return max(map(abs, differences)) <= 12


def has_near(image: QImage, place: QPointF, color: QColor) -> bool:
    """Whether the colour is there or right beside it: lines seldom stand on whole pixels."""
    steps = (-1, 0, 1)
    return any(is_near(at(image, place + QPointF(x, y)), color) for x in steps for y in steps)


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    apply(qapp, request.param)
    yield request.param


@pytest.fixture
def view(qapp: QApplication) -> Iterator[ChartView]:
    found = ChartView()
    found.resize(SIZE)
    found.show()
    yield found
    found.close()
    found.deleteLater()


@pytest.mark.parametrize(
    ("least", "most", "unit", "expected"),
    [
        (0, 12_796, 1, (0, 4_000, 8_000, 12_000, 16_000)),
        (0, 0, 1, (0, 1, 2, 3, 4)),
        (0, 7, 1, (0, 2, 4, 6, 8)),
        (0, 60, 100, (0, 100)),
        (-150, 320, 1, (-200, 0, 200, 400)),
    ],
)
def test_the_axis_counts_in_round_figures(least: int, most: int, unit: int, expected: tuple[int, ...]) -> None:
    assert ticks(least, most, unit) == expected


def test_every_value_lies_within_the_axis() -> None:
    for least, most in ((-7, 3), (-1_999, 0), (0, 10**12 + 1), (-1, 1), (5, 5)):
        found = ticks(least, most)
        assert found[0] <= least and found[-1] >= most and 0 in found and len(found) <= 7


def test_long_figures_are_short_in_both_languages() -> None:
    figures = (0, 950, 4_000, 12_000, 125_000_000, -16_500)
    assert [short(figure) for figure in figures] == ["0", "950", "4千", "1.2万", "1.25亿", "−1.65万"]
    set_language("en")
    assert [short(figure) for figure in figures] == ["0", "950", "4k", "12k", "125m", "−16.5k"]


def test_today_stands_by_itself(theme: str) -> None:
    drawing = line()
    image = painted(drawing)
    yesterday, today = drawing.place(4, AREA), drawing.place(5, AREA)
    assert is_near(at(image, yesterday), tokens.color("accent"))
    assert is_near(at(image, today), tokens.color("surface")), "hollow"
    assert has_near(image, today + QPointF(0, -4), tokens.color("accent")), "with an edge"
    between = [yesterday + (today - yesterday) * share for share in (0.3, 0.5, 0.7)]
    assert not any(has_near(image, place, tokens.color("accent")) for place in between), "not joined"


@pytest.mark.parametrize(
    "values",
    [
        VALUES,
        (900, 700, 1_100, 500, 500, 500, 500, 500),
        (100, 900, 120, 880, 130, 870, 500),
        (50, 40, 900, 60, 50, 40, 30, 10),
        (0, 0, 900, 1_000, 990, 1_010, 1_000, 995),
        tuple(500 + day % 7 * 40 for day in range(30)),
    ],
)
def test_todays_words_hide_no_part_of_the_line(qapp: QApplication, values: tuple[int, ...]) -> None:
    named = line(values)
    bare, shown = painted(replace(named, last_text="")), painted(named)
    accent = tokens.color("accent")
    spots = [(x, y) for x in range(SIZE.width()) for y in range(SIZE.height())]
    drawn = [spot for spot in spots if is_near(bare.pixelColor(*spot), accent)]
    assert drawn and [spot for spot in drawn if not is_near(shown.pixelColor(*spot), accent)] == []
    assert bare != shown, "the words are there"


def test_the_line_begins_with_the_shop(theme: str) -> None:
    drawing = line((0, 0, 0, 800, 500, 300), first=3)
    assert drawing.highest() == 3
    assert drawing.mark_at(drawing.place(0, AREA), AREA) == 3
    image = painted(drawing)
    assert not is_near(at(image, drawing.place(1, AREA) + QPointF(0, -1)), tokens.color("accent"))


def test_a_first_day_has_only_today(theme: str) -> None:
    drawing = line((0, 0, 0, 0, 0, 300), first=5)
    assert drawing.highest() is None
    painted(drawing, marked=5)


def test_cells_are_the_deeper_the_more(theme: str) -> None:
    drawing = heat()
    image = painted(drawing)
    for mark in (0, 3, 10, 7 * 24 - 1):
        row, hour = divmod(mark, 24)
        assert is_near(at(image, drawing.anchor(mark, AREA)), shade(CELLS[row][hour] / 10)), mark
    assert shade(0) == tokens.color("surface2")
    assert shade(0.01) != shade(0)
    plain, ringed = painted(heat(None)), drawing.cell(2 * 24 + 5, AREA)
    changed = {
        (x, y) for x in range(SIZE.width()) for y in range(SIZE.height()) if image.pixel(x, y) != plain.pixel(x, y)
    }
    assert changed and all(ringed.adjusted(-2, -2, 2, 2).contains(QPointF(x, y)) for x, y in changed)
    assert not any(ringed.adjusted(3, 3, -3, -3).contains(QPointF(x, y)) for x, y in changed)


def test_a_theme_reaches_a_drawing_that_exists(qapp: QApplication) -> None:
    drawing = heat()
    apply(qapp, "light")
    before = painted(drawing)
    apply(qapp, "dark")
    assert painted(drawing) != before


def test_screen_print_and_export_are_the_same_paint(view: ChartView) -> None:
    drawing = line()
    view.show_drawing(drawing, "30 days")
    export = view.image(SIZE)
    recorded = QPicture()
    painter = QPainter(recorded)
    drawing.paint(painter, AREA)
    painter.end()
    played = QImage(SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    played.fill(tokens.color("surface"))
    painter = QPainter(played)
    painter.drawPicture(0, 0, recorded)
    painter.end()
    places = [drawing.place(mark, AREA) for mark in range(6)]
    assert [at(export, place) for place in places] == [at(played, place) for place in places]


def test_the_mouse_points_and_opens(view: ChartView) -> None:
    view.show_drawing(heat(), "hours")
    chosen: list[object] = []
    view.mark_chosen.connect(chosen.append)
    inner = QRectF(view.rect()).adjusted(2, 2, -2, -2)
    place = heat().anchor(3 * 24 + 7, inner).toPoint()
    QTest.mouseMove(view, place)
    assert view.marked() == 3 * 24 + 7
    assert view.accessibleDescription() == "四 7 · 2"
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    assert chosen == [3 * 24 + 7]


def test_the_keys_point_and_open(view: ChartView) -> None:
    view.show_drawing(line(), "30 days")
    chosen: list[object] = []
    view.mark_chosen.connect(chosen.append)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert chosen == []
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.marked() == 5
    QTest.keyClick(view, Qt.Key.Key_Left)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert (view.marked(), chosen, view.accessibleDescription()) == (4, [4], "11-05, 800")
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.marked() == 0
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert (view.marked(), view.accessibleDescription()) == (None, "")


def test_new_figures_do_not_leave_the_finger_on_what_is_gone(view: ChartView) -> None:
    view.show_drawing(line(), "30 days")
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Left)
    view.show_drawing(line((5, 6, 7)), "3 days")
    assert view.marked() is None
    view.grab()


def test_a_spark_needs_two_values(theme: str) -> None:
    assert painted(SparkDrawing((5,))) == painted(SparkDrawing(()))
    assert painted(SparkDrawing((0, 5, 9))) != painted(SparkDrawing(()))
