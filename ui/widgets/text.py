"""Labels that say what they are, so that the theme decides how they look."""

from typing import Literal, TypeAlias

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

Role: TypeAlias = Literal[
    "body",
    "note",
    "note_strong",
    "faint",
    "muted",
    "row",
    "row_strong",
    "strong",
    "label",
    "card_title",
    "lead",
    "emphasis",
    "page_title",
    "headline",
    "figure",
    "till",
]
TextTone: TypeAlias = Literal["", "accent", "warn", "danger", "info", "muted"]


def label(text: str = "", role: Role = "body", tone: TextTone = "", wraps: bool = False) -> QLabel:
    """A plain-text label; texts of buyers and clerks are never read as markup."""
    result = QLabel(text)
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setProperty("role", role)
    result.setProperty("tone", tone)
    result.setWordWrap(wraps)
    return result


def set_tone(target: QLabel, tone: TextTone) -> None:
    """Change the colour of a label that is already shown."""
    if target.property("tone") != tone:
        target.setProperty("tone", tone)
        repolish(target)


def repolish(target: QWidget) -> None:
    """Have the style sheet look again at the properties of a widget."""
    target.style().unpolish(target)
    target.style().polish(target)
    target.update()


class ElidedLabel(QLabel):
    """One line that gives way: too long a text ends in … and stands whole in the tool tip."""

    def __init__(self, text: str = "", role: Role = "body", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(24)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())
        self.setToolTip("" if shown == self.text() else self.text())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)
