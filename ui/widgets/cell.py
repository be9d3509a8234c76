"""What a cell of a paged table shows, as data: the delegate paints it, a reader speaks it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Generic, Literal, TypeAlias, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from ui.theme.tokens import Tone

Row = TypeVar("Row")
Align: TypeAlias = Literal["left", "right", "centre"]


class CellRole(IntEnum):
    """Roles beside Qt's own."""

    CELL = Qt.ItemDataRole.UserRole + 1
    ROWID = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True)
class Mark:
    """A chip inside a cell."""

    text: str
    tone: Tone
    has_dot: bool = True


@dataclass(frozen=True)
class Cell:
    """Up to two lines, at most one tile before them, chips in place of the first line.

    Attributes:
        token, second_token: names of colour tokens.
        tile: the text whose first sign stands on the tile while there is no `picture`; empty for no tile.
    """

    text: str = ""
    second: str = ""
    token: str = "text"
    second_token: str = "text2"
    is_strong: bool = False
    marks: tuple[Mark, ...] = ()
    tile: str = ""
    picture: QImage | None = None

    def spoken(self) -> str:
        """The cell in words, for the ear."""
        return ", ".join(part for part in (self.text, *(mark.text for mark in self.marks), self.second) if part)


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column: its title in the language of the moment, and what it shows of a row.

    Attributes:
        width: in pixels; 0 takes what the others leave.
        sort_key: what the source sorts by when the title is pressed; empty for not sortable.
    """

    key: str
    title: Callable[[], str]
    cell: Callable[[Row], Cell]
    width: int = 0
    align: Align = "left"
    sort_key: str = ""
