"""Which page is where, and the keys that lead to it."""

from collections.abc import Sequence
from typing import Final

from ui.shell.page import GROUPS, Page

NUMBERED: Final = 9


def in_order(pages: Sequence[Page]) -> tuple[Page, ...]:
    """The pages as the side bar shows them. Raises ValueError for an unknown group or a key used twice."""
    names = [name for name, _ in GROUPS]
    keys = [page.key for page in pages]
    for page in pages:
        if page.group not in names:
            raise ValueError(f"page {page.key}: group {page.group!r} is none of {names}")
        if keys.count(page.key) > 1:
            raise ValueError(f"two pages are called {page.key}")
    return tuple(sorted(pages, key=lambda page: names.index(page.group)))


def shortcut_of(place: int) -> str:
    """Ctrl+1 to Ctrl+9 for the first nine pages, nothing for the others."""
    return f"Ctrl+{place + 1}" if place < NUMBERED else ""
