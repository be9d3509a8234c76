"""Enrolment: a one-use code makes a computer one of the shop's desktops."""

import logging
from collections import deque
from datetime import datetime, timedelta

from app.domain.command import Actor
from app.domain.permission import Role
from app.domain.staff.commands import EnrolDevice
from app.kernel import codec
from app.kernel.derived import derived_id
from app.tables.statements import Database
from app.wire.messages import EnrolReply, EnrolRequest
from services.authority import devices
from services.authority.devices import NewDevice
from services.authority.head import read_head
from services.authority.submission import Intent
from services.http.asking import read, settled
from services.http.problem import CODE_REFUSED, MALFORMED, TOO_MANY_ATTEMPTS, Problem
from services.http.service import Service

ATTEMPTS = 10
WINDOW = timedelta(minutes=10)
NAME_LENGTH = 80
_ADDRESSES = 10_000
log = logging.getLogger("http")


class Attempts:
    """Counts an address's attempts that did not succeed, so that codes cannot be guessed. Used by the event loop only.

    An attempt counts from its beginning: of many at once none must slip in before the first has failed.
    """

    def __init__(self) -> None:
        self._made: dict[str, deque[datetime]] = {}

    def count(self, address: str, now: datetime) -> None:
        """Raises Problem for an address that has tried too often."""
        made = self._made.pop(address, None) or deque()
        while made and now - made[0] >= WINDOW:
            made.popleft()
        is_allowed = len(made) < ATTEMPTS
        if is_allowed:
            made.append(now)
        if len(self._made) >= _ADDRESSES:  # somebody is playing with addresses; the oldest are let go
            del self._made[next(iter(self._made))]
        self._made[address] = made
        if not is_allowed:
            seconds = (made[0] + WINDOW - now) // timedelta(seconds=1) + 1
            raise Problem(TOO_MANY_ATTEMPTS, {"seconds": seconds}, {"Retry-After": str(seconds)})

    def take_back(self, address: str) -> None:
        """The last attempt was a right one."""
        made = self._made.get(address)
        if made:
            made.pop()


async def enrol(service: Service, request: EnrolRequest) -> EnrolReply:
    """Use the code up and make the device known; raises Problem for a code that is no good."""
    name = request.device_name.strip()
    if not name or len(name) > NAME_LENGTH or not request.install_key:
        raise Problem(MALFORMED, {"where": "device_name", "why": f"must have 1 to {NAME_LENGTH} signs"})
    device_id, token = service.ids.new(), devices.new_token()

    def claim(database: Database) -> tuple[int, bool] | None:
        now = service.clock.now()
        is_manager = devices.use_code(database, _tidy(request.code), now)
        if is_manager is None:
            return None
        device = NewDevice(device_id, token, request.install_key, is_manager)
        return devices.insert_device(database, device, now), is_manager

    claimed = await settled(service.executor.chore(claim))
    if claimed is None:
        raise Problem(CODE_REFUSED)
    no, is_manager = claimed
    command = EnrolDevice(device_id, no, name, int(is_manager))
    actor = Actor("service", Role.SERVICE)
    intent = Intent(
        derived_id("enrol", device_id), command.NAME, command.VERSION, codec.plain(command), actor, service.clock.now()
    )
    await settled(service.executor.submit(intent))
    log.info("enrolled device %s as number %d", device_id, no)
    head = await read(service.store, read_head)
    return EnrolReply(device_id, token, no, is_manager, head.epoch, service.pickup_keys)


def _tidy(code: str) -> str:
    """The code as it was made: people type spaces, dashes and small letters."""
    return "".join(sign for sign in code.upper() if sign.isalnum())
