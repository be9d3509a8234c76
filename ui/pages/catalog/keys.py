"""The keys of the products page."""

from typing import Final

from app.kernel.i18n import tr
from ui.widgets.keys import Key

KEYS: Final = (
    Key("search", ("Ctrl+F",), lambda: tr("Search")),
    Key("edit", ("Ctrl+E",), lambda: tr("Edit the product")),
    Key("create", ("Ctrl+N",), lambda: tr("New product")),
    Key("close", ("Esc",), lambda: tr("Close, go back, clear")),
)
