"""A drawn icon that follows the theme."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme import icons, tokens


class IconLabel(QWidget):
    """An icon of fixed size, on a round ground if one is named."""

    def __init__(self, name: str, token: str = "text2", size: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._token = token
        self._ground = ""
        self._icon_size = size
        self.setFixedSize(size, size)

    def set_icon(self, name: str, token: str) -> None:
        """Show another icon, or the same in another colour."""
        self._name = name
        self._token = token
        self.update()

    def set_disc(self, token: str, diameter: int) -> None:
        """Stand the icon on a disc of this colour."""
        self._ground = token
        self.setFixedSize(diameter, diameter)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._ground:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(tokens.color(self._ground))
            painter.setBrush(tokens.color(self._ground))
            painter.drawEllipse(self.rect().adjusted(1, 1, -1, -1))
        target = QRect(0, 0, self._icon_size, self._icon_size)
        target.moveCenter(self.rect().center())
        icons.paint(painter, target, self._name, self._token)
