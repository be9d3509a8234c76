"""What a page is to the shell. Pages need not import this: they only have to look like it."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol, runtime_checkable

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from app.kernel.i18n import tr
from ui.widgets.keys import Key

# Groups of the side bar in their order; a group without pages does not appear.
GROUPS: Final[tuple[tuple[str, Callable[[], str]], ...]] = (
    ("business", lambda: tr("Business")),
    ("goods", lambda: tr("Goods")),
    ("growth", lambda: tr("Customers and growth")),
    ("admin", lambda: tr("Administration")),
)


class Page(Protocol):
    """An entry of the side bar and the widget behind it.

    Attributes:
        key: the name that other parts go to the page by.
        group: one of `GROUPS`.
        icon: a meaning of `ui.theme.icons`.
    """

    key: str
    group: str
    icon: str

    def title(self) -> str:
        """The page's name in the language of the moment."""

    def fact(self) -> str:
        """One muted fact beside the title, such as "12,480 orders"; may be empty."""

    def count(self) -> int | None:
        """Work that waits here; None or 0 shows nothing."""

    def build(self, parent: QWidget) -> QWidget:
        """Make the page's widget; called once, when the page is first shown."""


@runtime_checkable
class Keyed(Protocol):
    """A page that has keys of its own."""

    def shortcuts(self) -> Sequence[Key]: ...


@runtime_checkable
class Translated(Protocol):
    """A page's widget that says its texts again after a change of language."""

    def retranslate(self) -> None: ...


@runtime_checkable
class Searchable(Protocol):
    """A page's widget that the search field of the top bar works for."""

    def search_name(self) -> str: ...

    def search(self, text: str) -> None: ...


@runtime_checkable
class Watching(Protocol):
    """A page's widget that wants to know when it comes in sight and goes out of it."""

    def page_shown(self) -> None: ...

    def page_hidden(self) -> None: ...


@runtime_checkable
class Filling(Protocol):
    """A page's widget that tells when it shows the first of what it has, or that it has nothing.

    What comes up behind the first picture waits for that, and for its being painted.
    """

    filled: SignalInstance


@runtime_checkable
class Staffed(Protocol):
    """A page's widget that shows more or less, depending on who is on duty."""

    def person_changed(self) -> None: ...


@runtime_checkable
class Addressed(Protocol):
    """A page's widget that can be sent to one of its rows."""

    def open_row(self, row: object) -> None: ...


@runtime_checkable
class Guarding(Protocol):
    """A page's widget that may hold what would be lost with the window."""

    def unsaved(self) -> int: ...

    def may_close(self) -> bool:
        """Ask the person what is to become of it; False keeps the window, which the widget may close itself later."""
        ...
