"""A tinted note with an icon: what a person should know before going on."""

from typing import Literal, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.theme import metrics
from ui.widgets.card import Card
from ui.widgets.icon_label import IconLabel
from ui.widgets.text import label

NoticeKind: TypeAlias = Literal["accent", "warn", "danger", "info"]

_MARKS = {
    "accent": ("done", "accent_text"),
    "warn": ("warning", "warn"),
    "danger": ("issue", "danger"),
    "info": ("info", "info"),
}


class Notice(Card):
    """Hidden while it has nothing to say.

    Attributes: `text_label`.
    """

    def __init__(self, kind: NoticeKind, parent: QWidget | None = None) -> None:
        super().__init__(kind=kind, padding=metrics.SPACE_M, parent=parent)
        self._icon = IconLabel(*_MARKS[kind], 18)
        self.text_label = label("", "body", wraps=True)
        across = QHBoxLayout()
        across.setSpacing(metrics.SPACE_S)
        across.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        across.addWidget(self.text_label, 1)
        self.body.addLayout(across)
        self.hide()

    def say(self, text: str, kind: NoticeKind | None = None) -> None:
        """Say something, or nothing with an empty text."""
        if kind is not None:
            self.set_kind(kind)
            self._icon.set_icon(*_MARKS[kind])
        self.text_label.setText(text)
        self.setVisible(bool(text))
