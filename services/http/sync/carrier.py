"""The shop's account with a carrier: its state for every counter, and its owner's way to set it."""

import logging
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.domain.permission import Permission
from app.kernel.errors import KnownError
from app.wire.carrier import CarrierReply, CarrierRequest
from app.wire.outside import OutsideState
from services.authority.devices import DeviceRecord
from services.http import asking
from services.http.auth import DeviceGuard, check_may
from services.http.problem import CARRIER_UNFIT, FORBIDDEN, NOT_FOUND, Problem
from services.http.service import Service
from services.http.sync.routes import json_reply

log = logging.getLogger("http")


def router(service: Service, guard: DeviceGuard) -> APIRouter:
    routes = APIRouter(prefix="/sync/v1")

    @routes.get("/carrier")
    async def state_route(device: Annotated[DeviceRecord, Depends(guard)]) -> Response:
        if service.carrier_account is None:
            return json_reply(CarrierReply(OutsideState.UNSET))
        return json_reply(await to_thread.run_sync(service.carrier_account.state))

    @routes.put("/carrier")
    async def set_route(request: Request, device: Annotated[DeviceRecord, Depends(guard)]) -> Response:
        if not device.is_manager:
            raise Problem(FORBIDDEN)
        wanted = await asking.message(request, CarrierRequest)
        await asking.read(service.store, lambda database: check_may(database, wanted.actor, Permission.SETTINGS_EDIT))
        account = service.carrier_account
        if account is None:
            raise Problem(NOT_FOUND)
        try:
            reply = await to_thread.run_sync(lambda: account.set(wanted))
        except KnownError as error:
            raise Problem(CARRIER_UNFIT, {"problem": error.code, "problem_text": error.template}) from error
        log.info("the carrier's account was set by %s at %s", wanted.actor, device.id)
        return json_reply(reply)

    return routes
