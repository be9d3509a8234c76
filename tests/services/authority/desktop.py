"""A desktop as the authority knows it: enrolled, with a sequence of its own."""

from dataclasses import replace
from datetime import datetime

from app.domain.command import Actor, Command
from app.domain.staff.commands import EnrolDevice
from services.authority.devices import NewDevice, insert_device
from services.authority.executor import Executor
from services.authority.submission import Intent
from tests.support.clocks import FixedClock
from tests.support.shop import CLERK, SERVICE, intent


class Desktop:
    """Its commands carry numbers that the test chooses."""

    def __init__(self, executor: Executor, device_id: str = "pc-1", no: int = 1) -> None:
        self.id = device_id
        now = FixedClock().now()
        secret = NewDevice(device_id, f"token-{device_id}", f"key-{device_id}", is_manager=False)
        executor.chore(lambda db: insert_device(db, secret, now)).result(30)
        enrol = EnrolDevice(device_id, no, f"收银台 {no}", 0)
        assert executor.submit(intent(enrol, SERVICE, now)).result(30).is_applied

    def intent(self, command: Command, device_seq: int, at: datetime, actor: Actor = CLERK) -> Intent:
        made = intent(command, actor, at, f"{self.id}-{command.NAME}-{device_seq}")
        return replace(made, device_id=self.id, device_seq=device_seq)
