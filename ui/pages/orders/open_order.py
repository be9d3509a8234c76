"""What a person does with the open order: which dialog asks for it, and what is said when it is done."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QWidget

from app.kernel.i18n import tr
from app.kernel.later import later
from app.kernel.once import once
from ui.bridge.services import PageServices
from ui.pages.orders.detail import DetailPane
from ui.pages.orders.presenter import OrdersPresenter
from ui.widgets.money import format_fen

if TYPE_CHECKING:
    from app.desk import refunds
    from app.desk.queries import OrderDetail
    from ui.pages.orders import delivering, dialogs, giving_up, label_dialog, place, refund_dialog
    from ui.pages.orders.papers import OrderPapers
    from ui.widgets import ask
else:
    refunds, ask = later("app.desk.refunds"), later("ui.widgets.ask")
    delivering, giving_up = later("ui.pages.orders.delivering"), later("ui.pages.orders.giving_up")
    dialogs, label_dialog = later("ui.pages.orders.dialogs"), later("ui.pages.orders.label_dialog")
    place, refund_dialog = later("ui.pages.orders.place"), later("ui.pages.orders.refund_dialog")


class OpenOrder(QObject):
    """Leads from the pane's buttons to their dialogs. ``papers`` prints, where that can be."""

    def __init__(
        self,
        services: PageServices,
        presenter: OrdersPresenter,
        pane: DetailPane,
        show: Callable[[QDialog], None],
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._services = services
        self._presenter = presenter
        self._pane = pane
        self._show = show
        self._page = page
        self._carrier = ""
        self._just_shipped = ""
        self.papers: OrderPapers | None = None
        pane.refund_wanted.connect(self.refund)
        pane.cancel_wanted.connect(self.cancel)
        pane.label_wanted.connect(self.print_label)
        pane.note_wanted.connect(self.note)
        pane.delivery_bar.act_wanted.connect(self._on_delivery_act_wanted)
        pane.give_up_wanted.connect(self._on_give_up_wanted)

    # Made when somebody acts: what they need would have the pane wait

    @once
    def _place(self) -> "place.LabelPlace":
        return place.LabelPlace(self._services.preferences)

    @once
    def _delivering(self) -> "delivering.Delivering":
        return delivering.Delivering(self._services, self._presenter, self._show, self._page)

    @once
    def _giving_up(self) -> "giving_up.GivingUp":
        return giving_up.GivingUp(self._services, self._presenter, self._show, self._page)

    # Acts

    def ship(self) -> None:
        """Ask how it is shipped, if it can be."""
        detail = self._presenter.detail
        if detail is None or not self._presenter.actions().ship or not self._pane.isVisible():
            return
        services = self._services
        dialog = dialogs.ShipDialog(services.runner, detail, services.desk.ids, self._carrier, self._page)
        dialog.show_pictures(services.pictures)
        dialog.shipped.connect(self._on_dialog_shipped)
        self._show(dialog)

    def print_label(self, parcel_id: object = "") -> None:
        """Show a parcel's label, the newest one's if none is named."""
        detail = self._presenter.detail
        wanted = str(parcel_id) or self._pane.newest_parcel()
        if detail is None or not self._presenter.actions().label or not self._pane.isVisible():
            return
        services = self._services
        form = self.papers.label_form if self.papers is not None else self._place.form
        where = (form, self._place.folder)
        parcel = (detail.order.id, wanted)
        dialog = label_dialog.LabelDialog(services.runner, parcel, services.desk.clock, where, self._page)
        if self.papers is not None:
            self.papers.serve(dialog)
        dialog.place_chosen.connect(self._on_dialog_place_chosen)
        self._show(dialog)

    def note(self) -> None:
        """Write the staff's remark on it."""
        if self._presenter.detail is not None and self._presenter.actions().note:
            self._show(dialogs.NoteDialog(self._presenter, self._presenter.detail, self._page))

    def refund(self) -> None:
        """Give money back for pieces of it."""
        detail = self._presenter.detail
        if detail is not None and self._presenter.actions().refund:
            services = self._services
            dialog = refund_dialog.RefundDialog(services.runner, detail, services.desk.ids, self._page)
            dialog.show_pictures(services.pictures)
            dialog.refunded.connect(self._on_dialog_refunded)
            self._show(dialog)

    def cancel(self) -> None:
        """Ask whether it is given up: nobody has paid it."""
        detail = self._presenter.detail
        if detail is None or not self._presenter.actions().cancel:
            return
        question = ask.Question(
            tr("Cancel order {number}?", number=detail.order.no),
            tr(
                "{amount} was not paid yet. The pieces are free again at once, or as soon as WeChat says that nobody is"
                " paying at this moment; if somebody has just paid, the order stays.",
                amount=format_fen(detail.order.total_fen),
            ),
            tr("Cancel the order"),
            tr("Keep the order"),
            is_dangerous=True,
        )
        dialog = ask.QuestionDialog(question, self._page)
        dialog.accepted.connect(self._on_cancel_accepted)
        self._show(dialog)

    # The keyboard

    def go_to_next(self) -> None:
        """The keyboard stands on what is done with it next."""
        actions = self._presenter.actions()
        target = self._pane.ship_button if actions.ship else self._pane.delivery_bar.next_button()
        target = target or (self._pane.label_button if actions.label else None)
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def lead_to_label(self, detail: "OrderDetail") -> None:
        """After shipping the keyboard stands on what comes next, as soon as the new parcel is shown."""
        if self._just_shipped in {parcel.id for parcel in detail.parcels}:
            self._just_shipped = ""
            self._pane.focus_label()

    # Slots

    def _on_delivery_act_wanted(self, act: object) -> None:
        self._delivering.act(str(act))

    def _on_give_up_wanted(self) -> None:
        self._giving_up.ask()

    def _on_dialog_shipped(self, parcel_id: object, carrier: object) -> None:
        self._carrier, self._just_shipped = str(carrier), str(parcel_id)
        self._presenter.reload()
        self._services.say(tr("Shipped. It uploads by itself; the label can be printed now."))

    def _on_dialog_place_chosen(self, form: object, folder: object) -> None:
        if isinstance(folder, Path):
            self._place.remember(str(form), folder)

    def _on_dialog_refunded(self, told: object) -> None:
        if isinstance(told, refunds.RefundSum):
            self._presenter.reload()
            amount = format_fen(told.total_fen)
            self._services.say(
                tr("{amount} goes back to the buyer; the order says when it has arrived.", amount=amount)
            )

    def _on_cancel_accepted(self) -> None:
        done = tr("The order is being cancelled.")
        self._presenter.cancel(lambda: self._services.say(done), self._services.say)
