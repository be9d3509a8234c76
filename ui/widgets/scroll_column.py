"""A column that scrolls: as wide as its place, as high as it is let be."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from ui.widgets.text import repolish


class ScrollColumn(QScrollArea):
    """Attributes: `content` (what scrolls), `column` (its layout; what stands in it leaves room for the bar)."""

    def __init__(self, name: str, spacing: int, bar_room: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.content = QWidget(self)
        self.content.setProperty("ground", "clear")
        self.column = QVBoxLayout(self.content)
        self.column.setContentsMargins(0, 0, bar_room, 0)
        self.column.setSpacing(spacing)
        self.setWidget(self.content)
        self.verticalScrollBar().rangeChanged.connect(self._on_range_changed)

    def _on_range_changed(self, _least: int, most: int) -> None:
        """A hairline below what goes on: without it the buttons seem to cover the last row."""
        if bool(self.property("cut")) != bool(most):
            self.setProperty("cut", bool(most))
            repolish(self)
