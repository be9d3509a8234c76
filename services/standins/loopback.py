"""Serving a stand-in on this computer alone, in this process or in its own."""

import asyncio
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LOOPBACK = "127.0.0.1"


class Lines:
    """The open connections by the caller's address, so that one can be cut in the middle of an answer."""

    def __init__(self) -> None:
        self._open: dict[object, asyncio.Transport] = {}

    def hang_up(self, client: object) -> None:
        self._open[client].close()

    def protocol(self) -> type[HttpToolsProtocol]:
        opened = self._open

        class Line(HttpToolsProtocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                super().connection_made(transport)
                self.access_log = False  # the login's address holds a secret
                opened[self.client] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                opened.pop(self.client, None)
                super().connection_lost(exc)

        return Line


@contextmanager
def serving(app: ASGIApp, lines: Lines, port: int = 0) -> Iterator[int]:
    """Serve an application from a thread of this process; yields the port, and 0 takes a free one."""
    listener = listen(port)
    server = uvicorn.Server(configured(app, lines))
    thread = threading.Thread(target=server.run, args=([listener],), name="standin-http", daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def listen(port: int) -> socket.socket:
    """Listening before the server thread starts, so that no caller comes too early.

    Naming TCP makes asyncio switch off Nagle's algorithm; without it each answer waits 40 ms for the caller.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":  # there the option would let a second process take the same port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((LOOPBACK, port))
    listener.listen(128)
    return listener


def configured(app: ASGIApp, lines: Lines) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=lines.protocol(),
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        timeout_graceful_shutdown=1,
    )
