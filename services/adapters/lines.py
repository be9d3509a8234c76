"""Connections to one host of the outside, which can all be cut at once.

Whoever stops must not wait for who does not answer. A thread that reads from a socket cannot be told to give up, and
closing the socket does not wake it everywhere; shutting it down does. httpx takes no connections from outside, so its
pool is given ours by its own private name; a test says so when that has changed.
"""

import errno
import select
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

MOST = 100
LOOK_S = 0.1
"""How often a connection that is still being made looks whether anybody wants it. Names are looked up by the system,
which cannot be told to stop."""
_BEGUN = (0, errno.EINPROGRESS, errno.EWOULDBLOCK)
"""The last one is Windows' word for the second."""


class Lines:
    """``transport`` is for a client; one that was given stands in for the network and cannot be cut.

    ``is_loopback`` says that a stand-in answers, in the open: reading the authorities takes a while.
    """

    def __init__(
        self, host: str, *, is_loopback: bool, most: int = MOST, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._switch = _Switch()
        self.transport = transport or self._network(host, is_loopback, most)

    def cut(self) -> None:
        """Every call that waits ends as one whose line broke, and none begins any more."""
        self._switch.cut()

    def close(self) -> None:
        self.transport.close()

    def _network(self, host: str, is_loopback: bool, most: int) -> httpx.HTTPTransport:
        limits = httpx.Limits(max_connections=most)
        if is_loopback:
            made = httpx.HTTPTransport(verify=False, trust_env=False, limits=limits)
        else:
            proxy = proxy_to(host)
            made = httpx.HTTPTransport(limits=limits, proxy=proxy)
            if proxy is not None and proxy.startswith("https:"):  # TLS within TLS is the library's own affair
                return made
        # WORKAROUND: httpx has no parameter for https://www.encode.io/httpcore/network-backends/
        pool: Any = made._pool
        pool._network_backend = self._switch
        return made


class _Switch(httpcore.NetworkBackend):
    """Makes connections and knows all that are open."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self.is_cut = False

    def cut(self) -> None:
        with self._lock:
            self.is_cut = True
            for sock in self._open:
                with suppress(OSError):  # it has just ended by itself
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)  # TLS's own would take the session from its reader

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            sock = self._connected(host, port, timeout)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        except OSError as error:
            raise httpcore.ConnectError from error
        return _Line(self, sock)

    def keep(self, sock: socket.socket) -> None:
        """Raises OSError when nobody is to be asked any more."""
        with self._lock:
            if not self.is_cut:
                self._open.add(sock)
                return
        sock.close()
        raise ConnectionAbortedError("the lines are cut")

    def close(self, sock: socket.socket) -> None:
        with self._lock:
            self._open.discard(sock)
        sock.close()

    def _connected(self, host: str, port: int, timeout: float | None) -> socket.socket:
        failed: OSError = OSError("the host has no address")
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM):
            try:
                sock = socket.socket(family, kind, protocol)
            except OSError as error:  # this computer has no such addresses
                failed = error
                continue
            self.keep(sock)
            try:
                self._connect(sock, address, timeout)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                self.close(sock)
                failed = error
            else:
                return sock
        raise failed

    def _connect(self, sock: socket.socket, address: Any, timeout: float | None) -> None:
        ends_at = None if timeout is None else time.monotonic() + timeout
        sock.setblocking(False)
        code = sock.connect_ex(address)
        if code not in _BEGUN:
            raise OSError(code, "no connection")
        with selectors.DefaultSelector() as selector:
            selector.register(sock, selectors.EVENT_WRITE)
            while not selector.select(LOOK_S):
                if self.is_cut:
                    raise ConnectionAbortedError("the lines are cut")
                if ends_at is not None and time.monotonic() > ends_at:
                    raise TimeoutError
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, "no connection")


class _Line(httpcore.NetworkStream):
    """One open connection."""

    def __init__(self, switch: _Switch, sock: socket.socket) -> None:
        self._switch = switch
        self._sock = sock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            self._sock.settimeout(timeout)
            return self._sock.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout from error
        except OSError as error:
            raise httpcore.ReadError from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            self._sock.settimeout(timeout)
            self._sock.sendall(buffer)
        except TimeoutError as error:
            raise httpcore.WriteTimeout from error
        except OSError as error:
            raise httpcore.WriteError from error

    def close(self) -> None:
        self._switch.close(self._sock)

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        plain = self._sock
        try:
            # The handshake comes once the new socket can be cut: the plain one is an empty shell from here on.
            sealed = ssl_context.wrap_socket(plain, server_hostname=server_hostname, do_handshake_on_connect=False)
            self._switch.close(plain)
            self._sock = sealed
            self._switch.keep(sealed)
            sealed.settimeout(timeout)
            sealed.do_handshake()
        except TimeoutError as error:
            self.close()
            raise httpcore.ConnectTimeout from error
        except OSError as error:
            self.close()
            raise httpcore.ConnectError from error
        return _Line(self._switch, sealed)

    def get_extra_info(self, info: str) -> Any:
        match info:
            case "ssl_object":
                return self._sock if isinstance(self._sock, ssl.SSLSocket) else None
            case "client_addr":
                return self._sock.getsockname()
            case "server_addr":
                return self._sock.getpeername()
            case "socket":
                return self._sock
            case "is_readable":
                return _is_readable(self._sock)
        return None


def _is_readable(sock: socket.socket) -> bool:
    """A kept connection in which something waits has been ended from the other side."""
    number = sock.fileno()
    if number < 0:
        return True
    if not hasattr(select, "poll"):  # Windows
        return bool(select.select([number], [], [], 0)[0])
    poll = select.poll()
    poll.register(number, select.POLLIN)
    return bool(poll.poll(0))


def proxy_to(host: str) -> str | None:
    """The proxy by which this computer reaches a host, by its environment or its system's settings."""
    place = urlsplit(host)
    known = getproxies()
    proxy = known.get(place.scheme) or known.get("all")
    if not proxy or proxy_bypass(place.netloc):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
