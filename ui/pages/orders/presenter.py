"""What the orders page does, without Qt: which orders it shows, which one is open, and what may be done with it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from app.desk import queries
from app.desk.queries import OrderFilter, OrderList
from app.desk.stopping import Stoppable
from app.kernel.i18n import tr
from app.kernel.later import later

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
MOST_KEYS = 500
Keys = frozenset[str] | None
"""Orders by their ids; None is for more than are worth naming."""
log = logging.getLogger("desk")


class OrdersView(Protocol):
    """What the page must be able to show."""

    def show_list(self, found: OrderList, wanted: OrderFilter) -> None: ...

    def show_detail(self, detail: "OrderDetail | None", actions: "Actions", *, is_revealed: bool) -> None: ...

    def select_row(self, rowid: int | None) -> None: ...

    def rows_in_view(self) -> int: ...

    def after_rows(self, act: Callable[[], None]) -> None:
        """Do it as soon as the list that it was told to show last is painted."""


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
        self.wanted = OrderFilter()
        self.detail: OrderDetail | None = None
        self._asked: Query[OrderDetail | None] | None = None
        self._shown: tuple[OrderDetail | None, OnDuty | None] | None = None
        self._listing: OrderFilter | None = None
        self._reading: Stoppable[OrderList] | None = None
        self._listed: tuple[OrderFilter, OrderList] | None = None
        self._unlisted: Keys = frozenset()
        self._asked_about: Keys = frozenset()
        self._is_begun = False
        self._is_outdated = False
        self.is_revealed = False
        self._list_generation = 0
        self._detail_generation = 0
        self._is_shown = True
        self._is_stale = False
        self._stop_listening = runner.listen(self._on_change)

    def close(self) -> None:
        """Nothing is shown any more."""
        self._stop_listening()
        self._drop_listing()
        self._list_generation += 1
        self._detail_generation += 1

    # The list

    def choose_state(self, state: str) -> None:
        self.wanted = replace(self.wanted, state=state)
        self._reload_list()

    def search(self, words: str) -> None:
        self.wanted = replace(self.wanted, words=words.strip())
        self._reload_list()

    def show_filtered(self, wanted: OrderFilter) -> None:
        """Another page leads to the orders behind one of its figures."""
        self.wanted = wanted
        self._asked = None
        self._reload_list()

    def choose_delivery(self, kind: str) -> None:
        self.wanted = replace(self.wanted, delivery_kind=kind)
        self._reload_list()

    def widen(self, part: str) -> None:
        """Take one part of the filter away: ``delivery_kind`` or ``paid``."""
        self.wanted = replace(self.wanted, paid=()) if part == "paid" else replace(self.wanted, delivery_kind="")
        self._reload_list()

    def clear_filter(self) -> None:
        self.wanted = OrderFilter()
        self._reload_list()

    def reload(self) -> None:
        """Ask for the list again, and for the open order.

        While a list is on its way it is not asked for once more: changes may come faster than a long list is read.
        """
        self._reload_list()
        if self._asked is not None:
            self._ask(self._asked)

    def _reload_list(self) -> None:
        if self._listing == self.wanted:
            self._is_outdated = True
        else:
            self._ask_list()

    def _ask_list(self) -> None:
        self._drop_listing()
        self._list_generation += 1
        generation, wanted = self._list_generation, self.wanted
        self._listing, self._is_outdated = wanted, False
        self._asked_about, self._unlisted = self._unlisted, frozenset()
        self._reading = Stoppable(self._list_query())
        self._runner.query(
            self._reading,
            lambda found: self._on_list(generation, wanted, found),
            lambda: generation == self._list_generation,
        )

    def _drop_listing(self) -> bool:
        """Nobody waits for the list on its way any more: it takes nothing into account. Whether there was one."""
        if self._listing is None or self._reading is None:
            return False
        self._list_generation += 1
        self._reading.stop()
        self._unlisted = _together(self._unlisted, self._asked_about)
        self._listing = self._reading = None
        return True

    def _list_query(self) -> "Query[OrderList]":
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
        if generation != self._list_generation or found is None:
            return
        self._listing = self._reading = None
        self._listed = (wanted, found)
        self._view.show_list(found, wanted)
        if not found.is_whole or self._is_outdated or self._asked is None:
            self._view.after_rows(lambda: self._go_on(generation, found))

    def _go_on(self, generation: int, found: OrderList) -> None:
        """The beginning of a list is shown: its first order, and the rest of it."""
        if generation != self._list_generation:
            return
        if not self._is_shown:
            self._is_stale = True
            return
        if self._asked is None and found.rowids:
            self.select(found.rowids[0])
        if not found.is_whole or self._is_outdated:
            self._ask_list()

    def find_rows(self, first: int, count: int, on_found: Callable[[Sequence[int]], None]) -> None:
        """Which orders stand from a position on, in a list of which only the beginning is known so far."""
        if self._listed is not None and not self._listed[1].is_whole:
            listed = self._listed
            wanted, total = listed[0], len(listed[1].rowids)
            query = queries.order_rows(wanted, first, count, total)
            self._runner.query(query, on_found, lambda: self._listed is listed)

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
        self.wanted = OrderFilter()
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
            self._note(done.changes)
            self.reload()
            on_done()

        self._runner.perform(command, done, lambda why: on_problem(refusal_text(why)), INITIATOR)

    # Changes

    def page_shown(self) -> None:
        self._is_shown = True
        if self._is_stale:
            self._is_stale = False
            self.reload()

    def page_hidden(self) -> None:
        """What nobody looks at is masked, not read, and not kept fresh."""
        self._is_shown = False
        self._is_stale = self._drop_listing() or self._is_stale
        if self.is_revealed:
            self.is_revealed = False
            self.show_again()

    def _note(self, changes: "ChangeSet") -> None:
        """Remember which orders the list has to be told about when it is asked for next."""
        self._unlisted = _together(self._unlisted, changes.tables.get("orders", frozenset()))

    def _on_change(self, changes: "ChangeSet") -> None:
        self._note(changes)
        if not changes.touches(TABLES):
            return
        if changes.initiator == INITIATOR:  # the open order was read again when it was done
            if self._is_shown and not _covers(self._asked_about, self._unlisted):
                self._reload_list()
        elif self._is_shown:
            self.reload()
        else:
            self._is_stale = True


def _together(some: Keys, more: Keys) -> Keys:
    return None if some is None or more is None or len(some) + len(more) > MOST_KEYS else some | more


def _covers(keys: Keys, others: Keys) -> bool:
    return keys is not None and others is not None and others <= keys


def refusal_text(why: "Rejected | NeedsNetwork") -> str:
    """Why something was not done, as a sentence."""
    if isinstance(why, outcomes.NeedsNetwork):
        return tr("This needs the network. Try again when the counter is online.")
    return wording.refusal(why)
