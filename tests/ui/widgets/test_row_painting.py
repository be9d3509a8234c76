"""A page of a table is painted as one picture: each cell once, only what must be painted anew, nothing out of place."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QCursor, QHoverEvent, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.theme import tokens
from ui.widgets.cell import Cell, Column, Mark
from ui.widgets.paged_table import PagedModel
from ui.widgets.table_view import PagedTableView

HEIGHT = 56
WIDTHS = {"name": 0, "state": 160, "price": 100}
Index = QModelIndex | QPersistentModelIndex


class Shelf:
    """Answers at once."""

    def request_window(self, rowids: Sequence[int], callback: Callable[[Mapping[int, int]], None]) -> None:
        callback({rowid: rowid for rowid in rowids})


class Told(PagedModel[int]):
    """Writes down what it is asked."""

    def __init__(self, name: str = "云南小粒咖啡豆") -> None:
        self.cells: list[tuple[str, int]] = []
        self.roles: list[int] = []
        made: dict[str, Callable[[int], Cell]] = {
            "name": lambda row: Cell(name, f"no. {row}", tile=name),
            "state": lambda _row: Cell(marks=(Mark("On sale", "green"), Mark("New", "amber", has_dot=False))),
            "price": lambda _row: Cell("¥1.00", is_strong=True),
        }

        def column(key: str) -> Column[int]:
            def cell(row: int) -> Cell:
                self.cells.append((key, row))
                return made[key](row)

            return Column(key, lambda: key, cell, WIDTHS[key], "right" if key == "price" else "left")

        super().__init__([column(key) for key in made], Shelf(), is_checkable=True)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        self.roles.append(role)
        return super().data(index, role)


@pytest.fixture
def model(qtbot: QtBot) -> Told:
    return Told()


@pytest.fixture
def view(model: Told, qtbot: QtBot) -> Iterator[PagedTableView]:
    yield shown(model, qtbot)


def shown(model: PagedModel[Any], qtbot: QtBot) -> PagedTableView:
    QCursor.setPos(0, 0)  # the mouse of the machine lights no row here
    made = PagedTableView("Rows")
    qtbot.addWidget(made)
    made.move(200, 200)
    made.show_model(model)
    made.resize(600, 400)
    made.show()
    made.set_rowids(range(1000))
    model.want(0)
    qtbot.waitUntil(lambda: model.row_at(0) is not None)
    made.viewport().repaint()  # nothing of the showing is left to be painted
    return made


def picture(view: PagedTableView) -> QImage:
    return view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def ground(view: PagedTableView, row: int, column: int) -> QColor:
    """The colour at the right end of a cell, where nothing else stands."""
    place = view.visualRect(view.model().index(row, column))
    return picture(view).pixelColor(place.right() - 3, place.top() + 3)


def row_of(view: PagedTableView, row: int) -> QRect:
    return QRect(0, view.rowViewportPosition(row), view.viewport().width(), HEIGHT)


def move_mouse(view: PagedTableView, place: QPointF | None) -> None:
    kind = QHoverEvent.Type.HoverLeave if place is None else QHoverEvent.Type.HoverMove
    at = place or QPointF(300, 2 * HEIGHT + 10)  # where it was seen last
    QApplication.sendEvent(view.viewport(), QHoverEvent(kind, at, at, at))


def test_a_page_asks_each_cell_once_and_no_role_at_all(view: PagedTableView, model: Told) -> None:
    model.cells.clear()
    model.roles.clear()
    view.viewport().repaint()
    rows = range(view.rowAt(view.viewport().height() - 1) + 1)
    assert sorted(model.cells) == sorted((key, row) for key in WIDTHS for row in rows)
    assert model.roles == []


def test_only_what_is_dirty_is_painted(view: PagedTableView, model: Told) -> None:
    model.cells.clear()
    view.viewport().repaint(view.visualRect(model.index(2, 1)))
    assert model.cells == [("state", 2)]
    model.cells.clear()
    view.viewport().repaint(QRect(0, HEIGHT + 5, view.viewport().width(), HEIGHT))
    assert {row for _, row in model.cells} == {1, 2}


def test_a_hidden_column_is_not_painted_and_the_others_close_up(view: PagedTableView, model: Told) -> None:
    view.setColumnHidden(1, True)
    model.cells.clear()
    view.viewport().repaint()
    assert {key for key, _ in model.cells} == {"name", "price"}
    view.selectRow(1)
    assert ground(view, 1, 0) == ground(view, 1, 2) == tokens.color("selected")


def test_the_selected_row_is_lit_as_a_whole_with_a_bar_at_its_beginning(view: PagedTableView) -> None:
    view.selectRow(1)
    assert {ground(view, 1, column).name() for column in range(3)} == {tokens.color("selected").name()}
    assert ground(view, 0, 0) == ground(view, 2, 0) == tokens.color("surface")
    image, place = picture(view), row_of(view, 1)
    assert image.pixelColor(1, place.top() + 2) == tokens.color("accent")
    assert image.pixelColor(1, place.bottom()) == tokens.color("border"), "the rule below runs through"


def test_a_ticked_row_is_lit_without_the_bar(view: PagedTableView, model: Told) -> None:
    model.toggle(2)
    assert ground(view, 2, 1) == tokens.color("selected")
    assert picture(view).pixelColor(1, row_of(view, 2).top() + 2) == tokens.color("selected")


def test_the_row_under_the_mouse_is_lit_as_a_whole_and_scrolls_away(view: PagedTableView) -> None:
    move_mouse(view, QPointF(300, HEIGHT + 10))
    assert {ground(view, 1, column).name() for column in range(3)} == {tokens.color("hover").name()}
    move_mouse(view, QPointF(300, 2 * HEIGHT + 10))
    assert (ground(view, 1, 0), ground(view, 2, 0)) == (tokens.color("surface"), tokens.color("hover"))
    view.verticalScrollBar().setValue(HEIGHT)
    assert (ground(view, 2, 0), ground(view, 3, 0)) == (tokens.color("surface"), tokens.color("hover"))
    move_mouse(view, None)
    assert ground(view, 3, 0) == tokens.color("surface")


def test_moving_the_mouse_inside_a_row_paints_nothing(view: PagedTableView, model: Told, qtbot: QtBot) -> None:
    move_mouse(view, QPointF(20, HEIGHT + 10))
    qtbot.waitUntil(lambda: bool(model.cells))
    view.viewport().repaint()
    model.cells.clear()
    view._move_mouse(QPoint(90, HEIGHT + 30))
    QApplication.processEvents()
    assert model.cells == []


def test_a_long_text_and_chips_stay_in_their_column(qtbot: QtBot) -> None:
    short = shown(Told("云"), qtbot)
    long = shown(Told("云南小粒咖啡豆" * 20), qtbot)
    place = long.visualRect(long.model().index(1, 0))
    beyond = QRect(place.right() - 10, place.top(), long.viewport().width() - place.right() + 10, HEIGHT)
    assert picture(long).copy(beyond) == picture(short).copy(beyond)
    assert picture(long).copy(place) != picture(short).copy(place)


def test_words_that_end_at_the_right_edge_end_where_the_others_do(view: PagedTableView) -> None:
    image, place = picture(view), view.visualRect(view.model().index(1, 2))
    inked = [
        x
        for x in range(place.left(), place.right())
        for y in range(place.top() + 12, place.bottom() - 12)
        if image.pixelColor(x, y).lightness() < 140
    ]
    assert place.right() - 15 <= max(inked) <= place.right() - 12


def test_from_right_to_left_the_first_column_stands_right(view: PagedTableView) -> None:
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    index, flags = view.model().index(1, 0), QItemSelectionModel.SelectionFlag
    view.selectionModel().select(index, flags.ClearAndSelect | flags.Rows)
    first = view.visualRect(index)
    assert first.right() == view.viewport().width() - 1
    assert picture(view).pixelColor(first.left() + 1, first.top() + 2) == tokens.color("accent")
    assert ground(view, 1, 2) == tokens.color("selected")


def test_an_image_is_as_sharp_as_the_screen(view: PagedTableView) -> None:
    fine = QImage(view.viewport().size() * 2, QImage.Format.Format_RGB32)
    fine.setDevicePixelRatio(2)
    fine.fill(tokens.color("surface"))
    view.viewport().render(fine, QPoint())
    tile = QRect(56 * 2, 8 * 2, 80, 80)
    coarse = picture(view).copy(56, 8, 40, 40).scaled(80, 80)
    assert fine.copy(tile) != coarse


def test_a_reader_finds_the_cells_by_their_places(view: PagedTableView) -> None:
    table = QAccessible.queryAccessibleInterface(view)
    names = [table.child(n).text(QAccessible.Text.Name) for n in range(table.childCount())][:12]
    assert "state: On sale, New" in names and "price: ¥1.00" in names


class Plain(PagedModel[int]):
    """Titles and cells that begin, and end, with the same letter."""

    def __init__(self, *, is_checkable: bool) -> None:
        columns = [
            Column[int]("first", lambda: "H", lambda _row: Cell("H")),
            Column[int]("left", lambda: "H", lambda _row: Cell("H"), 120),
            Column[int]("right", lambda: "H", lambda _row: Cell("H"), 120, "right"),
        ]
        super().__init__(columns, Shelf(), is_checkable=is_checkable)


@pytest.mark.parametrize("is_checkable", [False, True])
def test_a_title_stands_above_what_is_written_below_it(qtbot: QtBot, is_checkable: bool) -> None:
    model = Plain(is_checkable=is_checkable)
    view = shown(model, qtbot)
    model.setParent(view)  # it lives as long as whoever paints it
    view.selectRow(3)
    head, row = view.horizontalHeader(), view.visualRect(model.index(1, 0))
    titles, cells = head.grab().toImage(), picture(view)

    def inked(image: QImage, column: int, top: int, bottom: int) -> list[int]:
        """Where something dark stands, within the column; the box before the first is left out."""
        left = head.sectionViewportPosition(column) + (36 if is_checkable and column == 0 else 0)
        right = head.sectionViewportPosition(column) + head.sectionSize(column)
        dark = [x for x in range(left, right) for y in range(top, bottom) if image.pixelColor(x, y).lightness() < 140]
        return [min(dark), max(dark)]

    for column in range(3):
        title = inked(titles, column, 6, head.height() - 6)
        cell = inked(cells, column, row.top() + 6, row.bottom() - 6)
        assert abs(title[0] - cell[0]) <= 1 or abs(title[1] - cell[1]) <= 1, (column, title, cell)
