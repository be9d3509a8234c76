"""Whoever stops waits for nobody: lines to the outside can be cut while somebody hangs on them."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from services.adapters.lines import Lines
from services.adapters.sf.client import SfClient
from services.adapters.sf.config import SfConfig
from services.adapters.wechat_mini import LoginUnknown, MiniConfig, WechatMiniClient
from services.adapters.wechat_pay.client import WechatPayClient
from services.adapters.wechat_pay.gateway import Doubt, Unknown
from tests.services.adapters import test_sf as sf
from tests.services.adapters import test_wechat_wire as pay
from tests.support.clocks import FixedClock
from tests.support.waiting import until

SOON_S = 2.0
"""Far below every time-out of the adapters, and far above what a cut takes."""


@contextmanager
def silent(backlog: int = 8) -> Iterator[tuple[int, threading.Event]]:
    """A host that hears whoever calls, and says nothing."""
    heard, lines = threading.Event(), []
    with socket.create_server(("127.0.0.1", 0), backlog=backlog) as door:

        def listen() -> None:
            try:
                while True:
                    line, _ = door.accept()
                    lines.append(line)
                    line.recv(1)
                    heard.set()
            except OSError:
                return

        thread = threading.Thread(target=listen)
        thread.start()
        yield door.getsockname()[1], heard
        for line in lines:
            line.close()
        door.shutdown(socket.SHUT_RDWR)
    thread.join()


def cut_while(ask: Callable[[], object], cut: Callable[[], None], heard: threading.Event) -> object:
    """What ``ask`` answers whose line is cut once it has been heard."""
    answers: list[object] = []
    asking = threading.Thread(target=lambda: answers.append(ask()))
    asking.start()
    assert heard.wait(10)
    begun = time.monotonic()
    cut()
    asking.join()
    assert time.monotonic() - begun < SOON_S
    return answers[0]


@pytest.mark.warns_in_log("no answer is told there")
def test_who_waits_for_a_silent_host_is_told_at_once_that_nothing_is_known() -> None:
    with silent() as (port, heard):
        host = f"http://127.0.0.1:{port}"
        payer = WechatPayClient(pay.config(host))
        assert cut_while(lambda: payer.query("order-1"), payer.cut, heard) == Unknown(
            Doubt.NO_ANSWER, "RemoteProtocolError"
        )
        assert payer.query("order-2") == Unknown(Doubt.NO_CONNECTION, "ConnectError"), "and nobody asks any more"
        payer.dispose()
        heard.clear()
        mini = WechatMiniClient(MiniConfig("wx0123456789abcdef", "secret", host=host))
        assert isinstance(cut_while(lambda: mini.login("code"), mini.cut, heard), LoginUnknown)
        mini.dispose()
        heard.clear()
        carrier = SfClient(SfConfig("SHOP001", "word", host=host), FixedClock())
        assert not hasattr(cut_while(lambda: carrier.order(sf.PARCEL), carrier.cut, heard), "code")
        carrier.dispose()


def asked(lines: Lines, url: str) -> object:
    with httpx.Client(transport=lines.transport, timeout=30) as client:
        try:
            return client.get(url).status_code
        except httpx.HTTPError as fault:
            return type(fault)


def test_who_waits_for_a_handshake_is_told_at_once() -> None:
    with silent() as (port, heard):
        url = f"https://localhost:{port}"
        lines = Lines(url, is_loopback=True)
        assert cut_while(lambda: asked(lines, url), lines.cut, heard) is httpx.ConnectError


def test_who_waits_for_a_host_that_takes_no_call_is_told_at_once() -> None:
    """As with a pulled plug: nothing comes back, not even a refusal."""
    with ExitStack() as ended:
        door = ended.enter_context(socket.socket())
        door.bind(("127.0.0.1", 0))
        door.listen(0)
        for _ in range(4):  # the queue is full
            early = ended.enter_context(socket.socket())
            early.setblocking(False)
            early.connect_ex(door.getsockname())
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        lines, begun = Lines(url, is_loopback=True), threading.Event()

        def cut() -> None:
            until(lambda: bool(lines._switch._open), "a connection is being made")
            lines.cut()

        begun.set()
        assert cut_while(lambda: asked(lines, url), cut, begun) is httpx.ConnectError


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder(name, name, pay.KEY.public_key(), 1)
    made = made.not_valid_before(datetime.now(UTC) - timedelta(days=1))
    made = made.not_valid_after(datetime.now(UTC) + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    forms = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = tmp_path / "localhost.pem"
    file.write_bytes(made.sign(pay.KEY, hashes.SHA256()).public_bytes(forms[0]) + pay.KEY.private_bytes(*forms))
    return file


def test_a_sealed_line_carries_answers_is_kept_and_can_be_cut(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    heard, calls = threading.Event(), []

    def serve(door: socket.socket) -> None:
        try:
            while True:
                line = context.wrap_socket(door.accept()[0], server_side=True)
                calls.append("connected")
                while asked_for := line.recv(4_096):
                    if b"/silent" in asked_for:
                        heard.set()
                    else:
                        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                line.close()
        except OSError:
            return

    with socket.create_server(("localhost", 0), family=socket.AF_INET) as door:
        thread = threading.Thread(target=serve, args=(door,))
        thread.start()
        url = f"https://localhost:{door.getsockname()[1]}"
        lines = Lines(url, is_loopback=True)
        client = httpx.Client(transport=lines.transport, timeout=30)
        assert [client.get(url).text for _ in range(3)] == ["ok"] * 3
        assert calls == ["connected"]

        def wait() -> object:
            with pytest.raises(httpx.HTTPError) as fault:
                client.get(f"{url}/silent")
            return fault.type

        assert cut_while(wait, lines.cut, heard) in (httpx.ReadError, httpx.RemoteProtocolError)
        client.close()
        door.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_certificate_that_nobody_knows_is_refused(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real hosts' lines check with whom they speak."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def serve(door: socket.socket) -> None:
        try:
            context.wrap_socket(door.accept()[0], server_side=True)
        except OSError:
            return

    with socket.create_server(("localhost", 0), family=socket.AF_INET) as door:
        thread = threading.Thread(target=serve, args=(door,))
        thread.start()
        url = f"https://localhost:{door.getsockname()[1]}"
        assert asked(Lines(url, is_loopback=False), url) is httpx.ConnectError
        thread.join()


def test_a_kept_line_that_the_host_has_ended_is_made_anew() -> None:
    ended = threading.Semaphore(0)
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            for _ in range(2):
                line, _ = door.accept()
                line.recv(4_096)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                line.close()
                ended.release()

        thread = threading.Thread(target=serve)
        thread.start()
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        with httpx.Client(transport=Lines(url, is_loopback=True).transport) as client:
            for _ in range(2):
                assert client.get(url).text == "ok"
                assert ended.acquire(timeout=10)
        thread.join()


def test_an_answer_that_takes_too_long_is_given_up() -> None:
    with silent() as (port, _):
        url = f"http://127.0.0.1:{port}"
        lines = Lines(url, is_loopback=True)
        with httpx.Client(transport=lines.transport, timeout=0.05) as client, pytest.raises(httpx.ReadTimeout):
            client.get(url)


def test_an_address_of_a_kind_that_this_computer_does_not_have_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A server without IPv6 is told the IPv6 addresses of a host all the same."""
    with silent() as (port, heard):
        where = ("127.0.0.1", port)
        strange = (255, socket.SOCK_STREAM, 6, "", where)
        own = (socket.AF_INET, socket.SOCK_STREAM, 6, "", where)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_how: [strange, own])
        lines = Lines(f"http://127.0.0.1:{port}", is_loopback=True)
        cut_while(lambda: asked(lines, f"http://127.0.0.1:{port}"), lines.cut, heard)
        lines.close()
