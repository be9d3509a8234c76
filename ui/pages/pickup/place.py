"""What belongs to this counter: its point, its person, its line, its sounds."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ui.bridge.services import PageServices

if TYPE_CHECKING:
    from app.desk.session import OnDuty
    from app.desk.sounds import Sound
    from app.domain.pickup.code import PickupKeys


class CounterPlace:
    """The presenter's way to what is not in the replica.

    Attributes: `clock`, `ids`.
    """

    def __init__(self, services: PageServices) -> None:
        self._services = services
        self.clock = services.desk.clock
        self.ids = services.desk.ids
        self._watchers: list[Callable[[], None]] = []
        self._point_id = ""
        if services.preferences is not None:
            self._point_id = services.preferences.read().pickup_point_id
            services.preferences.watch(self._on_preferences)

    @property
    def point_id(self) -> str:
        return self._point_id

    def choose_point(self, point_id: str) -> None:
        """Goods are handed over here from now on, after a restart too."""
        store = self._services.preferences
        if store is None:
            self._take(point_id)
        else:
            store.write(replace(store.read(), pickup_point_id=point_id))

    def _on_preferences(self) -> None:
        """The settings can choose the point as well as this page."""
        store = self._services.preferences
        if store is not None:
            self._take(store.read().pickup_point_id)

    def _take(self, point_id: str) -> None:
        if point_id != self._point_id:
            self._point_id = point_id
            for watcher in self._watchers:
                watcher()

    def watch(self, watcher: Callable[[], None]) -> None:
        """Be told when another point is chosen."""
        self._watchers.append(watcher)

    def counter_no(self) -> int:
        return self._services.counter.facts().no if self._services.counter is not None else 0

    def is_online(self) -> bool:
        return self._services.is_online()

    def keys(self) -> "PickupKeys | None":
        return self._services.pickup_keys()

    def on_duty(self) -> "OnDuty | None":
        return self._services.desk.on_duty

    def play(self, sound: "Sound") -> None:
        if self._services.counter is not None:
            self._services.counter.play(sound)

    def has_sounds(self) -> bool:
        """Whether a verdict can be heard here, and is to be."""
        store, counter = self._services.preferences, self._services.counter
        if counter is None or not counter.facts().can_sound:
            return False
        return store is None or (store.read().sounds_on and store.read().sound_volume > 0)
