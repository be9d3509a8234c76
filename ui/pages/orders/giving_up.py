"""Waiting no longer for a waybill number: what is asked first, and the open order's way to it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QWidget

from app.kernel.i18n import tr
from app.kernel.later import later
from ui.bridge.services import PageServices
from ui.pages.orders.presenter import OrdersPresenter
from ui.pages.orders.wording import carrier_word
from ui.widgets.fitting import fit

if TYPE_CHECKING:
    from app.domain.waybills import commands as waybills
    from ui.widgets import ask as asking
    from ui.widgets.ask import QuestionDialog
else:
    waybills = later("app.domain.waybills.commands")
    asking = later("ui.widgets.ask")


def stop_waiting(carrier: str, parent: QWidget) -> "QuestionDialog":
    """The question, which says what becomes of a number that still comes."""
    name = carrier_word(carrier)
    question = asking.Question(
        tr("Stop waiting for the number of {carrier}?", carrier=name),
        tr(
            "The order can be shipped at once, with a typed number or another carrier. Should {carrier} still give a"
            " number, it goes back by itself and no second parcel leaves.",
            carrier=name,
        ),
        tr("Stop waiting"),
        tr("Keep waiting"),
    )
    return asking.QuestionDialog(question, parent)


class GivingUp:
    """Leads from the open order's button to the command."""

    def __init__(
        self, services: PageServices, presenter: OrdersPresenter, show: Callable[[QDialog], None], page: QWidget
    ) -> None:
        self._services = services
        self._presenter = presenter
        self._show = show
        self._page = page

    def ask(self) -> None:
        """Ask, and then let the order go."""
        detail = self._presenter.detail
        if detail is None or detail.last_waybill is None or not self._presenter.actions().withdraw:
            return
        request = detail.last_waybill
        dialog = stop_waiting(request.carrier, self._page)
        dialog.accepted.connect(lambda: self._withdraw(request.id))
        fit(dialog)
        self._show(dialog)

    def _withdraw(self, request_id: str) -> None:
        done = tr("The order can be shipped otherwise now.")
        say = self._services.say
        self._presenter.do(waybills.WithdrawWaybill(request_id), lambda: say(done), say)
