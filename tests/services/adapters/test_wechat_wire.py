"""The way to WeChat Pay: by the proxy of this computer where there is one, with bounds for what comes back."""

import socket
import threading
from collections.abc import Callable, Iterator

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from services.adapters.wechat_pay.config import WechatPayConfig
from services.adapters.wechat_pay.gateway import Doubt, Unknown
from services.adapters.wechat_pay.wire import MAX_ANSWER_BYTES, Raw, Request, Wire

KEY = generate_private_key(65537, 2048)
ASKED = Request("POST", "/v3/pay/transactions/jsapi?x=%E6%96%87", {"Accept": "application/json"}, b'{"a":1}')


def config(host: str = "https://api.mch.weixin.qq.com") -> WechatPayConfig:
    return WechatPayConfig(
        appid="wx0123456789abcdef",
        mchid="1900000001",
        merchant_serial="A" * 40,
        merchant_key=KEY,
        apiv3_key=b"k" * 32,
        notify_url="https://shop.example/wechat/pay/notify",
        public_keys={"PUB_KEY_ID_01": KEY.public_key()},
        host=host,
        timeout_seconds=5,
    )


@pytest.fixture
def proxy() -> Iterator[tuple[str, list[bytes]]]:
    """A proxy that hears who is wanted and hangs up."""
    heard: list[bytes] = []
    door = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        try:
            line, _ = door.accept()
        except OSError:  # nobody came
            return
        heard.append(line.recv(4_096).split(b"\r\n")[0])
        line.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield f"127.0.0.1:{door.getsockname()[1]}", heard
    door.shutdown(socket.SHUT_RDWR)
    door.close()
    thread.join()


def test_wechat_is_reached_by_the_computers_proxy(
    proxy: tuple[str, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, heard = proxy
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("https_proxy", place)
    wire = Wire(config(), None)
    assert isinstance(wire.send(ASKED), Unknown)
    wire.close()
    assert heard == [b"CONNECT api.mch.weixin.qq.com:443 HTTP/1.1"]


def test_a_host_that_is_excepted_and_a_stand_in_are_reached_without_it(
    proxy: tuple[str, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, heard = proxy
    for scheme in ("http", "https"):
        monkeypatch.setenv(f"{scheme}_proxy", place)
    monkeypatch.setenv("no_proxy", "unreachable.invalid")
    for host in ("https://unreachable.invalid", "http://127.0.0.1:1"):
        wire = Wire(config(host), None)
        assert wire.send(ASKED) == Unknown(Doubt.NO_CONNECTION, "ConnectError")
        wire.close()
    assert heard == []


def through(answer: Callable[[httpx.Request], httpx.Response]) -> Raw | Unknown:
    wire = Wire(config(), httpx.MockTransport(answer))
    try:
        return wire.send(ASKED)
    finally:
        wire.close()


def test_what_is_asked_and_answered_goes_as_it_is() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert str(request.url) == "https://api.mch.weixin.qq.com" + ASKED.target
        assert (request.method, request.read(), request.headers["accept"]) == ("POST", ASKED.body, "application/json")
        assert request.headers["host"] == "api.mch.weixin.qq.com"
        headers = [("Request-ID", "r1"), ("Via", "a"), ("via", "b"), ("Location", "https://elsewhere.example")]
        return httpx.Response(302, headers=headers, content=b"{}")

    found = through(answer)
    assert isinstance(found, Raw)
    assert (found.status, found.body, found.request_id, found.headers["via"]) == (302, b"{}", "r1", "a, b")


def test_an_answer_without_end_is_given_up() -> None:
    found = through(lambda _: httpx.Response(200, content=b"x" * (MAX_ANSWER_BYTES + 1)))
    assert found == Unknown(Doubt.UNREADABLE, "too large")


def test_a_line_that_breaks_leaves_the_outcome_unknown() -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("gone", request=request)

    assert through(broken) == Unknown(Doubt.NO_ANSWER, "ReadError")
