"""Puts a theme on the running application."""

from typing import Literal, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from ui.theme import fonts, tokens
from ui.theme.palette import palette
from ui.theme.qss import sheet

Choice: TypeAlias = Literal["light", "dark", "system"]


def resolve(choice: Choice) -> tokens.ThemeName:
    """The theme that a choice means now; a system that does not say is light."""
    if choice != "system":
        return choice
    is_dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return "dark" if is_dark else "light"


def apply(app: QApplication, choice: Choice) -> tokens.ThemeName:
    """Show the theme `choice` everywhere, at once; answers which one that is."""
    name = resolve(choice)
    tokens.use(name)
    fonts.load()
    # Under a style sheet the style has no name, and only this function sets one.
    if app.style().objectName().lower() not in {"fusion", ""}:
        app.setStyle("Fusion")
    app.setFont(fonts.font())
    # Palette first: the style sheet is polished against it, and disabled colours leak from the system otherwise.
    app.setPalette(palette())
    app.setStyleSheet(sheet(tokens.table()))
    return name
