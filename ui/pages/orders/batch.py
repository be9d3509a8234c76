"""One act for many orders, without Qt: what each gets, whether that may be right, and one command after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from app.desk.queries import OrderDetail, order_details
from app.desk.runner import Done, NeedsNetwork, Rejected, Runner
from app.domain.command import Command
from app.kernel.i18n import tr
from ui.pages.orders.presenter import INITIATOR, refusal_text

MOST: Final = 300
"""Orders in one go: what a person can still look over."""


class Standing(StrEnum):
    """ASKED: a carrier is to give a number. UNCLEAR: it may have given one; that is found out by itself."""

    WAITING = "waiting"
    RUNNING = "running"
    ASKED = "asked"
    UNCLEAR = "unclear"
    DONE = "done"
    REFUSED = "refused"


class Remedy(StrEnum):
    """The one thing that helps an order that got no number; NONE where only words do."""

    NONE = ""
    RETRY = "retry"
    CARRIER = "carrier"
    ACCOUNT = "account"
    SHOP = "shop"


@dataclass
class BatchRow:
    """An order of the batch: what was typed for it, what is wrong with that, and what came of it.

    ``key`` names what is made for it, so that a second try never makes a second one; ``request_id`` names the
    number that a carrier was asked for. ``hint`` and ``remedy`` say what helps where it came to nothing.
    """

    detail: OrderDetail
    key: str = ""
    text: str = ""
    carrier: str = ""
    problem: str = ""
    standing: Standing = Standing.WAITING
    said: str = ""
    hint: str = ""
    remedy: Remedy = Remedy.NONE
    request_id: str = ""

    @property
    def is_open(self) -> bool:
        return self.standing in (Standing.WAITING, Standing.REFUSED)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A ticked order that this cannot be done to."""

    no: str
    why: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How far it is; ``done``, ``refused`` and ``waiting`` add up to ``total``."""

    done: int
    refused: int
    waiting: int

    @property
    def total(self) -> int:
        return self.done + self.refused + self.waiting


class Work(Protocol):
    """What is done to each order."""

    def left_out(self, detail: OrderDetail) -> str:
        """Why it cannot be done to this order; empty if it can."""
        ...

    def row(self, detail: OrderDetail) -> BatchRow:
        """How an order stands in the batch before anything was typed."""
        ...

    def settle(self, row: BatchRow) -> None:
        """Bring what was typed for an order into its own form."""
        ...

    def is_filled(self, row: BatchRow) -> bool:
        """Whether it is to be done to this order now; those without are left for later."""
        ...

    def problems(self, rows: Sequence[BatchRow]) -> Sequence[str]:
        """What is wrong with each row; empty where nothing is."""
        ...

    def command(self, row: BatchRow) -> Command: ...


class BatchView(Protocol):
    """What the dialog must be able to show."""

    def show_rows(self) -> None: ...

    def show_row(self, place: int) -> None: ...

    def show_rows_again(self) -> None: ...

    def show_state(self) -> None: ...


class BatchPresenter:
    """Sends one command after the other; a stop lets the one under way end, and nothing is ever half done."""

    def __init__(self, runner: Runner, view: BatchView, work: Work) -> None:
        self._runner = runner
        self._view = view
        self.work = work
        self.rows: list[BatchRow] = []
        self.left_out: list[LeftOut] = []
        self.cut_off = 0
        self.is_running = False
        self.is_stopping = False
        self.is_over = False
        self.chosen: list[int] = []
        self._current: int | None = None
        self._is_pumping = False
        self._is_closed = False

    # Before

    def open(self, rowids: Sequence[int]) -> None:
        """Fetch the ticked orders, oldest last as in the list."""
        self.cut_off = max(0, len(rowids) - MOST)
        self._runner.query(order_details(tuple(rowids)[:MOST]), self._on_details)

    def close(self) -> None:
        """Nothing is shown any more; the command under way goes its way, no further one is sent."""
        self._is_closed = True
        self.is_stopping = True

    def _on_details(self, details: tuple[OrderDetail, ...]) -> None:
        if self._is_closed:
            return
        for detail in details:
            why = self.work.left_out(detail)
            if why:
                self.left_out.append(LeftOut(detail.order.no, why))
            else:
                self.rows.append(self.work.row(detail))
        self._view.show_rows()
        self._view.show_state()

    def edit(self, place: int, text: str) -> None:
        """Something was typed or scanned for an order; all are looked at again, for two may be the same."""
        row = self.rows[place]
        if not row.is_open or self.is_running:
            return
        row.text, row.standing, row.said = text, Standing.WAITING, ""
        row.hint, row.remedy = "", Remedy.NONE
        self.work.settle(row)
        self.check()

    def choose_carrier(self, places: Sequence[int], code: str) -> None:
        """These go with this carrier."""
        for place in places:
            if self.rows[place].is_open and not self.is_running:
                self.rows[place].carrier = code
                if self.rows[place].remedy is Remedy.CARRIER:
                    self.rows[place].standing, self.rows[place].said = Standing.WAITING, ""
                    self.rows[place].hint, self.rows[place].remedy = "", Remedy.NONE
        self.check()

    def paste(self, place: int, text: str) -> int:
        """A column of a sheet goes to the rows from ``place`` on; answers how many it filled.

        A line that names an order of the batch beside its number goes to that order, wherever it stands.
        """
        by_no = {row.detail.order.no: row for row in self.rows}
        filled = 0
        for line in text.splitlines():
            cells = [cell.strip() for cell in line.split("\t") if cell.strip()]
            named = next((by_no[cell] for cell in cells if cell in by_no), None)
            row = named or (self.rows[place] if place < len(self.rows) else None)
            place += 0 if named else 1
            values = [cell for cell in cells if cell not in by_no]
            if row is None or not values or not row.is_open or self.is_running:
                continue
            row.text, row.standing, row.said = values[-1], Standing.WAITING, ""
            row.hint, row.remedy = "", Remedy.NONE
            self.work.settle(row)
            filled += 1
        self.check()
        return filled

    def check(self) -> bool:
        """Look at all rows; whether nothing is wrong with any of them."""
        open_rows = [row for row in self.rows if row.is_open]
        for row, problem in zip(open_rows, self.work.problems(open_rows), strict=True):
            row.problem = problem
        self._view.show_rows_again()
        self._view.show_state()
        return not any(row.problem for row in open_rows)

    # Doing it

    def ready_places(self) -> list[int]:
        """The rows that would be sent now."""
        return [n for n, row in enumerate(self.rows) if row.is_open and self.work.is_filled(row)]

    def first_problem(self) -> int | None:
        """What is typed wrong, else the first that came to nothing."""
        wrong = (n for n, row in enumerate(self.rows) if row.is_open and row.problem)
        failed = (n for n, row in enumerate(self.rows) if row.standing in (Standing.REFUSED, Standing.UNCLEAR))
        return next(wrong, next(failed, None))

    def start(self) -> None:
        """Send them, if nothing is wrong with any; a second press while it runs does nothing."""
        if self.is_running or not self.check():
            return
        places = self.ready_places()
        if places:
            self.begin(places)
            self._pump()

    def begin(self, places: Sequence[int]) -> None:
        """These are to be done now, whoever does them."""
        self.chosen = list(places)
        for place in self.chosen:
            self.rows[place].standing, self.rows[place].said = Standing.WAITING, ""
            self.rows[place].hint, self.rows[place].remedy = "", Remedy.NONE
        self.is_running, self.is_stopping, self.is_over = True, False, False
        self._view.show_state()

    def end(self) -> None:
        """All that was sent has come to its end."""
        self.is_running, self.is_over = False, True
        if not self._is_closed:
            self._view.show_state()

    def stop(self) -> None:
        """What waits stays as it is; what was sent is done."""
        self.is_stopping = True
        self._view.show_state()

    def tally(self) -> Tally:
        """Of those that were sent or are to be sent; what is unclear counts as refused until it is settled."""
        chosen = [self.rows[place].standing for place in self.chosen]
        done, refused = chosen.count(Standing.DONE), chosen.count(Standing.REFUSED) + chosen.count(Standing.UNCLEAR)
        return Tally(done, refused, len(chosen) - done - refused)

    def _pump(self) -> None:
        """Answers may come at once, so the next is sent from a loop and not from within the answer."""
        if self._is_pumping:
            return
        self._is_pumping = True
        while self._current is None:
            place = next((n for n in self.chosen if self.rows[n].standing is Standing.WAITING), None)
            if place is None or self.is_stopping:
                break
            self._current = place
            self.rows[place].standing = Standing.RUNNING
            self.show(place)
            self._send(place)
        self._is_pumping = False
        if self._current is None and self.is_running:
            self.end()

    def _send(self, place: int) -> None:
        command = self.work.command(self.rows[place])
        self._runner.perform(
            command,
            lambda done: self._on_done(place, done),
            lambda why: self._on_refused(place, why),
            INITIATOR,
            lambda: self._on_lost(place),
        )

    def _on_done(self, place: int, _done: Done) -> None:
        self._settle(place, Standing.DONE, "")

    def _on_refused(self, place: int, why: Rejected | NeedsNetwork) -> None:
        self._settle(place, Standing.REFUSED, refusal_text(why))

    def _on_lost(self, place: int) -> None:
        """What keeps one from being written, as a full disk, keeps the others too: the batch stops."""
        self.is_stopping = True
        self._settle(place, Standing.REFUSED, tr("It was not written down."))

    def _settle(self, place: int, standing: Standing, said: str) -> None:
        self.rows[place].standing, self.rows[place].said = standing, said
        self._current = None
        self.show(place)
        self._pump()

    def show(self, place: int) -> None:
        """A row stands otherwise than before."""
        if not self._is_closed:
            self._view.show_row(place)
            self._view.show_state()


def standing_words(row: BatchRow, done: str) -> str:
    """How an order of the batch stands, as a word."""
    words = {Standing.RUNNING: tr("Being sent…"), Standing.DONE: done}
    return row.problem if row.is_open and row.problem else words.get(row.standing, row.said)
