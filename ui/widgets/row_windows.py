"""What is known of a table's rows, window by window: asked for when they come in sight, forgotten long after."""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, Generic, Protocol, TypeAlias, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from ui.widgets.cell import Row

WINDOW_ROWS: Final = 50
WINDOWS_KEPT: Final = 80
# A fling of the scroll bar wants many windows; only those wanted last are still in sight.
WINDOWS_ASKED: Final = 4
UNKNOWN: Final = -1
"""The number of a row that has its place in the list and is not known yet."""
Fetched_co = TypeVar("Fetched_co", covariant=True)
AskRowids: TypeAlias = Callable[[int, int, Callable[[Sequence[int]], None]], None]
"""Asks elsewhere which rows stand from a position on, so many of them; the answer comes on the GUI thread."""


class PagedSource(Protocol[Fetched_co]):
    """Where the rows come from."""

    def request_window(self, rowids: Sequence[int], callback: Callable[[Mapping[int, Fetched_co]], None]) -> None:
        """Fetch these rows elsewhere and call back on the GUI thread, by rowid; rows that are gone are left out."""


class RowWindows(QObject, Generic[Row]):
    """Attributes: `rows`, their content by number, always the same dictionary; `ask_rowids`, whom to ask for numbers.

    Signals: `loaded(object, object)`, the rows from one position to another are known now.
    """

    loaded = Signal(object, object)

    def __init__(self, source: PagedSource[Row], parent: QObject) -> None:
        super().__init__(parent)
        self._source = source
        self.rows: dict[int, Row] = {}
        self.ask_rowids: AskRowids | None = None
        self._rowids: array[int] = array("q")
        self._kept: OrderedDict[int, tuple[int, ...]] = OrderedDict()
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._pending: set[int] = set()
        self._found: set[int] = set()
        self._known: dict[int, Row] = {}
        self._generation = 0
        self._asking = QTimer(self)
        self._asking.setSingleShot(True)
        self._asking.setInterval(0)
        self._asking.timeout.connect(self._on_asking_timeout)

    def know(self, rows: Mapping[int, Row]) -> None:
        """What is shown of the first of the rows that `refresh` is told of next: they are not asked for."""
        self._known = dict(rows)

    def refresh(self, rowids: "array[int]") -> None:
        """From now on these rows, each to be fetched when it is wanted; old content stays until the new has come.

        Numbers that were unknown are written into ``rowids`` itself when they are found.
        """
        self._rowids = rowids
        self._generation += 1
        self._pending.clear()
        self._forget()
        self._kept.clear()
        known, self._known = self._known, {}
        if known:
            self.rows.update(known)
            held = tuple(rowids[_span(0)])
            if known.keys() >= set(held):
                self._kept[0] = held

    def want(self, position: int) -> None:
        """The row at this position is in sight, or will be: ask for it and those around it."""
        window = position // WINDOW_ROWS
        if window in self._kept or window in self._pending:
            return
        self._wanted[window] = None
        self._wanted.move_to_end(window)
        if not self._asking.isActive():
            self._asking.start()

    def is_asking(self) -> bool:
        """Whether something is wanted that was not asked for yet."""
        return self._asking.isActive()

    def agree(self, new: "array[int]") -> bool:
        """Whether a new list holds what was found out about this one's unknown numbers, which is not asked twice."""
        found, self._found = self._found, set()
        return all(self._rowids[_span(window)] == new[_span(window)] for window in found)

    def _forget(self) -> None:
        """Changes may come all day long: what was in sight long ago does not stay for ever."""
        if len(self.rows) > WINDOWS_KEPT * WINDOW_ROWS:
            recent = [rowid for window in self._kept.values() for rowid in window]
            kept = {rowid: self.rows[rowid] for rowid in recent if rowid in self.rows}
            self.rows.clear()
            self.rows.update(kept)

    def _on_asking_timeout(self) -> None:
        wanted = list(self._wanted)[-WINDOWS_ASKED:]
        self._wanted.clear()
        for window in wanted:
            held = self._rowids[_span(window)]
            if UNKNOWN in held and self.ask_rowids is not None:
                self._pending.add(window)
                found = partial(self._on_rowids_found, self._generation, window)
                self.ask_rowids(window * WINDOW_ROWS, len(held), found)
            else:
                self._request(window)

    def _on_rowids_found(self, generation: int, window: int, rowids: Sequence[int]) -> None:
        if not isValid(self) or generation != self._generation:
            return
        self._pending.discard(window)
        if len(rowids) == len(self._rowids[_span(window)]):  # or the list has changed, and a new one is on its way
            self._rowids[_span(window)] = array("q", rowids)
            self._found.add(window)
            self._request(window)

    def _request(self, window: int) -> None:
        rowids = tuple(rowid for rowid in self._rowids[_span(window)] if rowid != UNKNOWN)
        if rowids:
            self._pending.add(window)
            self._source.request_window(rowids, partial(self._on_window_loaded, self._generation, window, rowids))

    def _on_window_loaded(self, generation: int, window: int, rowids: tuple[int, ...], rows: Mapping[int, Row]) -> None:
        if not isValid(self) or generation != self._generation:
            return
        self._pending.discard(window)
        self.rows.update(rows)
        self._kept[window] = rowids
        while len(self._kept) > WINDOWS_KEPT:
            _, forgotten = self._kept.popitem(last=False)
            for rowid in forgotten:
                self.rows.pop(rowid, None)
        first = window * WINDOW_ROWS
        self.loaded.emit(first, first + len(rowids) - 1)


def _span(window: int) -> slice:
    return slice(window * WINDOW_ROWS, (window + 1) * WINDOW_ROWS)
