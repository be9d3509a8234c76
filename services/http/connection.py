"""Connections of strangers: what does not become a request in time and in bounds is cut off."""

import asyncio
import ipaddress
import logging
import time
from asyncio.events import TimerHandle
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from services.http.buckets import is_loopback, neighbourhood

MOST_HEAD_BYTES = 64 * 1024
MOST_LINES = 20
WINDOW_S = 60.0


class Seldom(logging.Filter):
    """Lets the same sentence pass so many times a minute; the first one of the next says how many were left out.

    What strangers bring about must not push out of the log what the shop has to know: it keeps the last ten megabytes.
    """

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._ticks = ticks
        self._seen: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        sentence, now = str(record.msg), self._ticks()
        since, count = self._seen.get(sentence, (now, 0))
        if now - since < WINDOW_S:
            self._seen[sentence] = (since, count + 1)
            return count < MOST_LINES
        self._seen[sentence] = (now, 1)
        if count > MOST_LINES:
            record.msg = f"{sentence} ({count - MOST_LINES} more of these were not written down)"
        return True


STRANGERS = logging.getLogger("http.strangers")
"""Where is written what anybody can bring about who finds the door. Its sentences are few."""
STRANGERS.setLevel(logging.INFO)  # below it the web server would make a line of each connection, for nobody
STRANGERS.addFilter(Seldom())


class PatientProtocol(HttpToolsProtocol):
    """Bounds a request's head in bytes, which the parser does not, every request in time, and an address in lines.

    ``HEAD_S`` is how long a head may take, ``REQUEST_S`` a whole request: long enough for a picture on a poor line.
    ``MOST_OPEN`` is how many lines one address may have open: each is a file of the system, which has few for us. A
    proxy on this computer, or one that is believed who its callers are, has as many as these need.
    """

    HEAD_S: ClassVar[float] = 20.0
    REQUEST_S: ClassVar[float] = 300.0
    MOST_OPEN: ClassVar[int] = 200
    opened: ClassVar[Counter[str]] = Counter()
    """By address, for all lines of this process."""

    def __init__(self, *how: Any, **named: Any) -> None:
        super().__init__(*how, **named)
        self.logger = STRANGERS
        self._is_in_head = False
        self._head_bytes = 0
        self._from = ""
        self._end: TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._end_in(self.HEAD_S)
        address = self.client[0] if self.client else ""  # whoever has hung up already has none
        if address and self.is_counted(address):
            self._from = neighbourhood(address)
            self.opened[self._from] += 1
            if self.opened[self._from] > self.MOST_OPEN:
                STRANGERS.warning("an address has too many lines open")
                transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._go_on()
        if self._from:
            self.opened[self._from] -= 1
            if not self.opened[self._from]:
                del self.opened[self._from]
        super().connection_lost(exc)

    def is_counted(self, address: str) -> bool:
        return not (is_loopback(address) or is_among(address, self.config.forwarded_allow_ips))

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


def is_among(address: str, named: str | list[str]) -> bool:
    """Whether an address is one of those that are named, as uvicorn has them: addresses, networks, or ``*`` for all."""
    for name in named.split(",") if isinstance(named, str) else named:
        try:
            if name.strip() == "*" or ipaddress.ip_address(address) in ipaddress.ip_network(name.strip()):
                return True
        except ValueError:
            continue  # a name that is no address
    return False
