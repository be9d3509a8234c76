"""Printing from the orders page: of the open order, and of all that are ticked."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.kernel.i18n import tr
from app.kernel.later import later
from ui.bridge.services import PageServices
from ui.pages.orders.detail import DetailPane
from ui.pages.orders.presenter import OrdersPresenter
from ui.theme import metrics
from ui.widgets.bulk_bar import BulkAction
from ui.widgets.paper_acts import PaperActs

if TYPE_CHECKING:
    from app.desk import printing
    from app.desk.printing import Printing
    from ui.pages.orders.label_dialog import LabelDialog
else:
    printing = later("app.desk.printing")

LABELS: Final = "labels"
PICKING: Final = "picking"
RECEIPTS: Final = "receipts"
PRINT: Final = "print"
"""One act of the bar: which paper, a menu asks."""


class OrderPapers:
    """``made`` is this counter's paper, asked for when some is wanted.

    Attributes: `acts`, which asks why when something came out before.
    """

    def __init__(
        self, services: PageServices, made: "Callable[[], Printing]", presenter: OrdersPresenter, page: QWidget
    ) -> None:
        self._services = services
        self._printing = made
        self._presenter = presenter
        self.acts = PaperActs(services.runner, made, services.say, page)

    def connect(self, detail: DetailPane) -> None:
        """The open order's own papers."""
        detail.can_print = True
        detail.receipt_wanted.connect(self.receipt)
        detail.picking_wanted.connect(self.picking_list)

    def receipt(self) -> None:
        """Print the open order's receipt."""
        if self._presenter.detail is not None:
            self.acts.receipt(self._presenter.detail.order.id)

    def picking_list(self) -> None:
        """Print what is to be fetched for the open order."""
        if self._presenter.detail is not None:
            self.acts.picking_list([self._presenter.detail.order.id])

    @property
    def label_form(self) -> str:
        """The paper in the printer that prints labels."""
        return self._printing().printers.printer_for(printing.DocumentKind.LABEL).label_form

    def serve(self, dialog: "LabelDialog") -> None:
        """Let a label be printed where it is looked at."""
        dialog.offer_print(self.label_form)
        dialog.print_wanted.connect(lambda order_id, parcel_id: self.acts.label(str(order_id), str(parcel_id)))

    def bulk_actions(self) -> tuple[BulkAction, ...]:
        return (BulkAction(PRINT, tr("Print…"), "printing"),)

    def ask_which(self, bar: QWidget, rowids: Sequence[int]) -> None:
        """Open the menu of papers above the button that asked."""
        menu = self.menu(bar, rowids)
        pressed = bar.focusWidget() or bar
        corner = pressed.mapToGlobal(QPoint(0, 0))
        menu.popup(corner - QPoint(0, menu.sizeHint().height() + metrics.SPACE_XS))

    def menu(self, bar: QWidget, rowids: Sequence[int]) -> QMenu:
        """The papers that all the ticked orders can have."""
        menu = QMenu(bar)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        words = {PICKING: tr("Picking list"), LABELS: tr("Waybill labels"), RECEIPTS: tr("Receipts")}
        for act, word in words.items():
            menu.addAction(word).triggered.connect(partial(self._on_paper_chosen, act, tuple(rowids)))
        return menu

    def _on_paper_chosen(self, act: str, rowids: tuple[int, ...], _checked: bool = False) -> None:
        self.print_ticked(act, rowids)

    def print_ticked(self, act: str, rowids: Sequence[int]) -> None:
        """Papers of many orders in the order of the list; more than one walk can hold are not begun."""
        if len(rowids) > printing.MOST_ORDERS:
            self._services.say(tr("At most {most} orders at once; tick fewer.", most=printing.MOST_ORDERS))
            return
        self._services.runner.query(printing.parcels_of(rowids), lambda found: self._on_parcels(act, found))

    def print_labels(self, parcels: Sequence[tuple[str, str]]) -> None:
        """The labels of these parcels, each named with its order, in this order."""
        self.acts.print_all([self._printing().label(order_id, parcel_id) for order_id, parcel_id in parcels])

    def _on_parcels(self, act: str, found: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
        made = self._printing()
        if act == PICKING:
            self.acts.picking_list([order_id for order_id, _ in found])
        elif act == RECEIPTS:
            self.acts.print_all([made.receipt(order_id) for order_id, _ in found])
        elif not any(parcels for _, parcels in found):
            self._services.say(tr("None of these was shipped yet: a label needs its number."))
        else:
            self.acts.print_all([made.label(order_id, parcel) for order_id, parcels in found for parcel in parcels])
