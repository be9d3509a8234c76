"""What is done about an open order that no carrier takes: asks, gives the command, says what came of it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QWidget

from app.desk import queries
from app.desk.queries import OrderDetail
from app.domain.command import Command
from app.domain.permission import Permission, Role, permissions_of
from app.kernel.i18n import tr
from app.kernel.later import later
from ui.bridge.services import PageServices
from ui.pages.orders import delivery_bar as bar
from ui.pages.orders.presenter import OrdersPresenter

if TYPE_CHECKING:
    from app.domain.delivery import commands as delivery
    from app.domain.pickup import commands as pickup
    from ui.pages.orders import delivery_dialogs as dialogs
    from ui.pages.orders.delivery_dialogs import AskDialog
else:
    delivery = later("app.domain.delivery.commands")
    pickup = later("app.domain.pickup.commands")
    dialogs = later("ui.pages.orders.delivery_dialogs")


class Delivering:
    """Leads from a button of the delivery bar to its command."""

    def __init__(
        self, services: PageServices, presenter: OrdersPresenter, show: Callable[[QDialog], None], page: QWidget
    ) -> None:
        self._services = services
        self._presenter = presenter
        self._show = show
        self._page = page

    def act(self, act: str) -> None:
        """Do what a button says, if it can be done."""
        detail, actions = self._presenter.detail, self._presenter.actions()
        if detail is None:
            return
        if act == bar.READY and actions.ready:
            self._prepare(detail)
        elif act == bar.REDEEM and actions.redeem:
            self._services.go("pickup", detail.order.id)
        elif act == bar.DISPATCH and actions.dispatch:
            self._services.runner.query(queries.staff(), lambda people: self._dispatch(detail, people))
        elif act == bar.DELIVERED and actions.deliver:
            done = tr("Delivered. The order is completed.")
            self._presenter.do(
                delivery.RecordDelivered(detail.order.id), lambda: self._services.say(done), self._services.say
            )
        elif act == bar.BACK and actions.bring_back:
            self._bring_back(detail)

    def _prepare(self, detail: OrderDetail) -> None:
        order = detail.order

        def said(shelf: str) -> None:
            self._give(dialog, pickup.MarkReady(order.id, shelf), tr("Prepared. The buyer can collect it."))

        shelf = detail.pickup.shelf if detail.pickup is not None else ""
        dialog = dialogs.shelf_dialog(order.no, shelf, said, self._page)
        self._show(dialog)

    def _dispatch(self, detail: OrderDetail, people: Sequence[tuple[str, str, str]]) -> None:
        order = detail.order

        def said(courier_id: str) -> None:
            self._give(dialog, delivery.DispatchDelivery(order.id, courier_id), tr("On its way with the courier."))

        # Couriers come first; in a small shop anybody may jump on the bicycle.
        may = [person for person in people if Permission.ORDER_DELIVER in permissions_of(Role(person[2]))]
        may.sort(key=lambda person: person[2] != Role.COURIER)
        chosen = detail.delivery.courier_id if detail.delivery is not None else ""
        dialog = dialogs.courier_dialog(order.no, [(who, name) for who, name, _ in may], chosen, said, self._page)
        self._show(dialog)

    def _bring_back(self, detail: OrderDetail) -> None:
        order = detail.order

        def said(reason: str) -> None:
            self._give(dialog, delivery.RecordUndelivered(order.id, reason), tr("The goods are in the shop again."))

        dialog = dialogs.back_dialog(order.no, said, self._page)
        self._show(dialog)

    def _give(self, dialog: "AskDialog", command: Command, told: str) -> None:
        def done() -> None:
            dialog.accept()
            self._services.say(told)

        self._presenter.do(command, done, dialog.show_problem)
