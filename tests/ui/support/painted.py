"""What a page of a table says once it is painted: the texts, cut as they are on the screen."""

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QFont, QImage, QTransform

from ui.widgets.row_painting import paint_rows
from ui.widgets.table_view import PagedTableView


@dataclass
class Listener:
    """Takes what is painted and keeps the words, with where they stand."""

    words: list[tuple[float, float, str]] = field(default_factory=list)

    def deviceTransform(self) -> QTransform:
        return QTransform()

    def fillRect(self, left: int, top: int, width: int, height: int, color: QColor) -> None:
        """Grounds say nothing."""

    def drawImage(self, at: QPointF, image: QImage) -> None:
        """Nor do pictures."""

    def setFont(self, font: QFont) -> None:
        """Words are cut before they are painted."""

    def setPen(self, color: QColor) -> None:
        """In whatever colour."""

    def drawText(self, at: QPointF, text: str) -> None:
        self.words.append((at.x(), at.y(), text))


def painted_words(table: PagedTableView, within: QRect | None = None) -> list[tuple[float, float, str]]:
    """(x, baseline, text) of everything in the rows in sight."""
    listener = Listener()
    model = table.model()
    paint_rows(table, model, listener, within or table.viewport().rect())  # type: ignore[arg-type]
    return listener.words
