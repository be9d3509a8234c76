"""Who is asking: an enrolled desktop by its token, or a program on this computer by the service's own secret."""

import hmac
import ipaddress
from collections.abc import Awaitable, Callable
from datetime import datetime

from fastapi import Request

from app.domain.permission import Permission, permissions_of
from app.domain.row import Audience
from app.domain.staff.model import Staff
from app.tables.statements import Database
from app.tables.view import SqlView
from app.wire.messages import PROTOCOL_HEADER, PROTOCOLS
from services.authority.devices import DeviceRecord, device_by_token, digest
from services.db.engine import Store
from services.http.asking import read
from services.http.buckets import Buckets, Rate
from services.http.problem import DEVICE_REVOKED, FORBIDDEN, TOO_OFTEN, UNAUTHORISED, UPGRADE_REQUIRED, Problem

DeviceGuard = Callable[[Request], Awaitable[DeviceRecord]]
DESKTOP_RATE = Rate(3_000, 12_000)
"""Far above what a desktop asks that fetches a whole shop: it stops one that has lost its mind."""
MOST_KNOWN_DESKTOPS = 1_000


class KnownDesktops:
    """Desktops whose tokens were good when they asked last: they are told from strangers without a look-up.

    Used by the event loop only.
    """

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}

    def keep(self, token: str, device_id: str) -> None:
        if len(self._ids) >= MOST_KNOWN_DESKTOPS:
            del self._ids[next(iter(self._ids))]
        self._ids[digest(token)] = device_id

    def forget(self, token: str) -> None:
        self._ids.pop(digest(token), None)

    def known(self, token: str, _: datetime) -> str | None:
        return self._ids.get(digest(token))


def bearer(request: Request) -> str:
    """The token of the Authorization header; raises Problem when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem(UNAUTHORISED, headers={"WWW-Authenticate": "Bearer"})
    return token.strip()


def device_guard(
    store: Store, buckets: Buckets, rate: Rate = DESKTOP_RATE, known: KnownDesktops | None = None
) -> DeviceGuard:
    """A dependency that answers the asking desktop's record and refuses everybody else, and who asks too often."""
    desktops = known or KnownDesktops()

    async def device(request: Request) -> DeviceRecord:
        token = bearer(request)
        check_protocol(request)
        found = await read(store, lambda database: device_by_token(database, token))
        if found is None or found.revoked_at is not None:
            desktops.forget(token)
        if found is None:
            raise Problem(UNAUTHORISED, headers={"WWW-Authenticate": "Bearer"})
        if found.revoked_at is not None:
            raise Problem(DEVICE_REVOKED)
        desktops.keep(token, found.id)
        wait_s = buckets.take("desktop", found.id, rate)
        if wait_s:
            raise Problem(TOO_OFTEN, {"seconds": wait_s}, {"Retry-After": str(wait_s)})
        return found

    return device


def check_protocol(request: Request) -> None:
    named = request.headers.get(PROTOCOL_HEADER)
    if named is not None and named not in {str(protocol) for protocol in PROTOCOLS}:
        raise Problem(UPGRADE_REQUIRED, {"protocols": list(PROTOCOLS)})


def check_own_device(device: DeviceRecord, claimed_id: str) -> None:
    """A message names its sender too; a mix-up of two installations must not be booked."""
    if device.id != claimed_id:
        raise Problem(FORBIDDEN)


def check_may(database: Database, staff_id: str, permission: Permission) -> None:
    """Who sits at a desktop is a claim; what that person may do is looked up. Raises Problem."""
    person = SqlView(database, Audience).get(Staff, staff_id)
    if person is None or person.archived_at is not None or permission not in permissions_of(person.role):
        raise Problem(FORBIDDEN)


def supervisor_guard(secrets: tuple[str, ...]) -> Callable[[Request], Awaitable[None]]:
    """A dependency that lets in only who knows one of the per-start secrets, from this computer."""

    async def supervisor(request: Request) -> None:
        token = bearer(request).encode()
        is_known = False
        for secret in secrets:  # all are compared, so that the time tells nothing
            is_known |= hmac.compare_digest(token, secret.encode())
        if not is_known:
            raise Problem(UNAUTHORISED, headers={"WWW-Authenticate": "Bearer"})
        if request.client is not None and not _is_here(request.client.host, request.scope.get("server")):
            raise Problem(FORBIDDEN)

    return supervisor


def _is_here(host: str, server: tuple[str, int] | None) -> bool:
    """Whether the caller is on this computer: by the loopback address, or by our own."""
    if server is not None and host == server[0]:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
