"""Cards and the lines between their parts."""

from typing import Literal, TypeAlias

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.theme import metrics
from ui.widgets.text import label, repolish

CardKind: TypeAlias = Literal["plain", "strong", "inset", "accent", "warn", "danger", "info", "bar", "popup"]


def rule(parent: QWidget | None = None) -> QFrame:
    """A hairline across."""
    line = QFrame(parent)
    line.setProperty("rule", "across")
    line.setFixedHeight(1)
    return line


class Card(QFrame):
    """A surface with round corners; `body` is where its content goes.

    Attributes: `title_label` and `fact_label` (right of the title) exist when a title was given.
    """

    def __init__(
        self, title: str = "", kind: CardKind = "plain", padding: int = metrics.SPACE_L, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("card", kind)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(padding, padding, padding, padding)
        self.body.setSpacing(metrics.SPACE_M)
        self.title_label: QLabel = label(title, "card_title")
        self.fact_label: QLabel = label("", "note")
        self.head = QHBoxLayout()
        self.head.setSpacing(metrics.SPACE_S)
        if title:
            self.head.addWidget(self.title_label)
            self.head.addStretch(1)
            self.head.addWidget(self.fact_label)
            self.body.addLayout(self.head)
        else:
            self.title_label.setParent(self)
            self.fact_label.setParent(self)
            self.title_label.hide()
            self.fact_label.hide()

    def set_kind(self, kind: CardKind) -> None:
        """Change the ground, as when a state turns from calm to amber."""
        if self.property("card") != kind:
            self.setProperty("card", kind)
            repolish(self)
