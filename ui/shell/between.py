"""What stands between the desktop and its window: each part brings over one kind of thing that is told.

None of it is needed for the first picture. What must not miss anything is made as soon as that is painted, the rest
when all is there that comes up behind it, or when somebody wants it first.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.kernel.later import later
from app.kernel.once import once

if TYPE_CHECKING:
    from app.desk import status as links
    from app.desk import wording
    from app.desk.assembly import Desktop
    from app.desk.plan import Plan
    from app.desk.status import SyncStatus
    from app.kernel.errors import KnownError
    from ui.bridge.runner import QtRunner
    from ui.shell import demo_feed, first_start, names, order_feed, sync_feed, troubles
    from ui.shell.main_window import MainWindow
else:
    links, wording = later("app.desk.status"), later("app.desk.wording")
    demo_feed, first_start = later("ui.shell.demo_feed"), later("ui.shell.first_start")
    names, order_feed = later("ui.shell.names"), later("ui.shell.order_feed")
    sync_feed, troubles = later("ui.shell.sync_feed"), later("ui.shell.troubles")


class Between(QObject):
    """Attributes: `feed`, `order_feed`, `first_start`, `names`, `troubles`, and `demo_feed` where there are buyers.

    Signals: `zone_named(object)` carries the shop's time zone.
    """

    zone_named = Signal(object)

    def __init__(self, desktop: "Desktop", runner: "QtRunner", window: "MainWindow", plan: "Plan") -> None:
        super().__init__(window)
        self._desktop, self._runner, self._window, self._plan = desktop, runner, window, plan
        self.demo_feed: demo_feed.DemoFeed | None = None
        self._is_demo = False

    @once
    def feed(self) -> "sync_feed.SyncFeed":
        made = sync_feed.SyncFeed(self._desktop, self._runner, self._window)
        made.status_shown.connect(self._on_feed_status_shown)
        return made

    @once
    def order_feed(self) -> "order_feed.OrderFeed":
        return order_feed.OrderFeed(self._desktop.notifications, self._window)

    @once
    def first_start(self) -> "first_start.FirstStart":
        return first_start.FirstStart(self._desktop, self._window)

    @once
    def names(self) -> "names.Names":
        child, place = self._plan.child, self._plan.device_name
        is_own = child is not None and not child.shop.get("is_demo", True)
        made = names.Names(self._desktop, self._runner, self._window, place, wants_own_shop=is_own)
        made.zone_named.connect(self.zone_named)
        made.demo_known.connect(self._on_names_demo_known)
        return made

    @once
    def troubles(self) -> "troubles.Troubles":
        return troubles.Troubles(self._runner, self._window)

    def begin(self) -> None:
        """The first picture is there, and nothing works behind it yet."""
        self.order_feed  # noqa: B018 - before orders can come, so that none chimes without a word
        self.troubles  # noqa: B018 - what fails from here on is told, also where the rest never comes
        if self._plan.child is not None and not self._desktop.counter_no:
            self.first_start.begin(is_demo=bool(self._plan.child.shop.get("is_demo", True)))

    def complete(self) -> None:
        """All is there that works behind the window."""
        for part in ("names", "feed", "first_start"):
            getattr(self, part)

    def show_buyers(self) -> None:
        """Let the demo shop's buyers be called, where there are any."""
        buyers = self._desktop.demo_buyers
        if buyers is not None:
            self.demo_feed = demo_feed.DemoFeed(buyers, self._window)
            self.demo_feed.show(is_demo=self._is_demo)

    def refresh(self) -> None:
        """Say everything again in the language of now."""
        self.names.refresh()
        self.feed.refresh()

    def tell_trouble(self, error: "KnownError") -> None:
        """What keeps this counter from the shop stays to be read until the shop answers."""
        self.first_start.give_up()
        self._window.set_notice(sync_feed.NO_SHOP, lambda: wording.fault(error))

    def _on_names_demo_known(self, is_demo: object) -> None:
        self._is_demo = bool(is_demo)
        if self.demo_feed is not None:
            self.demo_feed.show(is_demo=self._is_demo)

    def _on_feed_status_shown(self, status: "SyncStatus") -> None:
        self.first_start.show_status(status)
        if status.link is links.Link.LOADING and self.first_start.view.isHidden():
            self.names.ask(lambda facts: None if facts.name else self._join(status))

    def _join(self, status: "SyncStatus") -> None:
        if self._desktop.status.link is links.Link.LOADING:
            self.first_start.join(status)
