"""Waybill numbers for many orders of a batch, without Qt: a few on their way at once, and a certain end for each."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from app.desk import waybills
from app.desk.queries import OrderDetail
from app.desk.runner import ChangeSet, Done, NeedsNetwork, Rejected, Runner
from app.desk.waybills import WaybillRequest, WaybillState
from app.domain.orders.commands import ShippedLine
from app.domain.waybills.commands import AskLabels, RequestWaybill
from app.kernel.clock import Clock
from app.kernel.i18n import tr
from app.kernel.ids import IdSource
from ui.pages.orders.actions import remaining
from ui.pages.orders.batch import BatchPresenter, BatchRow, Remedy, Standing
from ui.pages.orders.numbering import TABLE, refusal_words, remedy, waiting_words
from ui.pages.orders.presenter import INITIATOR, refusal_text

AT_ONCE: Final = 6
"""So many are asked for before the first has come: a stop lets no more than these go on."""
_ON_ITS_WAY: Final = (Standing.RUNNING, Standing.ASKED)
_GRID = re.compile(r"(\d+)")


class NumberBatch:
    """Asks for the numbers of the rows that have none typed.

    The labels are asked for after the last number, because only all of them can be put into the order of the shelves.
    Whose answer is unclear counts as failed until it is settled, and holds nobody up. ``parcels`` are those whose
    labels this computer should print, because no computer of the shop does it by itself.
    """

    def __init__(self, runner: Runner, batch: BatchPresenter, ids: IdSource, clock: Clock) -> None:
        self._runner = runner
        self._batch = batch
        self._ids = ids
        self._clock = clock
        self._is_pumping = False
        self.began_at: datetime | None = None
        self.is_running = False
        self.parcels: list[tuple[str, str]] = []
        self.on_labels: Callable[[], None] = lambda: None
        self._stop_listening: Callable[[], None] = runner.listen(self._on_change)

    def places(self) -> list[int]:
        """The rows whose numbers would be asked for now."""
        return [
            place
            for place, row in enumerate(self._batch.rows)
            if row.is_open and not row.text and row.carrier in row.detail.carriers_with_numbers
        ]

    @property
    def unasked(self) -> int:
        """What a stop would keep back."""
        return sum(row.standing is Standing.WAITING for _, row in self._chosen())

    def start(self, only: int | None = None) -> None:
        """Ask for them, or for the ``only`` one; a second press while it runs does nothing."""
        places = [place for place in self.places() if only in (None, place)]
        if not places or self._batch.is_running:
            return
        self.began_at = self._clock.now()
        self.is_running = True
        self._batch.begin(places)
        self._pump()

    def close(self) -> None:
        """Whoever closes it while it runs has the labels of what has come, and of what is on its way as it comes.

        What waits for the program itself to be closed, or cut off, the service asks for a little later.
        """
        self._stop_listening()
        was_running, self.is_running = self.is_running, False
        going = [row for _, row in self._chosen() if row.standing in (*_ON_ITS_WAY, Standing.UNCLEAR)]
        if going or was_running:
            came = [row for _, row in self._chosen() if row.standing is Standing.DONE] if was_running else []
            self._labels(came, going)

    def times(self) -> tuple[int, int]:
        """Seconds since the beginning, and about how many are left; 0 while nobody can tell."""
        tally = self._batch.tally()
        settled = tally.done + tally.refused
        spent = int((self._clock.now() - self.began_at).total_seconds()) if self.began_at is not None else 0
        return spent, (spent * tally.waiting + settled - 1) // settled if settled and spent else 0

    # Asking

    def _chosen(self) -> list[tuple[int, BatchRow]]:
        return [(place, self._batch.rows[place]) for place in self._batch.chosen]

    def _pump(self) -> None:
        """Answers may come at once, so the next is asked from a loop and not from within the answer."""
        if self._is_pumping or not self.is_running:
            return
        self._is_pumping = True
        while not self._batch.is_stopping:
            waiting = [(place, row) for place, row in self._chosen() if row.standing is Standing.WAITING]
            if not waiting or sum(row.standing in _ON_ITS_WAY for _, row in self._chosen()) >= AT_ONCE:
                break
            self._ask(*waiting[0])
        self._is_pumping = False
        if not any(row.standing in _ON_ITS_WAY for _, row in self._chosen()):
            self._end()

    def _ask(self, place: int, row: BatchRow) -> None:
        row.standing, row.key, row.request_id = Standing.RUNNING, self._ids.new(), self._ids.new()
        self._batch.show(place)
        lines = tuple(ShippedLine(line_id, qty) for line_id, qty in remaining(row.detail).items())
        command = RequestWaybill(row.request_id, row.detail.order.id, row.key, lines, row.carrier, has_label=0)
        self._runner.perform(
            command,
            lambda done: self._on_asked(place, done),
            lambda why: self._on_refused(place, why),
            INITIATOR,
            lambda: self._on_lost(place),
        )

    def _on_asked(self, place: int, _done: Done) -> None:
        self._settle(place, Standing.ASKED, tr("Asking for a number…"))
        self._look()

    def _on_refused(self, place: int, why: Rejected | NeedsNetwork) -> None:
        """What one cannot ask without the network, the others cannot either."""
        if isinstance(why, NeedsNetwork):
            self._batch.is_stopping = True
            self._batch.rows[place].remedy = Remedy.RETRY
        self._settle(place, Standing.REFUSED, refusal_text(why))
        self._pump()

    def _on_lost(self, place: int) -> None:
        self._batch.is_stopping = True
        self._batch.rows[place].remedy = Remedy.RETRY
        self._settle(place, Standing.REFUSED, tr("It was not written down."))
        self._pump()

    # Answers

    def _on_change(self, changes: ChangeSet) -> None:
        if changes.touches((TABLE,)):
            self._look()

    def _look(self) -> None:
        rows = self._batch.rows
        asked = [row.request_id for row in rows if row.request_id and row.standing is not Standing.DONE]
        if asked:
            self._runner.query(waybills.answers(asked), self._on_answers)

    def _on_answers(self, found: Mapping[str, WaybillRequest]) -> None:
        late = []
        for place, row in enumerate(self._batch.rows):
            request = found.get(row.request_id)
            if request is None or row.standing is Standing.DONE:
                continue
            if request.state is WaybillState.GRANTED:
                row.text = request.waybill_no
                self._settle(place, Standing.DONE, "")
                late += [] if self.is_running else [row]
            elif request.state is WaybillState.ASKED:
                self._settle(place, Standing.UNCLEAR if request.tries else Standing.ASKED, waiting_words(request))
            elif row.request_id:
                row.request_id = ""
                said, row.hint = refusal_words(request)
                row.remedy = remedy(request)
                self._settle(place, Standing.REFUSED, said)
        self._pump()
        if late:
            self._labels(late)

    def _settle(self, place: int, standing: Standing, said: str) -> None:
        row = self._batch.rows[place]
        if (row.standing, row.said) != (standing, said):
            row.standing, row.said = standing, said
            self._batch.show(place)

    # Afterwards

    def _end(self) -> None:
        self.is_running = False
        self._batch.end()
        self._labels([row for _, row in self._chosen() if row.standing is Standing.DONE])

    def _labels(self, rows: list[BatchRow], going: Sequence[BatchRow] = ()) -> None:
        rows = sorted(rows, key=lambda row: shelf_order(row.detail))
        parcels = [(row.detail.order.id, row.key) for row in rows]
        later = [row.key for row in going]
        if parcels or later:
            self._runner.query(
                waybills.has_label_station(), lambda has_one: self._on_station(parcels, later, has_one=has_one)
            )

    def _on_station(self, parcels: list[tuple[str, str]], later: list[str], *, has_one: bool) -> None:
        if has_one:
            wanted = (*(parcel for _, parcel in parcels), *later)
            self._runner.perform(AskLabels(wanted), lambda _: None, None, INITIATOR)
        else:
            self.parcels += parcels
            self.on_labels()


def shelf_order(detail: OrderDetail) -> tuple[bool, list[tuple[int, str]]]:
    """As one walks along the shelves: A-2 before A-10, goods without a shelf last."""
    shelves = [shelf for shelf in detail.shelves.values() if shelf]
    keys = [[(int(part), "") if part.isdigit() else (0, part) for part in _GRID.split(shelf)] for shelf in shelves]
    return not keys, min(keys, default=[])
