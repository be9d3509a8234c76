"""Hello: a desktop proves who it is, and both sides learn how they stand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.domain.pickup.code import mark_of
from app.tables.statements import Database
from app.wire.messages import PROTOCOLS, HelloReply, HelloRequest
from services.authority import devices
from services.authority.devices import DeviceRecord, Identity
from services.authority.head import Head, read_head
from services.authority.restoring import Proof, Seen, ending, proof
from services.authority.submission import Moved
from services.http.asking import read, settled
from services.http.auth import check_own_device
from services.http.problem import DEVICE_CLONED, UPGRADE_REQUIRED, Problem
from services.http.service import Service

MIN_REPLICA_SCHEMA = 1
Prove = Callable[[Database, Seen, datetime], Proof | None]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the service knows when a hello is answered; all of one instant."""

    identity: Identity
    head: Head
    last_device_seq: int


async def greet(service: Service, device: DeviceRecord, request: HelloRequest) -> HelloReply:
    """Raises Problem for a copied installation and for a program that is too old."""
    check_own_device(device, request.device_id)
    spoken = [protocol for protocol in PROTOCOLS if protocol in request.protocols]
    if not spoken:
        raise Problem(UPGRADE_REQUIRED, {"protocols": list(PROTOCOLS)})
    await notice_restore(service, Seen(device.id, request.feed_epoch, request.cursor), proof)
    try:
        standing = await settled(service.executor.chore(lambda database: _stand(service, database, request)))
    except Moved:  # nothing is written here any more, and whoever comes is told where the shop is
        standing = await read(service.store, lambda database: _look(database, request))
    if standing.identity is Identity.CLONED:
        raise Problem(DEVICE_CLONED)
    head = standing.head
    return HelloReply(
        protocol=max(spoken),
        feed_epoch=head.epoch,
        head_seq=head.last_seq,
        oldest_seq=head.oldest_seq,
        last_device_seq=standing.last_device_seq,
        server_time=service.clock.now(),
        min_replica_schema=MIN_REPLICA_SCHEMA,
        commands=service.registry.versions(),
        is_manager=device.is_manager,
        moved_to=head.moved_to,
        keys=None if request.keys_mark == mark_of(service.pickup_keys) else service.pickup_keys,
    )


def _stand(service: Service, database: Database, request: HelloRequest) -> Standing:
    """A chore, so that two machines with one identity are told apart one after the other."""
    standing = _look(database, request)
    if standing.identity is not Identity.CLONED:
        cursor = request.cursor if request.feed_epoch == standing.head.epoch else 0
        keys = (request.install_key, request.next_key)
        devices.greet(database, request.device_id, keys, cursor, service.clock.now())
    return standing


def _look(database: Database, request: HelloRequest) -> Standing:
    device = devices.device_by_id(database, request.device_id)
    if device is None:
        raise AssertionError("a device whose token was accepted is gone")
    identity = devices.identify(device, request.install_key, request.next_key)
    return Standing(identity, read_head(database), device.last_device_seq)


async def notice_restore(service: Service, seen: Seen, prove: Prove) -> None:
    """What a desktop has read may prove that our files were put back: an incident, and a new epoch if need be."""

    def look(database: Database) -> Proof | None:
        # Of what a move has left behind every desktop has read more, and nothing was put back.
        return None if read_head(database).moved_to else prove(database, seen, service.clock.now())

    found = await read(service.store, look)
    if found is not None:
        after = ending(service.ids.new()) if found.ends_epoch else None
        await settled(service.executor.submit(found.told, after_applied=after))
