"""What is offered while orders are ticked, and the dialogs behind it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QDialog, QWidget

from app.domain.orders.model import SHIPPABLE
from app.domain.permission import Permission
from app.kernel.i18n import tr
from app.kernel.later import later
from ui.bridge.services import PageServices
from ui.pages.orders.papers import PRINT, OrderPapers
from ui.pages.orders.table import OrdersTable
from ui.widgets.bulk_bar import BulkAction, BulkBar

if TYPE_CHECKING:
    from ui.pages.orders import batch_dialog as dialogs
    from ui.pages.orders import number_batch
    from ui.pages.orders.batch import Work
else:
    dialogs = later("ui.pages.orders.batch_dialog")
    number_batch = later("ui.pages.orders.number_batch")

SHIP: Final = "ship"
READY: Final = "ready"
NOTE: Final = "note"
ALL: Final = "all"


class Bulk:
    """Keeps the bar as the ticks are. ``carrier`` is the one used last; ``papers`` prints, where that can be."""

    def __init__(
        self,
        services: PageServices,
        bar: BulkBar,
        table: OrdersTable,
        show: Callable[[QDialog], None],
        page: QWidget,
    ) -> None:
        self._services = services
        self._bar = bar
        self._table = table
        self._show = show
        self._page = page
        self._offered: tuple[BulkAction, ...] = ()
        self.carrier = ""
        self.on_ended: Callable[[], None] = lambda: None
        self.papers: OrderPapers | None = None
        bar.action_chosen.connect(self._on_action_chosen)
        bar.cancelled.connect(self._on_cancelled)

    def refresh(self) -> None:
        """Say how many are ticked, and offer what can be done to any of them."""
        model = self._table.orders
        ticked = model.checked()
        offered = self._actions() if ticked else ()
        if offered != self._offered:
            self._offered = offered
            self._bar.set_actions(offered)
        self._bar.retranslate()
        count = len(ticked)
        self._bar.set_selection(
            "" if not count else tr("1 selected") if count == 1 else tr("{count} selected", count=f"{count:,}")
        )

    def run(self, act: str) -> None:
        """Open the dialog of an act for the ticked orders, in the order of the list."""
        rowids = self._rowids()
        if not rowids or not any(action.key == act for action in self._offered):
            return
        works: dict[str, tuple[Work, dialogs.BatchWords]] = {
            SHIP: (dialogs.ShipWork(self._services.desk.ids, self.carrier), dialogs.ship_words()),
            READY: (dialogs.ReadyWork(), dialogs.ready_words()),
            NOTE: (dialogs.NoteWork(), dialogs.note_words()),
        }
        work, words = works[act]
        dialog = dialogs.BatchDialog(self._services.runner, work, words, rowids, self._page)
        if act == SHIP:
            desk = self._services.desk
            dialog.offer_numbers(
                number_batch.NumberBatch(self._services.runner, dialog.presenter, desk.ids, desk.clock)
            )
            dialog.labels_wanted.connect(self._on_labels_wanted)
            dialog.settings_wanted.connect(lambda place: self._services.go("settings", place))
        dialog.ended.connect(lambda _tally: self._on_ended(dialog))
        dialog.finished.connect(lambda _result: self.on_ended())
        self._show(dialog)

    def _rowids(self) -> list[int]:
        """The ticked rows in the order of the list."""
        model = self._table.orders
        ticked = model.checked()
        return [rowid for rowid in model.rowids() if rowid in ticked]

    def _actions(self) -> tuple[BulkAction, ...]:
        model, person = self._table.orders, self._services.desk.on_duty
        ticked = model.checked()
        rows = [model.known(rowid) for rowid in ticked]
        states = {row.state if row is not None else "" for row in rows}
        actions: list[BulkAction] = []
        is_all_known = self._table.is_whole and len(ticked) < model.rowCount()
        if is_all_known and len(ticked) == model.loaded_here():
            actions.append(BulkAction(ALL, tr("Select all {count} that fit", count=f"{model.rowCount():,}")))
        if person is None:
            return tuple(actions)
        if person.may(Permission.ORDER_SHIP) and states & {"", *SHIPPABLE}:
            actions.append(BulkAction(SHIP, tr("Ship…"), "shipping"))
        if person.may(Permission.PICKUP_REDEEM) and states & {"", "to_collect"}:
            actions.append(BulkAction(READY, tr("Prepared…"), "check"))
        if person.may(Permission.ORDER_NOTE):
            actions.append(BulkAction(NOTE, tr("Write a remark…"), "edit"))
        if self.papers is not None:
            actions += self.papers.bulk_actions()
        return tuple(actions)

    def _on_action_chosen(self, act: object) -> None:
        if act == ALL:
            self._table.orders.set_checked(self._table.orders.rowids())
        elif act == PRINT and self.papers is not None:
            self.papers.ask_which(self._bar, self._rowids())
        else:
            self.run(str(act))

    def _on_cancelled(self) -> None:
        self._table.orders.set_checked(())

    def _on_labels_wanted(self, parcels: object) -> None:
        if self.papers is not None and isinstance(parcels, list):
            self.papers.print_labels(parcels)

    def _on_ended(self, dialog: "dialogs.BatchDialog") -> None:
        self.carrier = dialog.carrier
        self.on_ended()
