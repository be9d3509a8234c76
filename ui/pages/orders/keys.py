"""The keys of the orders page."""

from typing import Final

from app.kernel.i18n import tr
from ui.widgets.keys import Key

KEYS: Final = (
    Key("choose", ("↑", "↓"), lambda: tr("Order above, order below"), is_native=True),
    Key("open", ("Enter",), lambda: tr("Go to what comes next"), is_native=True),
    Key("tick", ("Space",), lambda: tr("Tick"), is_native=True),
    Key("tick_all", ("Ctrl+A",), lambda: tr("Tick all that are loaded"), is_native=True),
    Key("search", ("Ctrl+F",), lambda: tr("Search")),
    Key("ship", ("Ctrl+Return", "Ctrl+Enter"), lambda: tr("Ship, or all the ticked")),
    Key("label", ("Ctrl+P",), lambda: tr("Print label")),
)
