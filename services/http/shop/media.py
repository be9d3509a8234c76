"""The goods' pictures, as the mini-program shows them: public, small, and the same for ever under their name."""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Path
from fastapi.responses import FileResponse, Response

from services.authority import pictures
from services.http.problem import NOT_FOUND, Problem
from services.http.shop.answer import BoundedRoute
from services.http.shop.problems import PROBLEMS
from services.http.shop.storefront import Front

ROUTES = APIRouter(route_class=BoundedRoute, tags=["catalogue"])
NAME_PATTERN = r"^[0-9a-f]{64}-[0-9]{2,5}\.jpg$"
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Encoding": "identity",  # pictures are compressed already; this keeps the middleware from trying
}
_PICTURE: dict[int | str, dict[str, Any]] = {200: {"description": "The picture.", "content": {"image/jpeg": {}}}}


@ROUTES.get("/media/{name}", response_class=FileResponse, responses={**_PICTURE, **PROBLEMS})
async def picture(front: Front, name: Annotated[str, Path(pattern=NAME_PATTERN, max_length=74)]) -> Response:
    """A picture under the address that products name it by: its content, and its width in pixels.

    The widths are 160, 375, 750 and 1500; a smaller picture is answered as wide as it is.
    """
    sha256, _, width = name.removesuffix(".jpg").partition("-")
    is_width = not width.startswith("0")  # one picture has one name
    folder = front.service.media_folder
    found = await to_thread.run_sync(pictures.shown, folder, sha256, int(width)) if is_width else None
    if found is None:
        raise Problem(NOT_FOUND)
    return FileResponse(found, media_type="image/jpeg", headers=HEADERS)
