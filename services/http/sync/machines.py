"""The shop's computers: when each was last heard of, and codes for new ones."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.domain.permission import Permission
from app.tables.statements import Database
from app.wire.messages import DevicesReply, NewCodeReply, NewCodeRequest
from services.authority import devices
from services.authority.devices import DeviceRecord
from services.http import asking
from services.http.auth import DeviceGuard, check_may
from services.http.problem import FORBIDDEN, Problem
from services.http.service import Service
from services.http.sync.routes import json_reply


def router(service: Service, guard: DeviceGuard) -> APIRouter:
    routes = APIRouter(prefix="/sync/v1")

    @routes.get("/devices")
    async def devices_route(device: Annotated[DeviceRecord, Depends(guard)]) -> Response:
        return json_reply(DevicesReply(await asking.read(service.store, devices.seen)))

    @routes.post("/codes")
    async def codes_route(request: Request, device: Annotated[DeviceRecord, Depends(guard)]) -> Response:
        """A clerk's computer makes no codes, whoever sits at it: a code can make a manager's computer."""
        if not device.is_manager:
            raise Problem(FORBIDDEN)
        wanted = await asking.message(request, NewCodeRequest)
        code, now = devices.new_code(), service.clock.now()

        def offer(database: Database) -> None:
            check_may(database, wanted.actor, Permission.DEVICE_MANAGE)
            devices.offer_enrolment(database, code, wanted.is_manager, now)

        await asking.settled(service.executor.chore(offer))
        return json_reply(NewCodeReply(code, now + devices.CODE_LIFETIME))

    return routes
