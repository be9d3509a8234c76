"""Pictures travel beside the feed, named by their content: sent before the command that shows them."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, Response

from services.authority import pictures
from services.authority.devices import DeviceRecord
from services.http.auth import DeviceGuard
from services.http.problem import NOT_A_PICTURE, NOT_FOUND, Problem
from services.http.service import Service

_HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Encoding": "identity",  # pictures are compressed already; this keeps the middleware from trying
}


def router(service: Service, guard: DeviceGuard) -> APIRouter:
    routes = APIRouter(prefix="/sync/v1/media")
    folder = service.media_folder

    @routes.put("/{sha256}")
    async def put_route(sha256: str, request: Request, device: Annotated[DeviceRecord, Depends(guard)]) -> Response:
        if not pictures.is_name(sha256):
            raise Problem(NOT_FOUND)
        content = await request.body()
        try:
            await to_thread.run_sync(pictures.keep, folder, sha256, content)
        except pictures.NotAPicture as error:
            raise Problem(NOT_A_PICTURE) from error
        return Response(status_code=204)

    @routes.get("/{sha256}")
    async def get_route(sha256: str, device: Annotated[DeviceRecord, Depends(guard)]) -> Response:
        path = pictures.place(folder, sha256)
        if not pictures.is_name(sha256) or not path.is_file():
            raise Problem(NOT_FOUND)
        return FileResponse(path, media_type=pictures.media_type(path), headers=_HEADERS)

    return routes
