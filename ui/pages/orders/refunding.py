"""Giving money back for pieces of an order, without Qt."""

from collections.abc import Mapping
from typing import Protocol

from app.desk.refunds import Key, RefundOffer, RefundSum, refund_offer
from app.desk.runner import Done, NeedsNetwork, Rejected, Runner
from app.kernel.i18n import tr
from app.kernel.ids import IdSource
from ui.pages.orders.presenter import INITIATOR, refusal_text


class RefundView(Protocol):
    """What the refund dialog must be able to show."""

    def show_offer(self, offer: RefundOffer | None) -> None: ...

    def show_sum(self, told: RefundSum) -> None: ...

    def show_problem(self, text: str) -> None: ...

    def show_busy(self, *, is_busy: bool) -> None: ...

    def finish(self, told: RefundSum) -> None: ...


class RefundPresenter:
    """Counts what the chosen pieces come to, by the rules that the service will count by, and asks for it once."""

    def __init__(self, runner: Runner, view: RefundView, order_id: str, ids: IdSource) -> None:
        self._runner = runner
        self._view = view
        self._order_id = order_id
        self._refund_id = ids.new()
        self._is_busy = False
        self._is_closed = False
        self.offer: RefundOffer | None = None

    def open(self) -> None:
        self._runner.query(refund_offer(self._order_id), self._on_offer)

    def close(self) -> None:
        """Nothing is shown any more; what was asked for goes its way."""
        self._is_closed = True

    def choose(self, counts: Mapping[Key, int], *, with_freight: bool) -> RefundSum | None:
        """Show what these pieces come to."""
        if self.offer is None:
            return None
        chosen = self.offer.all_pieces() if self.offer.is_whole_only else counts
        told = self.offer.sum_of(chosen, with_freight=with_freight)
        self._view.show_sum(told)
        return told

    def refund(self, counts: Mapping[Key, int], reason: str, *, with_freight: bool) -> None:
        """Ask for it. The refund's id is that of the dialog, so pressing again never asks for a second one."""
        told = self.choose(counts, with_freight=with_freight)
        if self._is_busy or told is None or self.offer is None:
            return
        if not told.total_fen and not self.offer.is_whole_only:
            self._view.show_problem(tr("Say how many pieces go back."))
            return
        self._set_busy(True)
        command = self.offer.command(self._refund_id, reason.strip(), counts, told)
        self._runner.perform(
            command, lambda done: self._on_done(done, told), self._on_refused, INITIATOR, self._on_lost
        )

    def _on_offer(self, offer: RefundOffer | None) -> None:
        if self._is_closed:
            return
        self.offer = offer
        self._view.show_offer(offer)
        if offer is not None:
            self.choose({}, with_freight=False)

    def _on_done(self, _done: Done, told: RefundSum) -> None:
        self._is_busy = False
        self._view.finish(told)

    def _on_refused(self, why: Rejected | NeedsNetwork) -> None:
        self._set_busy(False)
        if not self._is_closed:
            self._view.show_problem(refusal_text(why))

    def _on_lost(self) -> None:
        """Neither refunded nor refused, which was told; the same refund can be asked for again."""
        self._set_busy(False)

    def _set_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        if not self._is_closed:
            self._view.show_busy(is_busy=is_busy)
