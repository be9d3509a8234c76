"""The routes by which a desktop stays in step: enrol, greet, push, pull, fetch, compare. Only checks stand here."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse

from app.kernel import codec
from app.tables.statements import Database
from app.wire.messages import (
    PULL_LIMIT,
    SNAPSHOT_LIMIT,
    AskRequest,
    EnrolRequest,
    HelloRequest,
    LeaseReply,
    PushRequest,
)
from services.authority import devices, reading
from services.authority.devices import DeviceRecord
from services.authority.head import read_head
from services.authority.restoring import Seen, overtaken
from services.authority.submission import Moved
from services.http import asking
from services.http.auth import DeviceGuard
from services.http.buckets import neighbourhood
from services.http.poke import PokeHub
from services.http.problem import NOT_FOUND, Problem
from services.http.service import Service
from services.http.sync.enrolment import Attempts, enrol
from services.http.sync.greeting import greet, notice_restore
from services.http.sync.pushing import ask, push

MARK_EVERY = timedelta(seconds=30)
_MOST = 2**63 - 1
Number = Annotated[int, Query(ge=0, le=_MOST)]
Key = Annotated[list[Annotated[str, Query(max_length=400, pattern=r"^[^\x00]*$")]] | None, Query(max_length=8)]


def json_reply(value: Any) -> Response:
    return Response(_bytes(value), media_type="application/json")


def _bytes(value: Any) -> bytes:
    return json.dumps(codec.plain(value), ensure_ascii=False, separators=(",", ":")).encode()


async def _read_bytes(service: Service, work: Callable[[Database], Any]) -> Response:
    """A read whose answer is also written out in the reading thread: pages are large."""
    content = await asking.read(service.store, lambda database: _bytes(work(database)))
    return Response(content, media_type="application/json")


class ReadMarks:
    """Stores now and then how far desktops have read; each pull would be a write otherwise."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._marked: dict[str, tuple[int, Any]] = {}

    async def note(self, device: DeviceRecord, cursor: int) -> None:
        now = self._service.clock.now()
        stored, at = self._marked.get(device.id, (device.cursor, None))
        if at is not None and (now - at < MARK_EVERY or stored == cursor):
            return
        self._marked[device.id] = (cursor, now)
        chore = self._service.executor.chore(
            lambda database: devices.mark_read(database, device.id, cursor, self._service.clock.now())
        )
        with suppress(Moved):  # it may read what is here, and a push tells it where the shop is
            await asking.settled(chore)


def router(service: Service, hub: PokeHub, guard: DeviceGuard) -> APIRouter:
    """All of ``/sync/v1``."""
    routes = APIRouter(prefix="/sync/v1")
    _add_conversation(routes, service, guard)
    _add_pull(routes, service, guard)
    _add_reads(routes, service, guard)
    _add_poke(routes, hub, guard)
    return routes


def _add_conversation(routes: APIRouter, service: Service, guard: DeviceGuard) -> None:
    attempts = Attempts()

    @routes.post("/enrol")
    async def enrol_route(request: Request) -> Response:
        address = neighbourhood(request.client.host if request.client else "")
        attempts.count(address, service.clock.now())
        reply = await enrol(service, await asking.message(request, EnrolRequest))
        attempts.take_back(address)
        return json_reply(reply)

    @routes.post("/hello")
    async def hello_route(request: Request, device: Annotated[DeviceRecord, Depends(guard)]) -> Response:
        return json_reply(await greet(service, device, await asking.message(request, HelloRequest)))

    @routes.post("/push")
    async def push_route(request: Request, device: Annotated[DeviceRecord, Depends(guard)]) -> Response:
        return json_reply(await push(service, device, await asking.message(request, PushRequest)))

    @routes.post("/ask")
    async def ask_route(request: Request, device: Annotated[DeviceRecord, Depends(guard)]) -> Response:
        return json_reply(await ask(service, device, await asking.message(request, AskRequest)))

    @routes.post("/lease")
    async def lease_route(device: Annotated[DeviceRecord, Depends(guard)]) -> Response:
        def take(database: Database) -> LeaseReply:
            floor = read_head(database).last_seq
            return LeaseReply(floor, devices.lease(database, device.id, floor, service.clock.now()))

        return json_reply(await asking.settled(service.executor.chore(take)))


def _add_pull(routes: APIRouter, service: Service, guard: DeviceGuard) -> None:
    marks = ReadMarks(service)

    @routes.get("/pull")
    async def pull_route(
        device: Annotated[DeviceRecord, Depends(guard)], epoch: str, after: Number, limit: Number = PULL_LIMIT
    ) -> Response:
        await notice_restore(service, Seen(device.id, epoch, after), overtaken)
        who = (device.id, device.is_manager)
        size = max(1, min(limit, PULL_LIMIT))
        reply = await _read_bytes(service, lambda database: reading.pull(database, who, epoch, after, size))
        await marks.note(device, after)
        return reply


def _add_reads(routes: APIRouter, service: Service, guard: DeviceGuard) -> None:

    @routes.get("/snapshot/{table}")
    async def snapshot_route(
        table: str,
        device: Annotated[DeviceRecord, Depends(guard)],
        after_pk: Key = None,
        limit: Number = SNAPSHOT_LIMIT,
    ) -> Response:
        size = max(1, min(limit, SNAPSHOT_LIMIT))

        def page(database: Database) -> Any:
            found = reading.snapshot(database, device.is_manager, table, after_pk, size)
            if found is None:
                raise Problem(NOT_FOUND)
            return found

        return await _read_bytes(service, page)

    @routes.get("/verdicts")
    async def verdicts_route(device: Annotated[DeviceRecord, Depends(guard)], after_device_seq: Number = 0) -> Response:
        return await _read_bytes(service, lambda db: reading.verdicts_after(db, device.id, after_device_seq))

    @routes.get("/sums")
    async def sums_route(device: Annotated[DeviceRecord, Depends(guard)]) -> Response:
        return await _read_bytes(service, lambda database: reading.table_sums(database, device.is_manager))


def _add_poke(routes: APIRouter, hub: PokeHub, guard: DeviceGuard) -> None:
    @routes.get("/poke")
    async def poke_route(device: Annotated[DeviceRecord, Depends(guard)]) -> Response:
        return StreamingResponse(
            hub.events(),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )
