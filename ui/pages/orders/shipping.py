"""Shipping an order and making its label, without Qt."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from app.desk import labels
from app.desk.labels import Label, LabelRequest, SavedLabel
from app.desk.queries import OrderDetail
from app.desk.runner import ChangeSet, Done, NeedsNetwork, Rejected, Runner
from app.domain.delivery import carriers
from app.domain.orders import handlers
from app.domain.orders.commands import ShipOrder, ShippedLine
from app.domain.orders.model import OrderLine
from app.kernel import i18n
from app.kernel.clock import Clock
from app.kernel.i18n import tr
from app.kernel.ids import IdSource
from ui.pages.orders.actions import remaining
from ui.pages.orders.presenter import INITIATOR, refusal_text
from ui.pages.orders.wording import carrier_word

_AT_THE_NUMBER = (handlers.WAYBILL_UNFIT.code, handlers.WAYBILL_TAKEN.code)


class ShipView(Protocol):
    """What the shipping dialog must be able to show."""

    def show_number_problem(self, text: str) -> None: ...

    def show_refusal(self, text: str) -> None: ...

    def finish(self, parcel_id: str) -> None: ...


class ShipPresenter:
    """One parcel on its way: what is left to send, and whether the typed number may be a waybill."""

    def __init__(self, runner: Runner, view: ShipView, detail: OrderDetail, ids: IdSource) -> None:
        self._runner = runner
        self._view = view
        self._ids = ids
        self._is_busy = False
        self.detail = detail
        left = remaining(detail)
        self.open_lines: tuple[tuple[OrderLine, int], ...] = tuple(
            (line, left[line.id]) for line in detail.lines if line.id in left
        )

    @property
    def is_busy(self) -> bool:
        return self._is_busy

    @staticmethod
    def number_problem(carrier: str, typed: str) -> str:
        """What is wrong with the number, for below the field; empty while it may be right."""
        number = carriers.normal_waybill(typed)
        if not number:
            return tr("Type or scan the number on the waybill.")
        if not carriers.looks_like(carrier, number):
            return tr("{number} is not a number of {carrier}.", number=number, carrier=carrier_word(carrier))
        return ""

    def ship(self, carrier: str, typed: str, quantities: Mapping[str, int]) -> None:
        """Hand the parcel over. A second press while the first is worked off does nothing."""
        if self._is_busy:
            return
        problem = self.number_problem(carrier, typed)
        self._view.show_number_problem(problem)
        if problem:
            return
        shipped = tuple(ShippedLine(line_id, qty) for line_id, qty in quantities.items() if qty)
        if not shipped:
            self._view.show_refusal(tr("Say how many pieces go into this parcel."))
            return
        self._is_busy = True
        parcel_id = self._ids.new()
        command = ShipOrder(self.detail.order.id, parcel_id, shipped, carrier, carriers.normal_waybill(typed))
        self._runner.perform(
            command, lambda done: self._on_done(done, parcel_id), self._on_refused, INITIATOR, self._on_lost
        )

    def _on_done(self, _done: Done, parcel_id: str) -> None:
        self._is_busy = False
        self._view.finish(parcel_id)

    def _on_refused(self, why: Rejected | NeedsNetwork) -> None:
        self._is_busy = False
        is_number = isinstance(why, Rejected) and why.code in _AT_THE_NUMBER
        text = refusal_text(why)
        self._view.show_number_problem(text if is_number else "")
        self._view.show_refusal("" if is_number else text)

    def _on_lost(self) -> None:
        """Neither shipped nor refused, as on a full disk, which was told: it can be tried again."""
        self._is_busy = False


class LabelView(Protocol):
    """What the label dialog must be able to show."""

    def show_label(self, label: Label | None) -> None: ...

    def show_saved(self, saved: SavedLabel) -> None: ...


class LabelPresenter:
    """Shows a parcel's label and writes it; made anew when the parcel has been confirmed meanwhile."""

    def __init__(self, runner: Runner, view: LabelView, ids: tuple[str, str], clock: Clock) -> None:
        self._runner = runner
        self._view = view
        self._order_id, self._parcel_id = ids
        self._clock = clock
        self._form = labels.FORMS[0]
        self._generation = 0
        self._is_closed = False
        self.label: Label | None = None
        self._stop_listening: Callable[[], None] = runner.listen(self._on_change)

    def close(self) -> None:
        self._is_closed = True
        self._stop_listening()
        self._generation += 1

    def make(self, form: str) -> None:
        """Lay the label out for this paper."""
        self._form = form
        self.label = None
        self._generation += 1
        generation = self._generation
        request = LabelRequest(self._order_id, self._parcel_id, form, i18n.language(), self._clock.now())
        self._runner.query(labels.label(request), lambda made: self._on_made(generation, made))

    def save(self, folder: Path) -> None:
        """Write what is shown into a folder."""
        if self.label is not None:
            self._runner.query(labels.saving(self.label, folder), self._on_saved)

    def _on_made(self, generation: int, made: Label | None) -> None:
        if generation != self._generation:
            return
        self.label = made
        self._view.show_label(made)

    def _on_saved(self, saved: SavedLabel) -> None:
        if not self._is_closed:
            self._view.show_saved(saved)

    def _on_change(self, changes: ChangeSet) -> None:
        if changes.touches(("parcels", "orders", "order_contacts")):
            self.make(self._form)
