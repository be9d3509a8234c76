"""Asking an application in the same process without a client between: thousands of requests in seconds."""

import asyncio
from collections.abc import Iterable, Mapping

from starlette.types import ASGIApp, Message, Scope

Request = tuple[Mapping[str, str], bytes]
"""Headers and body."""


async def post(app: ASGIApp, path: str, request: Request) -> int:
    """The status of the answer."""
    headers, body = request
    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
        "client": ("127.0.0.1", 4711),
        "server": ("shop.test", 80),
    }
    await app(scope, receive, send)
    (status,) = statuses
    return status


def post_all(app: ASGIApp, path: str, requests: Iterable[Request], at_once: int) -> list[int]:
    """Sends all, so many at the same time; the answers come in no order."""
    waiting, answers = iter(requests), list[int]()

    async def sender() -> None:
        for request in waiting:
            answers.append(await post(app, path, request))

    async def senders() -> None:
        await asyncio.gather(*(sender() for _ in range(at_once)))

    asyncio.run(senders())
    return answers
