"""Lets people know what the feed has brought: an order that has just been paid, a change that was not accepted.

Only the feed notifies. What was done here is known here already, and a replica that is made anew brings the past.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import partial

from app.desk.hub import ChangeHub
from app.desk.sounds import Sound
from app.desk.threads import Query
from app.kernel.clock import Clock
from app.replica.changes import ChangeSet, Origin
from app.replica.queries.arrivals import NewOrders, new_orders

__all__ = ["NewOrders", "Notifications"]

QUIET = timedelta(seconds=3)
"""The same sound is not heard again so soon."""
_INCIDENTS = "incidents"


class Notifications:
    """``on_new_orders`` is called on a desktop's thread, once for each page that brought newly paid orders."""

    def __init__(
        self,
        hub: ChangeHub,
        ask: Callable[[Query[NewOrders | None]], "Future[NewOrders | None]"],
        play: Callable[[Sound], None],
        clock: Clock,
    ) -> None:
        self._ask = ask
        self._play = play
        self._clock = clock
        self._lock = threading.Lock()
        self._played_at: dict[Sound, datetime] = {}
        self.on_new_orders: Callable[[NewOrders], None] = lambda _: None
        hub.listen(self._on_changes)

    def went_offline(self) -> None:
        """The line has been gone for so long that the badge says so."""
        self._sound(Sound.OFFLINE)

    def _on_changes(self, changes: ChangeSet) -> None:
        if changes.origin is not Origin.FEED:
            return
        if changes.newly_paid:
            self._ask(partial(new_orders, order_ids=changes.newly_paid)).add_done_callback(self._tell)
        # One sound for a page: what a person must decide comes before what merely waits.
        if changes.issues or changes.new_rows.get(_INCIDENTS):
            self._sound(Sound.ISSUE)
        elif changes.newly_paid:
            self._sound(Sound.NEW_ORDER)

    def _tell(self, answered: "Future[NewOrders | None]") -> None:
        found = answered.result()
        if found is not None:
            self.on_new_orders(found)

    def _sound(self, sound: Sound) -> None:
        now = self._clock.now()
        with self._lock:
            before = self._played_at.get(sound)
            # A clock that was set back must not silence the shop.
            if before is not None and timedelta() <= now - before < QUIET:
                return
            self._played_at[sound] = now
        self._play(sound)
