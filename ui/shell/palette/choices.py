"""What the palette offers: rows that pages find, and places to go to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from app.kernel.i18n import tr
from ui.bridge.finds import Found
from ui.theme.tokens import Tone

COMMANDS: Final = "commands"
"""The group of what can be done."""


@runtime_checkable
class Findable(Protocol):
    """A page whose rows are found from everywhere."""

    def find(self, words: str, most: int, on_found: Callable[[Found], None], is_wanted: Callable[[], bool]) -> None: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """A line that can be chosen. ``act`` leads somewhere; it costs and destroys nothing."""

    icon: str
    title: str
    note: str
    act: Callable[[], object]
    mark: tuple[str, Tone] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one kind, and how many of them there are in all, as it is told."""

    key: str
    title: str
    count: str
    choices: tuple[Choice, ...]


def command_group(commands: Sequence[Choice], words: str, initials: Callable[[str], str]) -> Group:
    """Those that have the words in their text, or in the initials of its signs."""
    asked = words.casefold()
    fitting = tuple(one for one in commands if asked in one.title.casefold() or asked in initials(one.title))
    return Group(COMMANDS, tr("What can be done"), str(len(fitting)), fitting)


def counted(found: Found) -> str:
    """How many there are, or at least how many."""
    return f"{len(found.hits)}+" if found.count is None else f"{found.count:,}"
