"""The shop's accounts outside, with WeChat and with a carrier: their state for every counter, their owner's way in."""

import logging
from dataclasses import dataclass
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.domain.permission import Permission
from app.kernel.errors import KnownError
from app.wire.carrier import CarrierReply, CarrierRequest
from app.wire.outside import OutsideReply, OutsideRequest, OutsideState
from services.accounts.kept import KeptAccount
from services.authority.devices import DeviceRecord
from services.http import asking
from services.http.auth import DeviceGuard, check_may
from services.http.problem import CARRIER_UNFIT, FORBIDDEN, NOT_FOUND, OUTSIDE_UNFIT, Problem, ProblemCode
from services.http.service import Service
from services.http.sync.routes import json_reply

log = logging.getLogger("http")


@dataclass(frozen=True, slots=True)
class Way:
    """How one of the accounts is reached: its address, its messages, and what one is told that cannot be right."""

    path: str
    kept: KeptAccount[Any, Any, Any] | None
    wanted: type[OutsideRequest] | type[CarrierRequest]
    unset: OutsideReply | CarrierReply
    unfit: ProblemCode


def router(service: Service, guard: DeviceGuard) -> APIRouter:
    routes = APIRouter(prefix="/sync/v1")
    wechat = OutsideReply(OutsideState.UNSET)
    carrier = CarrierReply(OutsideState.UNSET)
    for way in (
        Way("/outside", service.wechat_account, OutsideRequest, wechat, OUTSIDE_UNFIT),
        Way("/carrier", service.carrier_account, CarrierRequest, carrier, CARRIER_UNFIT),
    ):
        _add(routes, way, service, guard)
    return routes


def _add(routes: APIRouter, way: Way, service: Service, guard: DeviceGuard) -> None:
    kept = way.kept

    @routes.get(way.path)
    async def state_route(device: Annotated[DeviceRecord, Depends(guard)]) -> Response:
        return json_reply(way.unset if kept is None else await to_thread.run_sync(kept.state))

    @routes.put(way.path)
    async def set_route(request: Request, device: Annotated[DeviceRecord, Depends(guard)]) -> Response:
        if not device.is_manager:
            raise Problem(FORBIDDEN)
        wanted = await asking.message(request, way.wanted)
        await asking.read(service.store, lambda database: check_may(database, wanted.actor, Permission.SETTINGS_EDIT))
        if kept is None:
            raise Problem(NOT_FOUND)
        try:
            reply = await to_thread.run_sync(lambda: kept.set(wanted))
        except KnownError as error:
            raise Problem(way.unfit, {"problem": error.code, "problem_text": error.template}) from error
        log.info("the account at %s was set by %s at %s", way.path, wanted.actor, device.id)
        return json_reply(reply)
