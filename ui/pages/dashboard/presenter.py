"""What the overview does, without Qt: asks for the figures when they may have changed, and shows who may see which."""

from collections.abc import Callable
from typing import Protocol

from app.desk import figures
from app.desk.figures import ShopOverview
from app.desk.rereading import Rereading
from app.desk.runner import ChangeSet, Runner
from app.desk.session import OnDuty
from app.desk.threads import Query
from app.domain.permission import Permission
from app.kernel.clock import Clock
from ui.pages.dashboard.models import Board, board

TABLES = (
    *("orders", "order_lines", "order_contacts", "transfers", "pickups", "local_deliveries"),
    *("incidents", "sync_issue", "products", "skus", "stock_levels", "settings"),
)


class DashboardView(Protocol):
    """What the page must be able to show."""

    def show_board(self, shown: Board) -> None: ...


class DashboardPresenter:
    """Keeps the figures as the replica has them.

    Never asks twice at once: what changes while an answer is on its way is asked for after it.
    """

    def __init__(self, runner: Runner, view: DashboardView, clock: Clock, on_duty: Callable[[], OnDuty | None]) -> None:
        self.point_id: Callable[[], str] = str
        """Where this counter hands goods over; "" for the whole shop."""
        self._view = view
        self._clock = clock
        self._on_duty = on_duty
        self.overview: ShopOverview | None = None
        self._reading = Rereading(runner, self._query, self._on_overview)
        self._stop_listening = runner.listen(self._on_change)

    def close(self) -> None:
        """Nothing is shown any more."""
        self._reading.close()
        self._stop_listening()

    def reload(self) -> None:
        """Ask for all figures again, or remember to if nobody looks."""
        self._reading.read()

    def gather_by(self, later: Callable[[], None]) -> None:
        """Call this at a change; a page gathers several before it calls ``reload``."""
        self._reading.later = later

    def _query(self) -> Query[ShopOverview]:
        return figures.shop_overview(self._clock.now(), self.point_id())

    def show_again(self) -> None:
        """Show the same once more, as after a change of language or of the person on duty."""
        if self.overview is not None:
            self._view.show_board(board(self.overview, self._clock.now(), sees_money=self.sees_money()))

    def sees_money(self) -> bool:
        person = self._on_duty()
        return person is not None and person.may(Permission.REPORT_SEE)

    def page_shown(self) -> None:
        self._reading.shown()

    def page_hidden(self) -> None:
        self._reading.hidden()

    def _on_overview(self, found: ShopOverview) -> None:
        self.overview = found
        self.show_again()

    def _on_change(self, changes: ChangeSet) -> None:
        if changes.touches(TABLES):
            self._reading.later()
