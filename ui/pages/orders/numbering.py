"""Asking a carrier for the number of one parcel, without Qt, and the words for what it answers."""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from app.desk import waybills
from app.desk.queries import OrderDetail
from app.desk.runner import ChangeSet, Done, NeedsNetwork, Rejected, Runner
from app.desk.waybills import WaybillRequest, WaybillState
from app.desk.wording import sentence
from app.domain.delivery.model import BY_HAND, WaybillRefusal
from app.domain.orders.commands import ShippedLine
from app.domain.waybills.commands import RequestWaybill, WithdrawWaybill
from app.kernel.i18n import tr
from app.kernel.ids import IdSource
from ui.pages.orders.batch import Remedy
from ui.pages.orders.presenter import INITIATOR, refusal_text
from ui.pages.orders.wording import carrier_word

TABLE = WaybillRequest.TABLE
_REMEDIES: Final[Mapping[str, Remedy]] = {
    WaybillRefusal.SENDER_UNFIT: Remedy.SHOP,
    WaybillRefusal.NOT_SERVED: Remedy.CARRIER,
    WaybillRefusal.GOODS_FORBIDDEN: Remedy.CARRIER,
    WaybillRefusal.PRODUCT_UNFIT: Remedy.ACCOUNT,
    WaybillRefusal.ACCOUNT: Remedy.ACCOUNT,
    WaybillRefusal.MISCONFIGURED: Remedy.ACCOUNT,
    WaybillRefusal.TOO_OFTEN: Remedy.RETRY,
    WaybillRefusal.PEAK: Remedy.RETRY,
    WaybillRefusal.NO_SUCH_ORDER: Remedy.RETRY,
    WaybillRefusal.OTHER: Remedy.RETRY,
}


class NumberView(Protocol):
    """What a dialog that asks for a number must be able to show."""

    def show_asking(self, text: str, *, is_unclear: bool = False) -> None:
        """A number is on its way, which one need not wait for once it is unclear; "" when it is not."""
        ...

    def show_refusal(self, text: str, *, is_problem: bool = True) -> None: ...

    def finish(self, parcel_id: str) -> None: ...


class NumberPresenter:
    """One number of ``carrier`` on its way. Whoever closes the dialog lets it go on: the order tells how it ended."""

    def __init__(self, runner: Runner, view: NumberView, detail: OrderDetail, ids: IdSource) -> None:
        self._runner = runner
        self._view = view
        self._detail = detail
        self._ids = ids
        self._request_id = ""
        self.carrier = ""
        self._stop_listening: Callable[[], None] = runner.listen(self._on_change)

    @property
    def is_asking(self) -> bool:
        return bool(self._request_id)

    def can_ask(self, carrier: str) -> bool:
        """Whether the shop has an account that gives out this carrier's numbers."""
        return carrier in self._detail.carriers_with_numbers

    def resume(self) -> None:
        """Show a number that somebody has asked for already."""
        last = self._detail.last_waybill
        if last is not None and last.state is WaybillState.ASKED:
            self._request_id = last.id
            self._show(last)

    def ask(self, carrier: str, quantities: Mapping[str, int]) -> None:
        """Ask for the number of a parcel with these pieces; a second press while it is on its way does nothing."""
        if self._request_id:
            return
        lines = tuple(ShippedLine(line_id, qty) for line_id, qty in quantities.items() if qty)
        if not lines:
            self._view.show_refusal(tr("Say how many pieces go into this parcel."))
            return
        self._request_id = self._ids.new()
        self._view.show_asking(tr("Asking {carrier} for a number…", carrier=carrier_word(carrier)))
        command = RequestWaybill(self._request_id, self._detail.order.id, self._ids.new(), lines, carrier)
        self._runner.perform(command, self._on_asked, self._on_refused, INITIATOR, self._on_lost)

    def withdraw(self) -> None:
        """Wait no longer: the order can be shipped otherwise."""
        if self._request_id:
            self._runner.perform(
                WithdrawWaybill(self._request_id),
                self._on_asked,
                lambda why: self._view.show_refusal(refusal_text(why)),
                INITIATOR,
            )

    def close(self) -> None:
        self._stop_listening()

    def _on_asked(self, _done: Done) -> None:
        self._look()

    def _on_refused(self, why: Rejected | NeedsNetwork) -> None:
        self._end(refusal_text(why))

    def _on_lost(self) -> None:
        self._end("")

    def _show(self, request: WaybillRequest) -> None:
        self.carrier = request.carrier
        self._view.show_asking(waiting_words(request), is_unclear=request.tries > 0)

    def _end(self, why: str, *, is_problem: bool = True) -> None:
        self._request_id = ""
        self._view.show_asking("")
        self._view.show_refusal(why, is_problem=is_problem)

    def _on_change(self, changes: ChangeSet) -> None:
        if self._request_id and changes.touches((TABLE,)):
            self._look()

    def _look(self) -> None:
        self._runner.query(waybills.answers((self._request_id,)), self._on_answers)

    def _on_answers(self, found: Mapping[str, WaybillRequest]) -> None:
        request = found.get(self._request_id)
        if request is None:
            return
        if request.state is WaybillState.ASKED:
            self._show(request)
        elif request.state is WaybillState.GRANTED:
            self._request_id = ""
            self._view.finish(request.parcel_id)
        else:
            is_problem = request.reason != BY_HAND
            self._end("\n".join(part for part in refusal_words(request) if part), is_problem=is_problem)


