"""What holds for every request and answer: bodies are bounded while they arrive, and answers are what they say."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.http.problem import TOO_LARGE, Problem, document

MOST_BYTES = 4_000_000
MOST_PICTURE_BYTES = 12_000_000
ZIPPED_FROM = 1024
ZIPPED_HOW = 4
"""Answers of so many bytes are compressed, and so hard."""
_PICTURES = "/sync/v1/media/"


class BodyLimit:
    """Counts the bytes of a request's body, whatever its headers promise."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = MOST_PICTURE_BYTES if scope["path"].startswith(_PICTURES) else MOST_BYTES
        headers = dict(scope["headers"])
        promised = headers.get(b"content-length", b"0")
        if promised.isdigit() and int(promised) > limit:
            language = headers.get(b"accept-language", b"").decode("latin-1")
            await document(Problem(TOO_LARGE, {"limit": limit}), language)(scope, receive, send)
            return
        await self._app(scope, _counting(receive, limit), send)


def _counting(receive: Receive, limit: int) -> Receive:
    arrived = 0

    async def counted() -> Message:
        nonlocal arrived
        message = await receive()
        arrived += len(message.get("body", b""))
        if arrived > limit:
            raise Problem(TOO_LARGE, {"limit": limit})
        return message

    return counted


class PlainAnswers:
    """Says of every answer that it is what its type says, and of private ones that nobody may keep them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_private = any(name == b"authorization" for name, _ in scope["headers"])

        async def said(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message.get("headers", [])))
                headers.setdefault("X-Content-Type-Options", "nosniff")
                if is_private:
                    headers.setdefault("Cache-Control", "no-store")
                message = {**message, "headers": headers.raw}
            await send(message)

        await self._app(scope, receive, said)
