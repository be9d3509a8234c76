"""The keys of the pickup page."""

from typing import Final

from app.kernel.i18n import tr
from ui.widgets.keys import Key

KEYS: Final = (
    Key("next", ("F2", "Esc"), lambda: tr("The field, next customer")),
    Key("find", ("F4",), lambda: tr("Find by name or phone")),
    Key("record", ("Ctrl+O",), lambda: tr("Open the record")),
    Key("undo", ("Ctrl+Z",), lambda: tr("Not handed over, take it back")),
    Key("prepare", ("Ctrl+B",), lambda: tr("Mark as prepared")),
    Key("part", ("Ctrl+D",), lambda: tr("Hand over a part")),
    Key("override", ("Ctrl+M",), lambda: tr("A manager hands over")),
    Key("print", ("Ctrl+P",), lambda: tr("Print the receipt")),
    Key("redeem", ("Ctrl+Return", "Ctrl+Enter"), lambda: tr("Hand over without a scan")),
)
