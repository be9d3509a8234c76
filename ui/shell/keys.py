"""The keys that work on every page, and all keys of the program for the sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.kernel.i18n import tr
from ui.shell.navigation import NUMBERED
from ui.shell.page import Keyed, Page
from ui.widgets.keys import Key, told

SHEET: Final = Key("sheet", ("F1",), lambda: tr("This sheet"))
SEARCH: Final = Key("search", ("Ctrl+K",), lambda: tr("Search in the top bar"))
SETTINGS: Final = Key("settings", ("Ctrl+,",), lambda: tr("Settings"))
PERSON: Final = Key("person", ("Ctrl+L",), lambda: tr("Somebody else is on duty"))
BACK: Final = Key("back", ("Esc",), lambda: tr("Close, go back, clear"), is_native=True)


@dataclass(frozen=True)
class KeyGroup:
    """The keys of one page, each as its caps and what it does."""

    title: str
    lines: tuple[tuple[tuple[str, ...], str], ...]


def groups(everywhere: Sequence[Key], pages: Sequence[Page]) -> tuple[KeyGroup, ...]:
    """All keys in the language of now, those of every page first."""
    lines = [(caps(key), key.words()) for key in everywhere]
    numbered = pages[:NUMBERED]
    names = tr("Pages: {names}", names=tr(", ").join(page.title() for page in numbered))
    lines.insert(1, (("Ctrl", f"1–{len(numbered)}"), names))
    found = [KeyGroup(tr("Everywhere"), tuple(lines))]
    for page in pages:
        if isinstance(page, Keyed):
            found.append(KeyGroup(page.title(), tuple((caps(key), key.words()) for key in page.shortcuts())))
    return tuple(found)


def search_of(page: Page | None) -> str:
    """The key of the top bar's search as it is told there: the page's own, where it has one."""
    own = page.shortcuts() if isinstance(page, Keyed) else ()
    return told((*own, SEARCH), SEARCH.act)


def caps(key: Key) -> tuple[str, ...]:
    """What is drawn: the parts of a chord, or several keys that do the same."""
    if not any("+" in sequence for sequence in key.sequences):
        return key.sequences
    return tuple(key.sequences[0].replace("Return", "Enter").split("+"))
