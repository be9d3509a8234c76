"""What the orders page does, without Qt: which orders it shows, which one is open, and what may be done with it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from app.desk import queries
from app.desk.queries import OrderFilter
from app.kernel.i18n import tr
from app.kernel.later import later
from ui.pages.orders.listing import Listing, ListView

if TYPE_CHECKING:
    from app.desk import runner as outcomes
    from app.desk import wording
    from app.desk.queries import OrderDetail
    from app.desk.runner import ChangeSet, Done, NeedsNetwork, Rejected, Runner
    from app.desk.session import OnDuty
    from app.desk.threads import Query
    from app.domain.aftersales import commands as aftersales
    from app.domain.command import Command
    from app.domain.orders import commands as orders
    from ui.pages.orders import actions as acts
    from ui.pages.orders.actions import Actions
else:
    outcomes, wording = later("app.desk.runner"), later("app.desk.wording")
    acts = later("ui.pages.orders.actions")
    aftersales = later("app.domain.aftersales.commands")
    orders = later("app.domain.orders.commands")

TABLES = (
    *("orders", "order_lines", "order_contacts", "order_events"),
    *("parcels", "parcel_lines", "payments", "staff", "pickups", "local_deliveries", "waybill_requests"),
)
INITIATOR = "orders"
log = logging.getLogger("desk")


class OrdersView(ListView, Protocol):
    """What the page must be able to show."""

    def show_detail(self, detail: "OrderDetail | None", actions: "Actions", *, is_revealed: bool) -> None: ...

    def select_row(self, rowid: int | None) -> None: ...


class OrdersPresenter:
    """Keeps the list and the open order as the replica has them; stale answers are dropped."""

    def __init__(
        self,
        runner: "Runner",
        view: OrdersView,
        on_duty: "Callable[[], OnDuty | None]",
    ) -> None:
        self._runner = runner
        self._view = view
        self._on_duty = on_duty
        self._list = Listing(runner, view, lambda: self._asked is None, self.select)
        self.detail: OrderDetail | None = None
        self._asked: Query[OrderDetail | None] | None = None
        self._shown: tuple[OrderDetail | None, OnDuty | None] | None = None
        self.is_revealed = False
        self._detail_generation = 0
        self._stop_listening = runner.listen(self._on_change)

    def close(self) -> None:
        """Nothing is shown any more."""
        self._stop_listening()
        self._list.close()
        self._detail_generation += 1

    # The list

    @property
    def wanted(self) -> OrderFilter:
        """What the list is narrowed to."""
        return self._list.wanted

    def choose_state(self, state: str) -> None:
        self._narrow(replace(self.wanted, state=state))

    def search(self, words: str) -> None:
        """The first order that is found is opened: what is done is done to one of those that were sought."""
        if words.strip():
            self._asked = None
        self._narrow(replace(self.wanted, words=words.strip()))

    def show_filtered(self, wanted: OrderFilter) -> None:
        """Another page leads to the orders behind one of its figures."""
        self._asked = None
        self._narrow(wanted)

    def choose_delivery(self, kind: str) -> None:
        self._narrow(replace(self.wanted, delivery_kind=kind))

    def widen(self, part: str) -> None:
        """Take one part of the filter away: ``delivery_kind`` or ``paid``."""
        wanted = self.wanted
        self._narrow(replace(wanted, paid=()) if part == "paid" else replace(wanted, delivery_kind=""))

    def clear_filter(self) -> None:
        self._narrow(OrderFilter())

    def _narrow(self, wanted: OrderFilter) -> None:
        self._list.wanted = wanted
        self._list.reload()

    def reload(self) -> None:
        """Ask for the list again, and for the open order."""
        self._list.reload()
        if self._asked is not None:
            self._ask(self._asked)

    def find_rows(self, first: int, count: int, on_found: Callable[[Sequence[int]], None]) -> None:
        """Which orders stand from a position on, in a list of which only the beginning is known so far."""
        self._list.find_rows(first, count, on_found)

    # The open order

    def select(self, rowid: int | None) -> None:
        """A row of the list was chosen."""
        if rowid is not None:
            self._ask(queries.order_at(rowid))

    def open_order(self, order_id: str) -> None:
        """Show this order, whatever the list shows."""
        self._ask(queries.order_detail(order_id))

    def go_to(self, order_id: str) -> None:
        """Another page or an issue leads here: all orders are listed, and this one is open."""
        self._list.wanted = OrderFilter()
        self._asked = queries.order_detail(order_id)
        self.reload()

    def _ask(self, query: "Query[OrderDetail | None]") -> None:
        self._asked = query
        self._detail_generation += 1
        generation = self._detail_generation
        self._runner.query(
            query, lambda detail: self._on_detail(generation, detail), lambda: generation == self._detail_generation
        )

    def _on_detail(self, generation: int, detail: "OrderDetail | None") -> None:
        if generation != self._detail_generation:
            return
        before = self.detail.order.id if self.detail else None
        if detail is None or detail.order.id != before:
            self.is_revealed = False
            self._shown = None
        self.detail = detail
        # Rows get new places when the replica is exchanged, the order's own id stays.
        self._asked = None if detail is None else queries.order_detail(detail.order.id)
        if self._shown != (detail, self._on_duty()):
            self.show_again()
        self._view.select_row(None if detail is None else detail.rowid)

    def show_again(self) -> None:
        """Show the open order once more, as after a change of language."""
        person = self._on_duty()  # another thread may find out who works here while the pane is being made
        self._shown = (self.detail, person)
        self._view.show_detail(self.detail, self._actions_of(person), is_revealed=self.is_revealed)

    def person_changed(self) -> None:
        """Whoever works here now may do more or less, and has not asked yet to see the receiver's data."""
        if self._shown is not None and self._shown[1] != self._on_duty():
            self.is_revealed = False
            self.show_again()

    def actions(self) -> "Actions":
        return self._actions_of(self._on_duty())

    def _actions_of(self, person: "OnDuty | None") -> "Actions":
        return acts.NOTHING if self.detail is None else acts.actions_of(self.detail, person)

    # Personal data

    def toggle_reveal(self) -> None:
        """Show the receiver's data in full, or mask them again; who looked is written down, what was seen is not."""
        person = self._on_duty()
        if self.detail is None or person is None or not self.actions().reveal:
            return
        self.is_revealed = not self.is_revealed
        if self.is_revealed:
            log.info("contact of order %s revealed to %s", self.detail.order.id, person.staff_id)
        self.show_again()

    # Acts

    def note(self, remark: str, on_done: Callable[[], None], on_problem: Callable[[str], None]) -> None:
        """Write the staff's remark."""
        if self.detail is not None:
            self.do(orders.NoteOrder(self.detail.order.id, remark.strip()), on_done, on_problem)

    def cancel(self, on_done: Callable[[], None], on_problem: Callable[[str], None]) -> None:
        """Close the open order, which nobody has paid."""
        if self.detail is not None and self.actions().cancel:
            self.do(aftersales.CancelUnpaid(self.detail.order.id), on_done, on_problem)

    def do(self, command: "Command", on_done: Callable[[], None], on_problem: Callable[[str], None]) -> None:
        """Give a command about the open order, and show what came of it."""

        def done(done: "Done") -> None:
            self._list.note(done.changes)
            self.reload()
            on_done()

        self._runner.perform(command, done, lambda why: on_problem(refusal_text(why)), INITIATOR)

    # Changes

    def page_shown(self) -> None:
        if self._list.page_shown():
            self.reload()

    def page_hidden(self) -> None:
        """What nobody looks at is masked, not read, and not kept fresh."""
        self._list.page_hidden()
        if self.is_revealed:
            self.is_revealed = False
            self.show_again()

    def _on_change(self, changes: "ChangeSet") -> None:
        self._list.note(changes)
        if not changes.touches(TABLES):
            return
        if changes.initiator == INITIATOR:  # the open order was read again when it was done
            if self._list.is_shown and not self._list.is_asked_about_all():
                self._list.reload()
        elif self._list.is_shown:
            self.reload()
        else:
            self._list.is_stale = True


def refusal_text(why: "Rejected | NeedsNetwork") -> str:
    """Why something was not done, as a sentence."""
    if isinstance(why, outcomes.NeedsNetwork):
        return tr("This needs the network. Try again when the counter is online.")
    return wording.refusal(why)