def waiting_words(request: WaybillRequest) -> str:
    """How a number stands that has not come yet."""
    if request.tries:
        return tr("Checking again ({count}), no second number", count=request.tries + 1)
    return tr("Asking {carrier} for a number…", carrier=carrier_word(request.carrier))


def refusal_words(request: WaybillRequest) -> tuple[str, str]:
    """Why there is no number, and the one thing that helps."""
    reason = request.reason
    if reason == BY_HAND:
        return tr("Nobody waits for this number any more. Should it still come, it goes back to the carrier."), ""
    if reason not in set(WaybillRefusal):
        return sentence(reason, {"waybill_no": request.waybill_no, "state": ""}), ""
    said, hint = _words(request)[reason]
    if request.carrier_code:
        said = tr("{reason} ({code})", reason=said, code=request.carrier_code)
    return said, hint


def remedy(request: WaybillRequest) -> Remedy:
    """What helps to get a number after all; an address only its buyer can mend."""
    return _REMEDIES.get(request.reason, Remedy.NONE)


def _words(request: WaybillRequest) -> Mapping[str, tuple[str, str]]:
    later = tr("Ask again in a few minutes.")
    another = tr("Choose another carrier.")
    settings = tr("The owner mends it in the settings, under Carrier.")
    carrier = carrier_word(request.carrier)
    return {
        WaybillRefusal.RECEIVER_UNFIT: (
            tr("Telephone or address of the receiver is not accepted"),
            tr("Ask the buyer for the right one, and type a number by hand meanwhile."),
        ),
        WaybillRefusal.SENDER_UNFIT: (
            tr("The shop's own telephone or address is not accepted"),
            tr("The owner completes it in the settings, under Shop."),
        ),
        WaybillRefusal.NOT_SERVED: (tr("{carrier} does not go to this address", carrier=carrier), another),
        WaybillRefusal.GOODS_FORBIDDEN: (tr("{carrier} does not carry these goods", carrier=carrier), another),
        WaybillRefusal.PRODUCT_UNFIT: (tr("The carrier's product does not fit this parcel"), settings),
        WaybillRefusal.ACCOUNT: (tr("The shop's account with the carrier is not accepted"), settings),
        WaybillRefusal.MISCONFIGURED: (tr("The shop's account with the carrier is not accepted"), settings),
        WaybillRefusal.TOO_OFTEN: (tr("The carrier is asked too often just now"), later),
        WaybillRefusal.PEAK: (tr("The carrier takes no parcels at this hour"), later),
        WaybillRefusal.NO_SUCH_ORDER: (tr("The carrier gave no number"), later),
        WaybillRefusal.ORDER_OVER: (tr("The order is no longer to be shipped"), ""),
        WaybillRefusal.OTHER: (tr("The carrier gave no number"), request.message),
    }
