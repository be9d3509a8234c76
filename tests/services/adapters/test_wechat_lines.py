"""The kept connections to WeChat Pay, against a server that says byte for byte what it is told to."""

import asyncio
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from services.adapters.wechat_pay.lines import BadAnswer, Lines, NoLine, Request

ASKED = Request("POST", "/v3/pay?x=%E5%BA%97", {"Accept": "application/json"}, '{"note":"店"}'.encode())
FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nRequest-ID: r1\r\nX-A: 1\r\nX-A: 2\r\n\r\n{}"
HEARD = (200, {"content-length": "2", "request-id": "r1", "x-a": "1, 2"}, b"{}")
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"


@dataclass
class Host:
    """Says one text for each question, and then keeps the line or hangs up."""

    port: int
    heard: list[bytes] = field(default_factory=list)
    connections: int = 0
    has_hung_up: threading.Event = field(default_factory=threading.Event)


def _ask_for(link: socket.socket) -> bytes:
    heard = b""
    while b"\r\n\r\n" not in heard or not heard.endswith(b"}"):
        part = link.recv(65536)
        if not part:
            return b""
        heard += part
    return heard


@contextmanager
def host(*says: tuple[bytes, bool], secrecy: ssl.SSLContext | None = None) -> Iterator[Host]:
    """``says`` are the answers in order, each with whether the line is kept afterwards."""
    answers = list(says)
    with socket.create_server(("127.0.0.1", 0)) as door:
        here = Host(door.getsockname()[1])

        def serve() -> None:
            with suppress(OSError):
                while answers:
                    plain, _ = door.accept()
                    here.connections += 1
                    with plain if secrecy is None else secrecy.wrap_socket(plain, server_side=True) as link:
                        is_kept = True
                        while is_kept and answers:
                            question = _ask_for(link)
                            if not question:
                                break
                            here.heard.append(question)
                            text, is_kept = answers.pop(0)
                            link.sendall(text)
                    here.has_hung_up.set()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield here
        finally:
            with suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
            thread.join(10)


@contextmanager
def lines_to(port: int, idle_s: float = 60.0) -> Iterator[Lines]:
    lines = Lines(f"http://127.0.0.1:{port}", 10, idle_s)
    try:
        yield lines
    finally:
        lines.close()


def test_a_question_is_asked_as_it_was_signed_and_its_answer_read() -> None:
    with host((FINE, True), (CHUNKED, True)) as here, lines_to(here.port) as lines:
        assert lines.ask(ASKED, 100) == HEARD
        assert lines.ask(ASKED, 100) == (200, {"transfer-encoding": "chunked"}, b"{}")
    head, _, body = here.heard[0].partition(b"\r\n\r\n")
    assert body == ASKED.body
    assert head.decode().split("\r\n") == [
        "POST /v3/pay?x=%E5%BA%97 HTTP/1.1",
        f"Host: 127.0.0.1:{here.port}",
        "Accept: application/json",
        f"Content-Length: {len(ASKED.body)}",
    ]
    assert here.connections == 1


def test_a_line_that_the_host_has_hung_up_is_not_asked_again() -> None:
    with host((FINE, False), (FINE, False)) as here, lines_to(here.port) as lines:
        assert lines.ask(ASKED, 100) == HEARD
        assert here.has_hung_up.wait(10)
        assert lines.ask(ASKED, 100) == HEARD
    assert here.connections == 2


def test_a_line_that_was_quiet_for_long_is_not_asked_again() -> None:
    with host((FINE, True), (FINE, True)) as here, lines_to(here.port, idle_s=0.0) as lines:
        assert [lines.ask(ASKED, 100), lines.ask(ASKED, 100)] == [HEARD, HEARD]
    assert here.connections == 2


