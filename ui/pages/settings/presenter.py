"""What the settings page does, without Qt: keeps the shop's set-up as the replica has it, and has it changed."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import TypeVar

from app.desk import setup, wording
from app.desk.counter import CounterDoor, NewCode
from app.desk.runner import ChangeSet, Done, NeedsNetwork, Rejected, Runner
from app.desk.session import OnDuty
from app.desk.setup import ShopSetup
from app.domain.command import Command
from app.domain.permission import Permission, Role
from app.domain.staff.commands import ArchiveStaff, ChangeRole, CreateStaff, RevokeDevice
from app.domain.staff.model import Device, Staff
from app.kernel.i18n import tr
from app.kernel.ids import IdSource
from app.wire.carrier import CarrierReply, CarrierRequest
from app.wire.outside import OutsideReply, OutsideRequest
from ui.pages.settings.account import Account

T = TypeVar("T")
INITIATOR = "settings"
TABLES = ("settings", "staff", "devices", "locations", "pickup_points", "delivery_areas")
Say = Callable[[str], None]


class SettingsPresenter:
    """``setup`` is None until it was read for the first time; ``seen`` tells when each computer was last heard of.

    ``wechat`` and ``carrier`` are the shop's accounts outside.
    """

    def __init__(
        self,
        runner: Runner,
        ids: IdSource,
        on_duty: Callable[[], OnDuty | None],
        counter: CounterDoor | None,
        changed: Callable[[], None],
    ) -> None:
        self._runner = runner
        self.ids = ids
        self._on_duty = on_duty
        self._changed = changed
        self.counter = counter
        self.setup: ShopSetup | None = None
        self.seen: dict[str, datetime] = {}
        self.wechat: Account[OutsideRequest, OutsideReply] = Account(
            lambda: counter.outside if counter is not None else None, self.settle, changed
        )
        self.carrier: Account[CarrierRequest, CarrierReply] = Account(
            lambda: counter.carrier if counter is not None else None, self.settle, changed
        )
        self.is_busy = False
        self._generation = 0
        self._stop_listening = runner.listen(self._on_change)

    def close(self) -> None:
        self._stop_listening()
        self._generation += 1

    # What is known

    def reload(self) -> None:
        self._generation += 1
        generation = self._generation
        self._runner.query(
            setup.shop_setup(),
            lambda setup: self._on_setup(generation, setup),
            lambda: generation == self._generation,
        )

    def ask_last_seen(self) -> None:
        """Only the service knows it; without it the list stands without these times."""
        if self.counter is not None:
            self._runner.when(self.counter.last_seen(), self._on_seen, lambda _error: None)

    def may(self, permission: Permission) -> bool:
        person = self._on_duty()
        return person is not None and person.may(permission)

    def is_me(self, person: Staff) -> bool:
        on_duty = self._on_duty()
        return on_duty is not None and on_duty.staff_id == person.id

    def people(self) -> tuple[Staff, ...]:
        """Who works here, the owner first."""
        ranks = list(Role)
        found = [p for p in (self.setup.staff if self.setup else ()) if p.archived_at is None]
        return tuple(sorted(found, key=lambda p: (ranks.index(p.role) if p.role in ranks else 99, p.id)))

    def machines(self) -> tuple[Device, ...]:
        """The computers that may work for the shop, and below them those that were locked out."""
        return tuple(sorted(self.setup.devices if self.setup else (), key=lambda d: (d.revoked_at is not None, d.no)))

    def is_here(self, device: Device) -> bool:
        return self.counter is not None and self.counter.facts().device_id == device.id

    # Acts; ``problem`` is told a sentence when one was not done

    def hire(self, name: str, role: Role, done: Callable[[], None], problem: Say) -> None:
        if not name.strip():
            problem(tr("A name is needed."))
            return
        self.perform(CreateStaff(self.ids.new(), name.strip(), role), done, problem)

    def give_role(self, person: Staff, role: Role, done: Callable[[], None], problem: Say) -> None:
        self.perform(ChangeRole(person.id, role), done, problem)

    def dismiss(self, person: Staff, done: Callable[[], None], problem: Say) -> None:
        self.perform(ArchiveStaff(person.id), done, problem)

    def lock_out(self, device: Device, done: Callable[[], None], problem: Say) -> None:
        self.perform(RevokeDevice(device.id), done, problem)

    def new_code(self, *, is_manager: bool, done: Callable[[NewCode], None], problem: Say) -> None:
        if self.counter is not None:
            self.settle(self.counter.new_code(is_manager=is_manager), done, problem)

    def settle(self, future: "Future[T]", done: Callable[[T], None], problem: Say) -> None:
        self._runner.when(future, done, lambda error: problem(wording.fault(error)))

    def perform(self, command: Command, done: Callable[[], None], problem: Say) -> None:
        """One thing at a time: what only the service decides takes a moment."""
        if self.is_busy:
            return
        self.is_busy = True

        def finish(_done: Done) -> None:
            self.is_busy = False
            self.reload()
            done()

        def refuse(why: Rejected | NeedsNetwork) -> None:
            self.is_busy = False
            problem(wording.refusal(why))
            self.reload()

        def lost() -> None:
            self.is_busy = False
            self.reload()

        self._runner.perform(command, finish, refuse, INITIATOR, lost)

    def _on_setup(self, generation: int, setup: ShopSetup) -> None:
        if generation == self._generation:
            self.setup = setup
            self._changed()

    def _on_seen(self, seen: object) -> None:
        if isinstance(seen, dict):
            self.seen = seen
            self._changed()

    def _on_change(self, changes: ChangeSet) -> None:
        if changes.touches(TABLES):
            self.reload()
