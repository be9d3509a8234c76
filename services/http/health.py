"""Whether the service is there, and which one it is; ``front`` answers the same before there are routes."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.http.front import HEALTH, health


def router() -> APIRouter:
    routes = APIRouter()

    @routes.get(HEALTH)
    async def health_route() -> Response:
        return Response(health(), media_type="application/json")

    return routes
