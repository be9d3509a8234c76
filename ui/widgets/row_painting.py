"""Paints the rows of a paged table that are to be painted anew, all of them as one picture."""

from dataclasses import dataclass
from math import ceil
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QTableView

from ui.widgets.cell import Column
from ui.widgets.cell_painting import PADDING, Room, lay_bar, lay_cell, tile_width
from ui.widgets.layers import Layers
from ui.widgets.paged_table import PagedModel, RowLook
from ui.widgets.tick_box import BOX, EDGE, box_image

_FIRST_PADDING = PADDING + 4
_ACCENT_WIDTH = 3


@dataclass(frozen=True)
class _Place:
    """A column in sight."""

    column: Column[Any]
    left: int
    width: int
    is_first: bool


def paint_rows(
    view: QTableView, model: PagedModel[Any], painter: QPainter, dirty: QRect, hovered: int | None = None
) -> None:
    """Draw every row that reaches into ``dirty``; the row ``hovered`` lies under the mouse."""
    first, last = view.rowAt(dirty.top()), view.rowAt(dirty.bottom())
    if first < 0:
        return
    if last < 0:
        last = model.rowCount() - 1
    places = _places(view, model, dirty)
    if not places:
        return
    columns = [place.column for place in places]
    left = min(place.left for place in places)
    width = max(place.left + place.width for place in places) - left
    selected = _selected(view, first, last)
    layers = Layers(painter.deviceTransform().m11())
    for position in range(first, last + 1):
        look = model.look(position, columns)
        top, height = view.rowViewportPosition(position), view.rowHeight(position)
        is_chosen = position in selected or look.check == Qt.CheckState.Checked
        token = "selected" if is_chosen else "hover" if position == hovered else ""
        lay_ground(layers, Room(left, top, width, height), token)
        if position in selected:
            lay_accent(layers, Room(places[0].left, top, places[0].width, height), is_first=places[0].is_first)
        _lay_row(layers, places, look, top, height)
    layers.draw(painter)


def lay_ground(layers: Layers, room: Room, token: str) -> None:
    """The ground of a row or of a cell, and the rule below it; no token leaves what lies there."""
    left, top, width, height = room
    if token:
        layers.fill(left, top, width, height, token)
    layers.fill(left, top + height - 1, width, 1, "border")


def lay_accent(layers: Layers, room: Room, *, is_first: bool) -> None:
    """What marks the selected row at its beginning."""
    if is_first:
        layers.fill(room.left, room.top, _ACCENT_WIDTH, room.height - 1, "accent")


def inner(room: Room, *, is_first: bool) -> Room:
    """Where the content of a cell may stand."""
    left = _FIRST_PADDING if is_first else PADDING
    return Room(room.left + left, room.top, room.width - left - PADDING, room.height - 1)


def first_width(text_width: float, height: int) -> int:
    """How wide the first column of a table with ticks and tiles has to be for a text of this width."""
    return ceil(_FIRST_PADDING + BOX + PADDING + tile_width(height) + text_width + PADDING)


def _lay_row(layers: Layers, places: list[_Place], look: RowLook, top: int, height: int) -> None:
    for number, place in enumerate(places):
        room = inner(Room(place.left, top, place.width, height), is_first=place.is_first)
        if place.is_first and look.check is not None:
            box_top = room.top + (room.height - 1) // 2 - BOX // 2
            layers.show(room.left - EDGE, box_top - EDGE, box_image(look.check, layers.scale))
            room = room.without_left(BOX + PADDING)
        if look.cells is not None:
            lay_cell(layers, room, look.cells[number], place.column.align)
        else:
            lay_bar(layers, room)


def _places(view: QTableView, model: PagedModel[Any], dirty: QRect) -> list[_Place]:
    """The columns that reach into ``dirty``; a hidden one is as wide as nothing."""
    found = []
    for number, column in enumerate(model.columns()):
        left, width = view.columnViewportPosition(number), view.columnWidth(number)
        if width and left <= dirty.right() and left + width > dirty.left():
            found.append(_Place(column, left, width, number == 0))
    return found


def _selected(view: QTableView, first: int, last: int) -> set[int]:
    """The selected ones of these rows."""
    chosen = view.selectionModel().selection()
    spans = [chosen.at(number) for number in range(chosen.count())]
    return {row for span in spans for row in range(max(span.top(), first), min(span.bottom(), last) + 1)}
