"""Kept connections to one host, and one plain HTTP/1.1 question after the other over them.

Who holds a thread waits in it, and who is asked in an event loop waits there: the talk itself is the same one.
"""

import asyncio
import select
import socket
import ssl
import time
from collections import deque
from collections.abc import Generator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import httptools

IDLE_S = 5.0
"""A connection that was quiet for longer may have been given up on the way, without a word."""
MOST_HEAD_BYTES = 64 * 1024
_CHUNK = 64 * 1024
_FIRST_SUCCESS = 200
Talk = Generator[bytes, bytes, None]
"""Yields what is to be sent; b"" asks for what comes, which is sent in: b"" at its end."""


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


class _Secrecy:
    """TLS between what is said and what travels."""

    def __init__(self, context: ssl.SSLContext, host: str) -> None:
        self._coming, self._going = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._veil = context.wrap_bio(self._coming, self._going, server_hostname=host)

    def greeted(self) -> Talk:
        while True:
            try:
                self._veil.do_handshake()
                break
            except ssl.SSLWantReadError:
                yield from self._travelled()
        if self._going.pending:
            yield self._going.read()

    def asked(self, question: bytes, answer: "_Answer") -> Talk:
        self._veil.write(question)
        yield self._going.read()
        while not answer.has_come:
            try:
                part = self._veil.read(_CHUNK)
            except ssl.SSLWantReadError:
                yield from self._travelled()
                continue
            if not part:
                raise EOFError("the connection ended before the answer")
            answer.hear(part)

    def _travelled(self) -> Talk:
        if self._going.pending:
            yield self._going.read()
        part = yield b""
        if not part:
            raise EOFError("the connection ended before the answer")
        self._coming.write(part)


def _asked_openly(question: bytes, answer: "_Answer") -> Talk:
    yield question
    while not answer.has_come:
        part = yield b""
        if not part:
            raise EOFError("the connection ended before the answer")
        answer.hear(part)


class _Line:
    """An open connection and since when nobody has used it."""

    def __init__(self, link: socket.socket, secrecy: _Secrecy | None) -> None:
        self.link = link
        self.secrecy = secrecy
        self.idle_since = 0.0

    def is_usable(self, idle_s: float) -> bool:
        """Not when the other side has said something unasked: that is its goodbye."""
        return time.monotonic() - self.idle_since <= idle_s and not _has_spoken(self.link)

    def asked(self, question: bytes, answer: "_Answer") -> Talk:
        if self.secrecy is None:
            return _asked_openly(question, answer)
        return self.secrecy.asked(question, answer)


def _has_spoken(link: socket.socket) -> bool:
    """Where there is a poll it is taken: select knows no handles above a thousand."""
    if not hasattr(select, "poll"):  # Windows, whose select knows all
        return bool(select.select([link], [], [], 0)[0])
    asked = select.poll()
    asked.register(link, select.POLLIN)
    return bool(asked.poll(0))


def _held(link: socket.socket, talk: Talk, timeout_s: float) -> None:
    """Lets a talk happen while this thread waits."""
    ends_at = time.monotonic() + timeout_s
    heard: bytes | None = None
    with suppress(StopIteration):
        while True:
            said = talk.send(heard)  # type: ignore[arg-type]  # a talk begins with None
            left = ends_at - time.monotonic()
            if left <= 0:
                raise TimeoutError("the answer trickles")
            link.settimeout(left)
            heard = b""
            if said:
                link.sendall(said)
            else:
                heard = link.recv(_CHUNK)


async def _followed(link: socket.socket, talk: Talk, timeout_s: float) -> None:
    """The same while the loop goes on."""
    loop = asyncio.get_running_loop()
    link.setblocking(False)
    heard: bytes | None = None
    with suppress(StopIteration):
        async with asyncio.timeout(timeout_s):
            while True:
                said = talk.send(heard)  # type: ignore[arg-type]  # a talk begins with None
                heard = b""
                if said:
                    await loop.sock_sendall(link, said)
                else:
                    heard = await loop.sock_recv(link, _CHUNK)


class Lines:
    """Connections to one host. Safe to use from several threads; every question has one for itself."""

    def __init__(
        self, url: str, timeout_s: float, idle_s: float = IDLE_S, secrecy: ssl.SSLContext | None = None
    ) -> None:
        """``secrecy`` says whom to trust; without one it is whom the HTTP library trusts."""
        parts = urlsplit(url)
        self._is_secure = parts.scheme == "https"
        self._place = (str(parts.hostname), parts.port or (443 if self._is_secure else 80))
        self._host = parts.netloc
        self._timeout_s = timeout_s
        self._idle_s = idle_s
        self._idle: deque[_Line] = deque()
        self._secrecy = secrecy
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
        line, answer = self._kept() or self._opened(), _Answer(most_bytes)
        try:
            _held(line.link, line.asked(self._written(request), answer), self._timeout_s)
        except BaseException:
            line.link.close()
            raise
        return self._concluded(line, answer)

    async def ask_soon(self, request: Request, most_bytes: int) -> tuple[int, dict[str, str], bytes]:
        """The same for whoever holds no thread meanwhile."""
        line = self._kept()
        if line is None:
            line = await asyncio.to_thread(self._opened)
        answer = _Answer(most_bytes)
        try:
            await _followed(line.link, line.asked(self._written(request), answer), self._timeout_s)
        except BaseException:
            line.link.close()
            raise
        return self._concluded(line, answer)

    def _concluded(self, line: _Line, answer: "_Answer") -> tuple[int, dict[str, str], bytes]:
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
        except OSError as fault:
            raise NoLine(type(fault).__name__) from fault
        try:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            secrecy = _Secrecy(self._whom_to_trust(), self._place[0]) if self._is_secure else None
            if secrecy is not None:
                _held(link, secrecy.greeted(), self._timeout_s)
        except (OSError, EOFError) as fault:
            link.close()
            raise NoLine(type(fault).__name__) from fault
        return _Line(link, secrecy)

    def _whom_to_trust(self) -> ssl.SSLContext:
        if self._secrecy is None:
            import httpx  # reading them takes a while, and a stand-in speaks in the open

            self._secrecy = httpx.create_ssl_context()
        return self._secrecy

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
