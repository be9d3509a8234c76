"""Kept connections to one host, and one plain HTTP/1.1 question after the other over them."""

import select
import socket
import ssl
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import httptools

IDLE_S = 5.0
"""A connection that was quiet for longer may have been given up on the way, without a word."""
MOST_HEAD_BYTES = 64 * 1024
_CHUNK = 64 * 1024
_FIRST_SUCCESS = 200


@dataclass(frozen=True, slots=True)
class Request:
    """``target`` is path and query, already percent-encoded."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


class NoLine(Exception):
    """No connection came about, so nothing was asked."""


class BadAnswer(Exception):
    """What came is no answer, or has no end."""


class _Line:
    """An open connection and since when nobody has used it."""

    def __init__(self, link: socket.socket) -> None:
        self.link = link
        self.idle_since = 0.0

    def is_usable(self, idle_s: float) -> bool:
        """Not when the other side has said something unasked: that is its goodbye."""
        if time.monotonic() - self.idle_since > idle_s:
            return False
        return not _has_spoken(self.link)


def _has_spoken(link: socket.socket) -> bool:
    """Where there is a poll it is taken: select knows no handles above a thousand."""
    if not hasattr(select, "poll"):  # Windows, whose select knows all
        return bool(select.select([link], [], [], 0)[0])
    asked = select.poll()
    asked.register(link, select.POLLIN)
    return bool(asked.poll(0))


class Lines:
    """Connections to one host. Safe to use from several threads; every question has one for itself."""

    def __init__(self, url: str, timeout_s: float, idle_s: float = IDLE_S) -> None:
        parts = urlsplit(url)
        self._is_secure = parts.scheme == "https"
        self._place = (str(parts.hostname), parts.port or (443 if self._is_secure else 80))
        self._host = parts.netloc
        self._timeout_s = timeout_s
        self._idle_s = idle_s
        self._idle: deque[_Line] = deque()
        self._secrecy: ssl.SSLContext | None = None
        self._is_closed = False

    def close(self) -> None:
        self._is_closed = True
        with suppress(IndexError):  # another thread may take the last one between a look and the taking
            while True:
                self._idle.pop().link.close()

    def ask(self, request: Request, most_bytes: int) -> tuple[int, dict[str, str], bytes]:
        """Status, headers by their lower-case names, and body.

        Raises NoLine when nothing was asked, BadAnswer for what is no answer, and EOFError or OSError (TimeoutError)
        when the answer did not come.
        """
        line = self._kept() or self._opened()
        try:
            answer = self._asked(line.link, request, most_bytes)
        except BaseException:
            line.link.close()
            raise
        if answer.is_whole and answer.keeps_line and not self._is_closed:
            line.idle_since = time.monotonic()
            self._idle.append(line)
        else:
            line.link.close()
        return answer.status, answer.headers, bytes(answer.body)

    def _kept(self) -> _Line | None:
        with suppress(IndexError):
            while True:
                line = self._idle.pop()  # the one used last
                if line.is_usable(self._idle_s):
                    return line
                line.link.close()
        return None

    def _opened(self) -> _Line:
        try:
            link = socket.create_connection(self._place, self._timeout_s)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return _Line(self._secured(link) if self._is_secure else link)
        except OSError as fault:
            raise NoLine(type(fault).__name__) from fault

    def _secured(self, link: socket.socket) -> socket.socket:
        if self._secrecy is None:
            import httpx  # reading whom to trust takes a while, and a stand-in speaks in the open

            self._secrecy = httpx.create_ssl_context()
        try:
            return self._secrecy.wrap_socket(link, server_hostname=self._place[0])
        except BaseException:
            link.close()
            raise

    def _asked(self, link: socket.socket, request: Request, most_bytes: int) -> "_Answer":
        ends_at = time.monotonic() + self._timeout_s
        link.settimeout(self._timeout_s)
        link.sendall(self._written(request))
        answer = _Answer(most_bytes)
        while not answer.has_come:
            part = link.recv(_CHUNK)
            if not part:
                raise EOFError("the connection ended before the answer")
            answer.hear(part)
            left = ends_at - time.monotonic()
            if left <= 0 and not answer.has_come:
                raise TimeoutError("the answer trickles")
            link.settimeout(max(left, 0.001))
        return answer

    def _written(self, request: Request) -> bytes:
        head = [f"{request.method} {request.target} HTTP/1.1", f"Host: {self._host}"]
        head += [f"{name}: {value}" for name, value in request.headers.items()]
        head += [f"Content-Length: {len(request.body)}"] if request.body or request.method != "GET" else []
        return ("\r\n".join(head) + "\r\n\r\n").encode("ascii") + request.body


class _Answer:
    """What the parser makes of the bytes that have come so far."""

    def __init__(self, most_bytes: int) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = bytearray()
        self.has_come = False
        self.is_whole = False
        self.keeps_line = False
        self._most_bytes = most_bytes
        self._head_bytes = 0
        self._is_in_head = True
        self._parser = httptools.HttpResponseParser(self)

    def hear(self, part: bytes) -> None:
        """Raises BadAnswer for what is no HTTP, or too much."""
        self._head_bytes += len(part) if self._is_in_head else 0
        try:
            self._parser.feed_data(part)
        except httptools.HttpParserError as fault:
            raise BadAnswer("not HTTP") from fault
        if len(self.body) > self._most_bytes or (self._is_in_head and self._head_bytes > MOST_HEAD_BYTES):
            raise BadAnswer("too large")

    def on_message_begin(self) -> None:
        self.is_whole = False  # something behind the answer: nobody asked for it, and the line is not used again

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.has_come:
            return
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        self.headers[key] = f"{self.headers[key]}, {text}" if key in self.headers else text

    def on_headers_complete(self) -> None:
        if not self.has_come:
            self.status = self._parser.get_status_code()
            self._is_in_head = self.status < _FIRST_SUCCESS
            self.keeps_line = self._parser.should_keep_alive()

    def on_body(self, part: bytes) -> None:
        self.body += part if not self.has_come else b""

    def on_message_complete(self) -> None:
        if self._is_in_head:  # "go on", and the answer is still to come
            self.headers.clear()
            return
        self.is_whole, self.has_come = not self.has_come, True
