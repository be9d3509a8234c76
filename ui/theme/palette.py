"""Tokens as a Qt palette, for what style sheets do not reach."""

from typing import Final

from PySide6.QtGui import QPalette

from ui.theme import tokens

_Role = QPalette.ColorRole

ROLES: Final = (
    (_Role.Window, "bg"),
    (_Role.WindowText, "text"),
    (_Role.Base, "surface"),
    (_Role.AlternateBase, "surface2"),
    (_Role.Text, "text"),
    (_Role.Button, "surface"),
    (_Role.ButtonText, "text"),
    (_Role.BrightText, "danger"),
    (_Role.Highlight, "fill"),
    (_Role.HighlightedText, "on_accent"),
    (_Role.PlaceholderText, "text3"),
    (_Role.ToolTipBase, "bar"),
    (_Role.ToolTipText, "on_bar"),
    (_Role.Light, "surface"),
    (_Role.Midlight, "border"),
    (_Role.Mid, "border"),
    (_Role.Dark, "border2"),
    (_Role.Shadow, "border2"),
    (_Role.Link, "accent_text"),
    (_Role.LinkVisited, "accent_text"),
    (_Role.Accent, "fill"),
)


def palette() -> QPalette:
    """The palette of the current theme, disabled states included."""
    result = QPalette()
    for role, token in ROLES:
        result.setColor(role, tokens.color(token))
    for role in (_Role.Text, _Role.WindowText, _Role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, tokens.color("text3"))
    return result
