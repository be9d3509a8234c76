"""What can be done from everywhere: pages to go to, and what the window itself does."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from app.kernel.i18n import language, tr
from ui.shell.navigation import shortcut_of
from ui.shell.page import Page
from ui.shell.palette.choices import Choice
from ui.theme import tokens

if TYPE_CHECKING:
    from ui.shell.top_bar import TopBar


class Leading(Protocol):
    """What the window does for whoever chooses."""

    top_bar: "TopBar"

    def go(self, key: object, row: object = None) -> None: ...

    def open_issues(self) -> None: ...


def of(window: Leading, pages: Sequence[Page]) -> tuple[Choice, ...]:
    """In the language of now. None of them costs or destroys anything: they lead to where that is confirmed."""
    top = window.top_bar
    other = "English" if language() == "zh_CN" else "中文"
    theme = tr("Light colours") if tokens.current() == "dark" else tr("Dark colours")
    return (
        *(
            Choice(page.icon, tr("Go to {page}", page=page.title()), shortcut_of(place), partial(window.go, page.key))
            for place, page in enumerate(pages)
        ),
        Choice("issue", tr("What waits for a decision"), "", window.open_issues),
        Choice("keyboard", tr("All keys"), "F1", top.keys_pressed.emit),
        Choice("person", tr("Somebody else is on duty"), "Ctrl+L", top.person_pressed.emit),
        Choice("light" if tokens.current() == "dark" else "dark", theme, "", top.theme_pressed.emit),
        Choice("language", tr("Switch to {language}", language=other), "", top.language_pressed.emit),
    )
