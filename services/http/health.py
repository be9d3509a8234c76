"""Whether the service is there, and which one it is."""

import os

from fastapi import APIRouter
from fastapi.responses import Response

from services.http.sync.routes import json_reply

APP = "zhanggui"


def router(version: str) -> APIRouter:
    routes = APIRouter()

    @routes.get("/healthz")
    async def health() -> Response:
        return json_reply({"app": APP, "version": version, "pid": os.getpid()})

    return routes
