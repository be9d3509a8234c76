"""From the words to the painted rows, as a process of its own: ``python -m benchmarks.typed FOLDER COUNT ROUNDS SEED``.

The window is that of a counter's usual screen. What is measured is all that the program does until what was found is
painted: the search, what the rows say, the list and its page. What comes behind that, such as how many were found in
all, is not asked for.
"""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QWidget

from app.replica.queries.order_list import OrderFilter, OrderList
from app.replica.reader import open_reader
from benchmarks.gui import Bench
from benchmarks.replicas import file_of
from benchmarks.search import Asked
from ui.bridge.services import PageServices
from ui.pages.orders.page import OrdersPage

SCREEN = (1366, 768)
_ANSWERS = 4
"""So often one answer may lead to the next question."""
_LONGEST_S = 60


class TypedPage(OrdersPage):
    """Tells when the list of a filter has been painted."""

    def __init__(self, services: PageServices, parent: QWidget | None = None) -> None:
        self._typed: OrderFilter | None = None
        self._begun = self._took = 0.0
        self._loop = QEventLoop()
        super().__init__(services, parent)

    def show_list(self, found: OrderList, wanted: OrderFilter) -> None:
        super().show_list(found, wanted)
        if wanted == self._typed:
            self._typed = None
            if found.rowids:
                self.table.after_painting(self._on_painted)
            else:
                self.list_card.empty_state.repaint()
                self._on_painted()

    def type(self, wanted: OrderFilter) -> float:
        """The processors' time in milliseconds. Raises RuntimeError if a row that is in sight says nothing."""
        self._typed, self._begun = wanted, time.process_time()
        self.presenter.show_filtered(wanted)
        self._loop.exec()
        seen = min(self.model.rowCount(), self.rows_in_view() - 1)
        if any(self.model.row_at(place) is None for place in range(seen)):
            raise RuntimeError(wanted)
        return self._took

    def _on_painted(self) -> None:
        self._took = (time.process_time() - self._begun) * 1000
        self._loop.quit()


class Typing:
    """A person at a counter who searches."""

    def __init__(self, folder: Path, count: int, seed: int) -> None:
        self._connection = open_reader(file_of(folder))
        self._asked = Asked(self._connection, count, seed)
        self._bench = Bench(folder, TypedPage)
        page = self._bench.page
        assert isinstance(page, TypedPage)
        self._page = page
        page.window().resize(*SCREEN)
        self._bench.spend(0.5)
        page.presenter.page_hidden()  # nobody asks for what comes behind the first rows

    def close(self) -> None:
        self._bench.close()
        self._connection.close()

    def kinds(self, rounds: int) -> Iterator[tuple[str, list[float]]]:
        """By kind: the processors' time of each search, in milliseconds."""
        for name, make in self._asked.kinds().items():
            yield name, [self._ms(make()) for _ in range(rounds)]

    def _ms(self, wanted: OrderFilter) -> float:
        if wanted == self._page.presenter.wanted:  # what is shown already is not read as a new list
            wanted = replace(wanted, words=f"{wanted.words} ")
        took = self._page.type(wanted)
        self._rest()
        return took

    def _rest(self) -> None:
        for _ in range(_ANSWERS):
            self._bench.readers.settle(_LONGEST_S)
            self._bench.app.processEvents()


def main() -> int:
    folder, count, rounds, seed = sys.argv[1:]
    typing = Typing(Path(folder), int(count), int(seed))
    for _ in typing.kinds(1):
        pass  # what is made and mapped when it is wanted first
    print(json.dumps(dict(typing.kinds(int(rounds)))))
    typing.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
