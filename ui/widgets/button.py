"""Buttons: one filled on a page, the others quiet."""

from typing import Final, Literal, TypeAlias

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from ui.theme import icons, metrics
from ui.widgets.text import repolish

Kind: TypeAlias = Literal["plain", "primary", "danger", "link", "bar", "tab", "filter"]

_ICON_TOKENS: Final[dict[str, str]] = {
    "primary": "on_accent",
    "danger": "danger",
    "link": "accent_text",
    "bar": "on_bar",
}
_ICON_SIZE: Final = 16


class Button(QPushButton):
    """A push button with a verb on it."""

    def __init__(self, text: str = "", kind: Kind = "plain", icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._icon_name = icon
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.set_kind(kind)
        self.set_height(metrics.BUTTON)

    def set_height(self, height: int) -> None:
        """Fix the height; the style sheet sets none, which would win over this."""
        self.setFixedHeight(height)

    def set_kind(self, kind: Kind) -> None:
        """Change how the button looks: the primary moves with what is to be done."""
        self.setProperty("kind", kind)
        if self._icon_name:
            token, is_link = _ICON_TOKENS.get(kind, "text2"), kind == "link"
            self.setIcon(icons.icon(self._icon_name, token, checked="accent_text", is_left=is_link))
            # Wider than the drawing: the style leaves no air between icon and word.
            self.setIconSize(QSize(_ICON_SIZE + 6, _ICON_SIZE))
        repolish(self)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        # Bold Chinese is measured a little short by the style; the last sign must not touch the edge.
        return QSize(hint.width() + (4 if self._icon_name else 0), hint.height())


class IconButton(QToolButton):
    """A square button with an icon only; its name is spoken and shown as a tool tip."""

    def __init__(self, icon: str, name: str, size: int = metrics.BUTTON, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(size, size)
        self.setIconSize(QSize(20, 20))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_icon(icon)
        self.set_name(name)

    def set_icon(self, icon: str, token: str = "text2") -> None:
        """Show another icon."""
        self.setIcon(icons.icon(icon, token))

    def set_name(self, name: str) -> None:
        """Say what the button does, for the ear and for the tool tip."""
        self.setAccessibleName(name)
        self.setToolTip(name)
