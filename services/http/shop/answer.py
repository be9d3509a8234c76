"""How the storefront answers: ready JSON bytes, and bodies that end where they must."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message

from services.http.problem import TOO_LARGE, Problem

MAX_BODY_BYTES = 64 * 1024


def json_bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def json_answer(value: Any, status: int = 200) -> Response:
    return bytes_answer(json_bytes(value), status)


def bytes_answer(body: bytes, status: int = 200) -> Response:
    return Response(body, status, media_type="application/json")


async def bounded_body(request: Request, most: int = MAX_BODY_BYTES) -> bytes:
    """The whole body as it came; a longer one is refused before it is held in memory."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise Problem(TOO_LARGE, {"limit": most})
        parts.append(part)
    return b"".join(parts)


class BoundedRoute(APIRoute):
    """Reads at most ``MAX_BODY_BYTES`` before anything looks at the body."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            body = await bounded_body(request)

            async def receive() -> Message:
                return {"type": "http.request", "body": body, "more_body": False}

            return await inner(Request(request.scope, receive))

        return handler