def test_what_comes_behind_an_answer_answers_nobody_else() -> None:
    forged = FINE.replace(b"{}", b"[]")
    with host((FINE + forged, True), (FINE, True)) as here, lines_to(here.port) as lines:
        assert [lines.ask(ASKED, 100), lines.ask(ASKED, 100)] == [HEARD, HEARD]
    assert here.connections == 2


def test_a_word_to_go_on_is_not_the_answer() -> None:
    with host((b"HTTP/1.1 100 Continue\r\nX-B: 1\r\n\r\n" + FINE, True)) as here, lines_to(here.port) as lines:
        assert lines.ask(ASKED, 100) == HEARD


@pytest.mark.parametrize(
    "said",
    [b"no HTTP at all\r\n\r\n", FINE.replace(b"2\r\n", b"101\r\n", 1).replace(b"{}", b" " * 101)]
    + [b"HTTP/1.1 200 OK\r\nX-C: " + b"c" * 70_000],
    ids=["garbage", "large", "endless head"],
)
def test_what_is_no_answer_is_told_from_one(said: bytes) -> None:
    with host((said, False)) as here, lines_to(here.port) as lines, pytest.raises(BadAnswer):
        lines.ask(ASKED, 100)


@pytest.mark.parametrize("length", [0, 20, len(FINE) - 1])
def test_an_answer_that_is_cut_off_is_none(length: int) -> None:
    with host((FINE[:length], False)) as here, lines_to(here.port) as lines, pytest.raises(EOFError):
        lines.ask(ASKED, 100)


def test_a_loop_goes_on_while_an_answer_is_on_its_way() -> None:
    async def story(port: int) -> tuple[object, object]:
        with lines_to(port) as lines:
            return await lines.ask_soon(ASKED, 100), await lines.ask_soon(ASKED, 100)

    with host((FINE, True), (CHUNKED, True)) as here:
        assert asyncio.run(story(here.port)) == (HEARD, (200, {"transfer-encoding": "chunked"}, b"{}"))
    assert here.connections == 1


def _certificate(folder: Path) -> Path:
    """A certificate of this computer for itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "stand-in")])
    now, here = datetime.now(UTC), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([here]), critical=False)
    signed = made.sign(key, hashes.SHA256())
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "own.pem"
    file.write_bytes(key.private_bytes(*form) + signed.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """How the host keeps a secret, and whom one has to trust to hear it."""
    file = _certificate(tmp_path_factory.mktemp("own"))
    secrecy = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secrecy.load_cert_chain(file)
    return secrecy, file


def test_a_secret_talk_is_the_same_talk(own: tuple[ssl.SSLContext, Path]) -> None:
    secrecy, file = own
    trusting = ssl.create_default_context(cafile=file)
    long = FINE.replace(b"2\r\n", b"90000\r\n", 1).replace(b"{}", b" " * 90_000)

    async def soon(lines: Lines) -> tuple[int, dict[str, str], bytes]:
        return await lines.ask_soon(ASKED, 100_000)

    with host((FINE, True), (long, True), (FINE, True), secrecy=secrecy) as here:
        lines = Lines(f"https://127.0.0.1:{here.port}", 10, 60.0, trusting)
        assert lines.ask(ASKED, 100) == HEARD
        assert asyncio.run(soon(lines))[2] == b" " * 90_000
        assert lines.ask(ASKED, 100) == HEARD
        lines.close()
    assert [question.endswith(ASKED.body) for question in here.heard] == [True] * 3
    assert here.connections == 1


def test_a_host_that_nobody_vouches_for_is_asked_nothing(own: tuple[ssl.SSLContext, Path]) -> None:
    with host((FINE, True), secrecy=own[0]) as here:
        lines = Lines(f"https://127.0.0.1:{here.port}", 10, 60.0, ssl.create_default_context())
        with pytest.raises(NoLine):
            lines.ask(ASKED, 100)
    assert here.heard == []


def test_where_nobody_listens_nothing_was_asked() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with lines_to(port) as lines, pytest.raises(NoLine):
        lines.ask(ASKED, 100)
