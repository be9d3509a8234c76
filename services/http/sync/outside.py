"""The shop's account at WeChat: its state for every counter, and its owner's way to set it."""

import logging
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.domain.permission import Permission
from app.kernel.errors import KnownError
from app.wire.outside import OutsideReply, OutsideRequest, OutsideState
from services.authority.devices import DeviceRecord
from services.http import asking
from services.http.auth import DeviceGuard, check_may
from services.http.problem import FORBIDDEN, NOT_FOUND, OUTSIDE_UNFIT, Problem
from services.http.service import Service
from services.http.sync.routes import json_reply

log = logging.getLogger("pay")


def router(service: Service, guard: DeviceGuard) -> APIRouter:
    routes = APIRouter(prefix="/sync/v1")

    @routes.get("/outside")
    async def state_route(device: Annotated[DeviceRecord, Depends(guard)]) -> Response:
        if service.credentials is None:
            return json_reply(OutsideReply(OutsideState.UNSET))
        return json_reply(await to_thread.run_sync(service.credentials.state))

    @routes.put("/outside")
    async def set_route(request: Request, device: Annotated[DeviceRecord, Depends(guard)]) -> Response:
        if not device.is_manager:
            raise Problem(FORBIDDEN)
        wanted = await asking.message(request, OutsideRequest)
        await asking.read(service.store, lambda database: check_may(database, wanted.actor, Permission.SETTINGS_EDIT))
        credentials = service.credentials
        if credentials is None:
            raise Problem(NOT_FOUND)
        try:
            reply = await to_thread.run_sync(lambda: credentials.set(wanted))
        except KnownError as error:
            raise Problem(OUTSIDE_UNFIT, {"problem": error.code, "problem_text": error.template}) from error
        log.info("the WeChat account was set by %s at %s", wanted.actor, device.id)
        return json_reply(reply)

    return routes
