"""A bad network: passes whole requests to the service and, now and then, harms one in a way that networks do."""

import random
import socket
import struct
import threading
from collections import Counter
from contextlib import suppress
from enum import StrEnum
from urllib.parse import urlsplit

CHUNK = 65_536
SLOW_S = 0.05
STREAM_PATH = b"/sync/v1/poke"


class Fault(StrEnum):
    """What can happen to a request on its way."""

    REFUSED = "refused"
    REQUEST_LOST = "request_lost"
    REPLY_LOST = "reply_lost"
    RESET_MIDWAY = "reset_midway"
    SLOW = "slow"
    DOUBLED = "doubled"
    DOUBLED_LATE = "doubled_late"


FAULTS = tuple(Fault)


class BadLine:
    """Listens on a loopback port of its own. Harm is done only between ``worsen`` and ``mend``, as the seed wills."""

    def __init__(self, seed: int, share: float = 0.3) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._target = ("127.0.0.1", 0)
        self._chance = random.Random(seed)
        self._share = share
        self._is_bad = False
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._late: list[bytes] = []
        self.done: Counter[Fault] = Counter()
        self._acceptor = threading.Thread(target=self._accept, name="bad-line")
        self._acceptor.start()

    def route(self, url: str) -> str:
        """The address to use instead of ``url``."""
        parts = urlsplit(url)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 80)
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def worsen(self) -> None:
        self._is_bad = True

    def mend(self) -> None:
        self._is_bad = False

    def close(self) -> None:
        self._over.set()
        with suppress(OSError):
            socket.create_connection(self._listener.getsockname()).close()
        self._acceptor.join()
        self._listener.close()
        with self._lock:
            for end in self._open:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while not self._over.is_set():
            near, _ = self._listener.accept()
            thread = threading.Thread(target=self._serve, args=(near,), name="bad-line-request")
            self._threads.append(thread)
            thread.start()

    def _serve(self, near: socket.socket) -> None:
        with self._lock:
            self._open.add(near)
        try:
            self._carry(near)
        except OSError:
            pass  # one end went away: that is what bad lines are like
        finally:
            with self._lock:
                self._open.discard(near)
            near.close()

    def _carry(self, near: socket.socket) -> None:
        """One request and its reply, harmed or not."""
        fault = self._draw()
        if fault is Fault.REFUSED:
            return _reset(near)
        request = _request(near)
        if not request or fault is Fault.REQUEST_LOST:
            return None
        if STREAM_PATH in request.split(b"\r\n", 1)[0]:
            return self._stream(near, request)
        if fault is Fault.SLOW:
            self._over.wait(SLOW_S)
        self._deliver_late()
        reply = self._ask(request)
        if fault is Fault.DOUBLED:
            reply = self._ask(request)
        if fault is Fault.DOUBLED_LATE:
            self._late.append(request)
        if fault is Fault.REPLY_LOST:
            return None
        if fault is Fault.RESET_MIDWAY:
            near.sendall(reply[: len(reply) // 2])
            return _reset(near)
        return near.sendall(reply)

    def _draw(self) -> Fault | None:
        with self._lock:
            if not self._is_bad or self._chance.random() >= self._share:
                return None
            fault = self._chance.choice(FAULTS)
            self.done[fault] += 1
            return fault

    def _deliver_late(self) -> None:
        """A copy of an earlier request arrives after later ones were answered."""
        with self._lock:
            late, self._late = self._late, []
        for request in late:
            self._ask(request)

    def _ask(self, request: bytes) -> bytes:
        with socket.create_connection(self._target, timeout=20) as far:
            far.sendall(request)
            reply = b""
            while data := far.recv(CHUNK):
                reply += data
        return reply

    def _stream(self, near: socket.socket, request: bytes) -> None:
        """The stream of pokes runs until one side ends it."""
        with socket.create_connection(self._target) as far:
            with self._lock:
                self._open.add(far)
            watch = threading.Thread(target=_end_together, args=(near, far), name="bad-line-stream")
            self._threads.append(watch)
            watch.start()
            try:
                far.sendall(request)
                while data := far.recv(CHUNK):
                    near.sendall(data)
            finally:
                with suppress(OSError):
                    near.shutdown(socket.SHUT_RDWR)
                watch.join()
                with self._lock:
                    self._open.discard(far)


def _end_together(near: socket.socket, far: socket.socket) -> None:
    """The desktop says nothing more on this stream, so whatever comes is its end."""
    with suppress(OSError):
        near.recv(1)
    with suppress(OSError):
        far.shutdown(socket.SHUT_RDWR)


def _request(near: socket.socket) -> bytes:
    """The whole request, told to end its connection, so that the reply ends where the connection does."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = near.recv(CHUNK)
        if not chunk:
            return b""
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    length = next((int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        chunk = near.recv(CHUNK)
        if not chunk:
            return b""
        body += chunk
    return b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body


def _reset(near: socket.socket) -> None:
    """Closes as a crashed peer would: without a farewell."""
    near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if _is_windows() else "ii", 1, 0))
    near.close()


def _is_windows() -> bool:
    return hasattr(socket, "SO_EXCLUSIVEADDRUSE")
