"""How a signed request travels to WeChat Pay and its answer comes back; nothing is believed here."""

import asyncio
import re
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus

import httpx

from services.adapters.lines import Lines
from services.adapters.wechat_pay.config import WechatPayConfig
from services.adapters.wechat_pay.gateway import Doubt, Unknown

MAX_ANSWER_BYTES = 1024 * 1024
MOST_URLS = 8
"""Every payment is asked for at the same address; reading one takes a tenth of a request."""
MOST_WAITING = 256
"""So many may wait for a silent WeChat at once before others wait for them."""
_REQUEST_ID = re.compile(r"[\w.-]{1,128}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Request:
    """``target`` is path and query, already percent-encoded."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer as it came; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def request_id(self) -> str:
        """By which WeChat's support finds it; it goes to the log, so anything else is none."""
        told = self.headers.get("request-id", "")
        return told if _REQUEST_ID.fullmatch(told) is not None else ""

    @property
    def is_success(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class Wire:
    """Kept connections to one host. Safe to use from several threads; ``transport`` stands in for the network.

    The library's client would look for cookies, redirects and passwords around each request, for half of its time:
    here is one host that sends none of them.
    """

    def __init__(self, config: WechatPayConfig, transport: httpx.BaseTransport | None) -> None:
        self._timeout_s = config.timeout_seconds
        self._host = config.host.rstrip("/")
        self._url = lru_cache(MOST_URLS)(httpx.URL)
        self._timeouts = {"timeout": httpx.Timeout(config.timeout_seconds).as_dict()}
        self._lines = Lines(config.host, is_loopback=config.is_loopback, most=MOST_WAITING, transport=transport)
        self._waiting = ThreadPoolExecutor(MOST_WAITING, "wechat-pay")

    def cut(self) -> None:
        """Every question that waits stays without an answer, and so does every one from now on."""
        self._lines.cut()

    def close(self) -> None:
        self._waiting.shutdown()
        self._lines.close()

    def send(self, request: Request) -> Raw | Unknown:
        try:
            return self._receive(
                httpx.Request(
                    request.method,
                    self._url(self._host + request.target),
                    content=request.body or None,
                    headers=dict(request.headers),
                    extensions=self._timeouts,
                )
            )
        except (httpx.ConnectError, httpx.ConnectTimeout) as fault:
            return Unknown(Doubt.NO_CONNECTION, type(fault).__name__)
        except httpx.HTTPError as fault:
            return Unknown(Doubt.NO_ANSWER, type(fault).__name__)

    async def send_soon(self, request: Request) -> Raw | Unknown:
        """The same for whoever must not wait in a loop: threads of its own wait, made when there are too few."""
        return await asyncio.get_running_loop().run_in_executor(self._waiting, self.send, request)

    def _receive(self, request: httpx.Request) -> Raw | Unknown:
        ends_at = time.monotonic() + self._timeout_s
        response = self._lines.transport.handle_request(request)
        body = bytearray()
        try:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    return Unknown(Doubt.UNREADABLE, "too large")
                if time.monotonic() > ends_at:
                    raise httpx.ReadTimeout("the answer trickles", request=request)
        finally:
            response.close()
        return Raw(response.status_code, _headers(response.headers.raw), bytes(body))


def _headers(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """One that is there more than once is the list of all that it says."""
    found: dict[str, str] = {}
    for name, value in raw:
        key, told = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {told}" if key in found else told
    return found
