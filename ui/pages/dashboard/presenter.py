"""What the overview does, without Qt: asks for the figures when they may have changed, and shows who may see which."""

from collections.abc import Callable
from typing import Protocol

from app.desk import figures
from app.desk.figures import ShopOverview
from app.desk.runner import ChangeSet, Runner
from app.desk.session import OnDuty
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
        self._runner = runner
        self._view = view
        self._clock = clock
        self._on_duty = on_duty
        self.overview: ShopOverview | None = None
        self._is_shown = True
        self._is_stale = False
        self._is_asking = False
        self._is_closed = False
        self.later: Callable[[], None] = self.reload
        """Called at a change; a page gathers several before it calls ``reload``."""
        self._stop_listening = runner.listen(self._on_change)

    def close(self) -> None:
        """Nothing is shown any more."""
        self._is_closed = True
        self._stop_listening()

    def reload(self) -> None:
        """Ask for all figures again, or remember to if nobody looks."""
        if not self._is_shown or self._is_asking:
            self._is_stale = True
            return
        self._is_asking, self._is_stale = True, False
        query = figures.shop_overview(self._clock.now(), self.point_id())
        self._runner.query(query, self._on_overview, lambda: not self._is_closed)

    def show_again(self) -> None:
        """Show the same once more, as after a change of language or of the person on duty."""
        if self.overview is not None:
            self._view.show_board(board(self.overview, self._clock.now(), sees_money=self.sees_money()))

    def sees_money(self) -> bool:
        person = self._on_duty()
        return person is not None and person.may(Permission.REPORT_SEE)

    def page_shown(self) -> None:
        self._is_shown = True
        self.reload()

    def page_hidden(self) -> None:
        self._is_shown = False

    def _on_overview(self, found: ShopOverview) -> None:
        self._is_asking = False
        if self._is_closed:
            return
        self.overview = found
        self.show_again()
        if self._is_stale:
            self.later()

    def _on_change(self, changes: ChangeSet) -> None:
        if changes.touches(TABLES):
            self.later()
