"""Finds who is on duty at this counter: whoever was it last, or whoever says that it is they."""

from collections.abc import Callable
from dataclasses import replace

from app.desk import queries
from app.desk.desk import Desk
from app.desk.preferences import PreferenceStore
from app.desk.session import OnDuty
from app.domain.permission import Role


class Duty:
    """``on_found`` is called when it is known who it is, on the thread that looked or chose."""

    def __init__(self, desk: Desk, preferences: PreferenceStore, on_found: Callable[[], None]) -> None:
        self._desk = desk
        self._preferences = preferences
        self._on_found = on_found

    def find(self) -> None:
        """Whoever was on duty last, or else the owner; nobody where the shop's people are not here yet."""
        people = self._desk.query(queries.staff()).result()
        wanted = self._preferences.read().on_duty
        ranked = sorted(people, key=lambda p: (p[0] != wanted, p[2] != Role.OWNER))
        if ranked and self._desk.on_duty is None:  # somebody may have been chosen while we were asking
            staff_id, name, role = ranked[0]
            self._desk.on_duty = OnDuty(staff_id, name, Role(role))
            self._on_found()

    def take(self, person: OnDuty) -> None:
        """Somebody said that it is they, and stays it after a restart."""
        self._desk.on_duty = person
        self._on_found()
        self._preferences.write(replace(self._preferences.read(), on_duty=person.staff_id))
