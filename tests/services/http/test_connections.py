"""Strangers at the door: a connection that becomes no request costs little and ends by itself."""

import socket
import threading
import time
from collections.abc import Iterator
from typing import ClassVar

import httpx
import pytest
import uvicorn

from services.http.connection import MOST_HEAD_BYTES, MOST_LINES, PatientProtocol
from tests.support.service import Server
from tests.support.waiting import until

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)  # nothing here asks the database
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


class Hasty(PatientProtocol):
    HEAD_S: ClassVar[float] = 0.3
    REQUEST_S: ClassVar[float] = 0.6


class Distant(PatientProtocol):
    """Takes callers for strangers, though they are on this computer."""

    HEAD_S: ClassVar[float] = 30.0
    MOST_OPEN: ClassVar[int] = 5

    def is_counted(self, address: str) -> bool:
        return True


@pytest.fixture
def port(server: Server, request: pytest.FixtureRequest) -> Iterator[int]:
    """The service's application behind a real door."""
    config = uvicorn.Config(
        server.app, http=getattr(request, "param", Hasty), log_config=None, access_log=False, timeout_keep_alive=1
    )
    with socket.create_server(("127.0.0.1", 0)) as door:
        answering = uvicorn.Server(config)
        thread = threading.Thread(target=answering.run, kwargs={"sockets": [door]})
        thread.start()
        yield door.getsockname()[1]
        server.hub.close()
        answering.should_exit = True
        thread.join()


def said(line: socket.socket) -> bytes:
    """Everything that comes until the other side hangs up."""
    line.settimeout(10)
    parts = []
    try:
        while part := line.recv(65_536):
            parts.append(part)
    except ConnectionResetError:
        parts.append(b"")
    return b"".join(parts)


def test_a_head_without_end_is_cut_off(port: int) -> None:
    """The parser joins a header's pieces, each time anew: fifty megabytes would hold everybody up for seconds."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: ")
        started, sent = time.monotonic(), 0
        try:
            while sent < 50_000_000:
                sent += line.send(b"y" * 65_536)
        except OSError:
            pass
        assert sent < 50_000_000
        assert time.monotonic() - started < 5
    assert httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).status_code == 200


def test_a_head_of_a_reasonable_size_is_read(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(HEALTH[:-2] + b"X: " + b"y" * (MOST_HEAD_BYTES // 2) + b"\r\nConnection: close\r\n\r\n")
        assert said(line).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"GET /heal",
        HEALTH[:-2],
        b"\r\n" * 100,
        b"POST /shop/v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\nabc",
        HEALTH + b"GET /heal",
    ],
    ids=["nothing", "half a line", "half a head", "empty lines", "half a body", "half of a second request"],
)
def test_who_does_not_go_on_is_hung_up_on(port: int, beginning: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(beginning)
        assert said(line).count(b"HTTP/1.1") == beginning.count(HEALTH)


def test_who_trickles_is_hung_up_on(port: int) -> None:
    """One sign at a time is no progress: the whole head has its time."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setblocking(False)
        line.send(HEALTH[:30])

        def is_over() -> bool:
            try:
                line.send(b"x")
                return line.recv(1) == b""
            except BlockingIOError:
                return False
            except OSError:
                return True

        until(is_over, "the end of a trickling line")


def test_a_line_is_used_again_and_carries_large_bodies(port: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        for _ in range(3):
            assert client.get("/healthz").status_code == 200
            assert client.put(f"/sync/v1/media/{'0' * 64}", content=b"x" * 3_000_000).status_code == 401


def test_who_hangs_up_in_the_middle_leaves_nothing_in_the_log(port: int) -> None:
    """A warning in the log would make this test red."""
    for path in ("/shop/v1/login", "/wechat/pay/notify", "/sync/v1/enrol"):
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\nabc".encode())
    assert httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).status_code == 200


@pytest.mark.warns_in_log("garbage is a warning, a few times a minute")
@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01 garbage\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: upgrade, close\r\nUpgrade: h2c\r\n\r\n",
    ],
    ids=["no HTTP", "an upgrade"],
)
def test_garbage_without_end_does_not_fill_the_log(garbage: bytes, port: int, caplog: pytest.LogCaptureFixture) -> None:
    """What the shop has to know would be pushed out of it within a minute."""
    for _ in range(3 * MOST_LINES):
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(garbage)
            said(line)
    lines = [record.getMessage() for record in caplog.records]
    assert lines and max(lines.count(sentence) for sentence in lines) <= MOST_LINES


def test_nobody_is_sent_to_a_host_that_they_name(port: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        for path in ("/shop/v1/products/", "/healthz/", "//shop/v1/shop"):
            answer = client.get(path, headers={"Host": "evil.example"})
            assert (answer.status_code, answer.headers.get("location")) == (404, None)


@pytest.mark.warns_in_log("too many lines are told there")
@pytest.mark.parametrize("port", [Distant], indirect=True)
def test_who_holds_many_lines_gets_no_more_until_one_of_them_ends(port: int) -> None:
    """A line is a file of the system: a thousand silent ones, and the shop could open none of its own."""
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(5)]
    until(lambda: Distant.opened["127.0.0.1"] == 5, "all are there")
    with socket.create_connection(("127.0.0.1", port)) as one_more:
        assert said(one_more) == b""
    held.pop().close()
    until(lambda: Distant.opened["127.0.0.1"] == 4, "one has gone")
    with socket.create_connection(("127.0.0.1", port)) as another:
        another.sendall(HEALTH.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        assert said(another).startswith(b"HTTP/1.1 200")
    for line in held:
        line.close()
    until(lambda: not Distant.opened, "nobody is counted who has gone")
