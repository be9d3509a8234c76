"""What stands in the door while the rest of the service is still being made.

The database is claimed, checked and its writer at work before anything is answered here, so that the service is there
and every request will be decided. The routes with their shapes take longer to make than all of that: whoever asks
something of them meanwhile waits for them, with the request's body unread, and is then answered as ever.
"""

import asyncio
import json
import os
import threading
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from app.kernel.codec import canonical
from app.kernel.i18n import render
from services.authority.submission import Busy

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Receive, Scope, Send

APP = "zhanggui"
VERSION = "0.1.0"
HEALTH = "/healthz"
_PLAIN = (b"x-content-type-options", b"nosniff")


def health() -> bytes:
    """Whether the service is there, and which one it is."""
    told = {"app": APP, "version": VERSION, "pid": os.getpid()}
    return json.dumps(told, separators=(",", ":")).encode()


class Front:
    """An application that has another one made, on a thread of its own, and then leads everybody there.

    ``make`` is called once, when the server's loop runs; ``failed`` is told when it raises, and the server has to end:
    who waits gets no more than a word that nothing was decided. ``is_whole`` says that the other one answers.
    """

    def __init__(self, make: Callable[[], "FastAPI"], failed: Callable[[BaseException], None]) -> None:
        self._make = make
        self._failed = failed
        self._app: FastAPI | None = None
        self._tried = asyncio.Event()
        self._life = AsyncExitStack()

    @property
    def is_whole(self) -> bool:
        return self._app is not None

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if self._app is None and _asks_for_health(scope):
            await _answer(send, 200, health(), (b"content-type", b"application/json"))
            return
        await self._tried.wait()
        if self._app is None:
            await _answer(send, 503, _ending(), (b"retry-after", b"1"), (b"content-type", b"application/problem+json"))
            return
        await self._app(scope, receive, send)

    async def _live(self, receive: "Receive", send: "Send") -> None:
        await receive()
        making = asyncio.create_task(self._bring_up())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await making  # a thread cannot be stopped, and what it makes has to be closed
        await self._life.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    async def _bring_up(self) -> None:
        try:
            app = await _apart(self._make)
            await self._life.enter_async_context(app.router.lifespan_context(app))
            self._app = app
        except Exception as error:  # thread entry: whatever it is, the service cannot stay without its routes
            self._failed(error)
        finally:
            self._tried.set()


async def _apart(make: Callable[[], "FastAPI"]) -> "FastAPI":
    """In a thread that is gone afterwards: one of a pool would stay, with its memory."""
    loop = asyncio.get_running_loop()
    made: asyncio.Future[FastAPI] = loop.create_future()

    def run() -> None:
        try:
            app = make()
        except Exception as error:  # raised again where it is awaited
            loop.call_soon_threadsafe(made.set_exception, error)
        else:
            loop.call_soon_threadsafe(made.set_result, app)

    threading.Thread(target=run, name="behind", daemon=True).start()
    return await made


def _asks_for_health(scope: "Scope") -> bool:
    """Plainly; whoever asks otherwise is answered by the routes."""
    if scope["path"] != HEALTH or scope["method"] != "GET":
        return False
    return all(name != b"authorization" for name, _ in scope["headers"])


def _ending() -> bytes:
    """The routes' own word for it, where there will be none."""
    said = Busy("service.stopping", 1)
    told = {"code": said.code, "detail": render(said.template, said.params, "zh_CN"), "params": dict(said.params)}
    return canonical({"type": "about:blank", "title": "Service Unavailable", "status": 503} | told).encode()


async def _answer(send: "Send", status: int, body: bytes, *header: tuple[bytes, bytes]) -> None:
    headers = [(b"content-length", str(len(body)).encode()), *header, _PLAIN]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
