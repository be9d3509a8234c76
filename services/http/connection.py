"""Connections of strangers: what does not become a request in time and in bounds is cut off."""

import asyncio
from asyncio.events import TimerHandle
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD_BYTES = 64 * 1024


class PatientProtocol(HttpToolsProtocol):
    """Bounds a request's head in bytes, which the parser does not, and every request in time.

    ``HEAD_S`` is how long a head may take, ``REQUEST_S`` a whole request: long enough for a picture on a poor line.
    """

    HEAD_S: ClassVar[float] = 20.0
    REQUEST_S: ClassVar[float] = 300.0

    def __init__(self, *how: Any, **named: Any) -> None:
        super().__init__(*how, **named)
        self._is_in_head = False
        self._head_bytes = 0
        self._end: TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._end_in(self.HEAD_S)

    def connection_lost(self, exc: Exception | None) -> None:
        self._go_on()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._end is None and not self._is_answering:
            self._end_in(self.HEAD_S)  # the next request on this connection begins
        super().data_received(data)
        self._head_bytes += len(data) if self._is_in_head else 0
        if self._head_bytes > MOST_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The head of this request is too large.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head, self._head_bytes = True, 0

    def on_headers_complete(self) -> None:
        self._is_in_head, self._head_bytes = False, 0
        self._end_in(self.REQUEST_S)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._go_on()
        super().on_message_complete()

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _end_in(self, seconds: float) -> None:
        self._go_on()
        self._end = self.loop.call_later(seconds, self.transport.close)

    def _go_on(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None
