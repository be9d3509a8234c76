"""The keys of the print centre."""

from typing import Final

from app.kernel.i18n import tr
from ui.widgets.keys import Key

KEYS: Final = (
    Key("job", ("↑", "↓"), lambda: tr("Another paper"), is_native=True),
    Key("back", ("Left",), lambda: tr("The sheet before")),
    Key("forth", ("Right",), lambda: tr("The next sheet")),
    Key("reprint", ("Ctrl+P",), lambda: tr("Print again, with a reason")),
    Key("pause", ("F8",), lambda: tr("Pause the printer, or let it go on")),
)
