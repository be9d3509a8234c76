"""What a program on this computer may ask that knows the service's own secret: codes for enrolment."""

from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.authority import devices
from services.http import asking
from services.http.auth import supervisor_guard
from services.http.service import Service
from services.http.sync.routes import json_reply


@dataclass(frozen=True, slots=True)
class CodeRequest:
    is_manager: bool = False


def router(service: Service, secrets: tuple[str, ...]) -> APIRouter:
    routes = APIRouter(prefix="/supervisor", dependencies=[Depends(supervisor_guard(secrets))])

    @routes.post("/enrol")
    async def enrol_route(request: Request) -> Response:
        wanted = await asking.message(request, CodeRequest)
        code, now = devices.new_code(), service.clock.now()
        chore = service.executor.chore(lambda database: devices.offer_enrolment(database, code, wanted.is_manager, now))
        await asking.settled(chore)
        return json_reply({"code": code, "expires_at": now + devices.CODE_LIFETIME})

    return routes
