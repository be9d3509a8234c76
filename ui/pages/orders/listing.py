"""How the list of orders is asked for, without Qt: in parts, kept up to date, taken back when nobody waits for it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from app.desk import queries
from app.desk.queries import OrderFilter, OrderList
from app.desk.stopping import Stoppable

if TYPE_CHECKING:
    from app.desk.runner import ChangeSet, Runner
    from app.desk.threads import Query

MOST_KEYS = 500
Keys = frozenset[str] | None
"""Orders by their ids; None is for more than are worth naming."""


class ListView(Protocol):
    """What shows the list."""

    def show_list(self, found: OrderList, wanted: OrderFilter) -> None: ...

    def rows_in_view(self) -> int: ...

    def after_rows(self, act: Callable[[], None]) -> None:
        """Do it as soon as the list that it was told to show last is painted."""


class Listing:
    """``wanted`` is what the list is narrowed to; after a change of it, ``reload``.

    Where ``needs_one`` says that no order is open, ``open_row`` is given the first one of the list. ``is_stale``: what
    the page shows has changed while nobody looked, which ``is_shown`` tells.
    """

    def __init__(
        self,
        runner: "Runner",
        view: ListView,
        needs_one: Callable[[], bool],
        open_row: Callable[[int], None],
    ) -> None:
        self._runner = runner
        self._view = view
        self._needs_one = needs_one
        self._open = open_row
        self.wanted = OrderFilter()
        self.is_stale = False
        self.is_shown = True
        self._listing: OrderFilter | None = None
        self._reading: Stoppable[OrderList] | None = None
        self._listed: tuple[OrderFilter, OrderList] | None = None
        self._unlisted: Keys = frozenset()
        self._asked_about: Keys = frozenset()
        self._is_begun = False
        self._is_outdated = False
        self._generation = 0

    def close(self) -> None:
        self._drop()
        self._generation += 1

    def page_shown(self) -> bool:
        """Somebody looks again; whether what stands there has to be read again."""
        self.is_shown = True
        was_stale, self.is_stale = self.is_stale, False
        return was_stale

    def page_hidden(self) -> None:
        """Nobody looks: what was on its way is asked for by whoever comes back."""
        self.is_shown = False
        self.is_stale = self._drop() or self.is_stale

    def note(self, changes: "ChangeSet") -> None:
        """Remember which orders the list has to be told about when it is asked for next."""
        self._unlisted = _together(self._unlisted, changes.tables.get("orders", frozenset()))

    def is_asked_about_all(self) -> bool:
        """Whether the list on its way takes all changes into account that are known."""
        asked, known = self._asked_about, self._unlisted
        return asked is not None and known is not None and known <= asked

    def reload(self) -> None:
        """Ask for it again.

        While a list is on its way it is not asked for once more: changes may come faster than a long list is read.
        """
        if self._listing == self.wanted:
            self._is_outdated = True
        else:
            self._ask()

    def find_rows(self, first: int, count: int, on_found: Callable[[Sequence[int]], None]) -> None:
        """Which orders stand from a position on, in a list of which only the beginning is known so far."""
        if self._listed is not None and not self._listed[1].is_whole:
            listed = self._listed
            wanted, total = listed[0], len(listed[1].rowids)
            query = queries.order_rows(wanted, first, count, total)
            self._runner.query(query, on_found, lambda: self._listed is listed)

    def _ask(self) -> None:
        self._drop()
        self._generation += 1
        generation, wanted = self._generation, self.wanted
        self._listing, self._is_outdated = wanted, False
        self._asked_about, self._unlisted = self._unlisted, frozenset()
        self._reading = Stoppable(self._query())
        self._runner.query(
            self._reading,
            lambda found: self._on_list(generation, wanted, found),
            lambda: generation == self._generation,
        )

    def _drop(self) -> bool:
        """Nobody waits for the list on its way any more: it takes nothing into account. Whether there was one."""
        if self._listing is None or self._reading is None:
            return False
        self._generation += 1
        self._reading.stop()
        self._unlisted = _together(self._unlisted, self._asked_about)
        self._listing = self._reading = None
        return True

    def _query(self) -> "Query[OrderList]":
        """A list of another filter begins with its newest rows; one that is shown already is brought up to date.

        What is found is there to be scrolled before it is counted: of a word that is everywhere that takes a second.
        """
        if self._listed is None or self._listed[0] != self.wanted:
            self._is_begun = bool(self.wanted.words.strip())
            return queries.first_orders(self.wanted, self._view.rows_in_view())
        shown = self._listed[1]
        if self._is_begun and not shown.is_whole:
            self._is_begun = False
            return queries.first_orders(self.wanted)
        if self._asked_about is None or not shown.is_whole:
            return queries.order_list(self.wanted)
        return queries.order_list_after(self.wanted, shown, self._asked_about)

    def _on_list(self, generation: int, wanted: OrderFilter, found: OrderList | None) -> None:
        if generation != self._generation or found is None:
            return
        self._listing = self._reading = None
        self._listed = (wanted, found)
        self._view.show_list(found, wanted)
        if not found.is_whole or self._is_outdated or self._needs_one():
            self._view.after_rows(lambda: self._go_on(generation, found))

    def _go_on(self, generation: int, found: OrderList) -> None:
        """The beginning of a list is shown: its first order, and the rest of it."""
        if generation != self._generation:
            return
        if not self.is_shown:
            self.is_stale = True
            return
        if found.rowids and self._needs_one():
            self._open(found.rowids[0])
        if not found.is_whole or self._is_outdated:
            self._ask()


def _together(some: Keys, more: Keys) -> Keys:
    return None if some is None or more is None or len(some) + len(more) > MOST_KEYS else some | more
