"""Where the parts of a cell stand: tile, two lines, chips; and the bar in their place while they are on their way."""

from functools import lru_cache
from typing import Final, NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage

from ui.theme import fonts, tokens
from ui.widgets import chip, tile
from ui.widgets.cell import Align, Cell, Mark
from ui.widgets.drawn import begun
from ui.widgets.layers import BODY, NOTE, NOTE_STRONG, STRONG, Face, Layers

PADDING: Final = 12
_LINE_FIRST: Final = 20
_LINE_SECOND: Final = 18
_TILE: Final = 40
_TILE_AIR: Final = 12
_BETWEEN_CHIPS: Final = 6
_BETWEEN_LINES: Final = 2
_BEFORE_CHIPS: Final = 8
_BAR_WIDTH: Final = 96
_BAR_HEIGHT: Final = 8


class Room(NamedTuple):
    """Where something may stand."""

    left: int
    top: int
    width: int
    height: int

    def without_left(self, taken: int) -> "Room":
        return Room(self.left + taken, self.top, self.width - taken, self.height)


def tile_width(height: int) -> int:
    """How much of a row's width goes before the text of a cell with a tile."""
    return min(_TILE, height - _TILE_AIR) + PADDING


class _Line(NamedTuple):
    text: str
    face: Face
    token: str
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight


def lay_cell(layers: Layers, room: Room, cell: Cell, align: Align) -> None:
    """The content of a cell, cut to its room."""
    middle = room.top + (room.height - 1) // 2
    if cell.tile or cell.picture is not None:
        edge = tile_width(room.height) - PADDING
        image = tile.tile_image(cell.tile, cell.picture, edge, layers.scale)
        layers.show(room.left, middle - edge // 2, image)
        room = room.without_left(tile_width(room.height))
    if cell.marks and not cell.text:
        _lay_marks_alone(layers, cell.marks, room)
        return
    top = middle - (_LINE_FIRST + (_LINE_SECOND if cell.second else 0)) // 2 + 1
    taken = sum(chip.chip_width(mark.text, mark.has_dot) + _BETWEEN_CHIPS for mark in cell.marks)
    first = Room(room.left, top, room.width - round(taken), _LINE_FIRST)
    line = _Line(cell.text, STRONG if cell.is_strong else BODY, cell.token)
    shown = _lay_line(layers, first, line, align)
    if cell.marks:
        left = room.left + shown + _BEFORE_CHIPS
        _lay_marks(layers, cell.marks, left, room.left + room.width, top + (_LINE_FIRST - chip.HEIGHT) / 2)
    if cell.second:
        below = Room(room.left, top + _LINE_FIRST, room.width, _LINE_SECOND)
        # Numbers and counts stand there: their ends say most.
        line = _Line(cell.second, NOTE, cell.second_token, Qt.TextElideMode.ElideMiddle)
        _lay_line(layers, below, line, align)


def lay_bar(layers: Layers, room: Room) -> None:
    """What stands in the place of a cell that is on its way."""
    width = max(1, min(room.width, _BAR_WIDTH))
    top = room.top + (room.height - 1) // 2 - _BAR_HEIGHT // 2
    layers.show(room.left, top, _bar(width, tokens.value("border"), layers.scale))


def _lay_line(layers: Layers, room: Room, line: _Line, align: Align) -> float:
    """One line of text; how wide it is."""
    face = line.face
    shown, width = fonts.cut(line.text, room.width, face.pixels, face.weight, line.mode)
    air = 0.0 if align == "left" else room.width - width if align == "right" else (room.width - width) / 2
    baseline = room.top + fonts.drop(room.height, face.pixels, face.weight)
    layers.say(room.left + air, baseline, shown, face, line.token)
    return width


def _lay_marks_alone(layers: Layers, marks: tuple[Mark, ...], room: Room) -> None:
    """Beside each other, or below each other where the room is too narrow and high enough for that."""
    across = sum(chip.chip_width(mark.text, mark.has_dot) + _BETWEEN_CHIPS for mark in marks) - _BETWEEN_CHIPS
    step = chip.HEIGHT + _BETWEEN_LINES
    is_stacked = across > room.width and len(marks) * step - _BETWEEN_LINES <= room.height
    lines = [(mark,) for mark in marks] if is_stacked else [marks]
    top = room.top + (room.height - len(lines) * step + _BETWEEN_LINES) / 2
    for line in lines:
        _lay_marks(layers, line, room.left, room.left + room.width, top)
        top += step


def _lay_marks(layers: Layers, marks: tuple[Mark, ...], left: float, right: int, top: float) -> None:
    drop = fonts.drop(chip.HEIGHT, NOTE_STRONG.pixels, NOTE_STRONG.weight)
    for mark in marks:
        whole = chip.chip_width(mark.text, mark.has_dot)
        laid = chip.laid(mark.text, min(whole, right - left), mark.has_dot)
        layers.show(left, top, chip.ground_image(laid.width, mark.tone, mark.has_dot, layers.scale))
        layers.say(left + laid.text_left, top + drop, laid.text, NOTE_STRONG, f"chip_{mark.tone}_text")
        left += whole + _BETWEEN_CHIPS


@lru_cache(256)
def _bar(width: int, color: str, scale: float) -> QImage:
    image, painter = begun(width, _BAR_HEIGHT, scale)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawRoundedRect(QRectF(0, 0, width, _BAR_HEIGHT), 4, 4)
    painter.end()
    return image
