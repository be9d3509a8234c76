"""The keys that work on every page, and all keys of the program for the sheet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.kernel.i18n import tr
from ui.shell.navigation import NUMBERED, shortcut_of
from ui.shell.page import Keyed, Page
from ui.widgets.keys import Key, bind, told

SHEET: Final = Key("sheet", ("F1",), lambda: tr("This sheet"))
SEARCH: Final = Key("search", ("Ctrl+K",), lambda: tr("Find, or lead to what is to be done"))
# Its act is the page that it leads to.
SETTINGS: Final = Key("settings", ("Ctrl+,",), lambda: tr("Settings"))
PERSON: Final = Key("person", ("Ctrl+L",), lambda: tr("Somebody else is on duty"))
BACK: Final = Key("back", ("Esc",), lambda: tr("Close, go back, clear"), is_native=True)
_CAPS: Final = {"Left": "←", "Right": "→"}
PAGE_KEY: Final = "page_key"
"""The property of a shortcut that says which page it leads to."""


@dataclass(frozen=True)
class KeyGroup:
    """The keys of one page, each as its caps and what it does."""

    title: str
    lines: tuple[tuple[tuple[str, ...], str], ...]


def everywhere(pages: Sequence[Page]) -> list[Key]:
    """The keys of every page, without those that lead nowhere here."""
    settings = [SETTINGS] if any(page.key == SETTINGS.act for page in pages) else []
    return [SHEET, SEARCH, *settings, PERSON, BACK]


def bind_everywhere(
    window: QWidget, pages: Sequence[Page], on_page: Callable[[], None], acts: Mapping[str, Callable[[], object]]
) -> None:
    """Bind them. ``on_page`` turns to the page that its sender names, ``acts`` are the others'."""
    leading = [(shortcut_of(place), page.key) for place, page in enumerate(pages)]
    leading += [(sequence, page.key) for page in pages if page.key == SETTINGS.act for sequence in SETTINGS.sequences]
    for sequence, key in leading:
        if sequence:
            shortcut = QShortcut(QKeySequence(sequence), window)
            shortcut.setProperty(PAGE_KEY, key)
            shortcut.activated.connect(on_page)
    bind(window, [key for key in everywhere(pages) if key is not SETTINGS], acts)


def groups(pages: Sequence[Page]) -> tuple[KeyGroup, ...]:
    """All keys in the language of now, those of every page first."""
    lines = [(caps(key), key.words()) for key in everywhere(pages)]
    lines.insert(1, (("Ctrl", f"1–{len(pages[:NUMBERED])}"), tr("Pages, as they stand on the left")))
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
        return tuple(_CAPS.get(sequence, sequence) for sequence in key.sequences)
    return tuple(key.sequences[0].replace("Return", "Enter").split("+"))
