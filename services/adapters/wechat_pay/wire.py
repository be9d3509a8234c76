"""How a signed request travels to WeChat Pay and its answer comes back; nothing is believed here."""

import asyncio
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus

import httpx

from services.adapters.wechat_pay.config import WechatPayConfig
from services.adapters.wechat_pay.gateway import Doubt, Unknown

MAX_ANSWER_BYTES = 1024 * 1024
MOST_WAITING = 256
"""So many may wait for a silent WeChat at once before others wait for them."""


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
        return self.headers.get("request-id", "")

    @property
    def is_success(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class Wire:
    """Kept connections to one host. Safe to use from several threads; ``transport`` stands in for the network."""

    def __init__(self, config: WechatPayConfig, transport: httpx.BaseTransport | None) -> None:
        self._timeout_s = config.timeout_seconds
        self._http = httpx.Client(
            base_url=config.host,
            transport=transport,
            timeout=config.timeout_seconds,
            limits=httpx.Limits(max_connections=MOST_WAITING),
            follow_redirects=False,
            trust_env=not config.is_loopback,
            verify=not config.is_loopback,  # a stand-in speaks in the open; reading the authorities takes a while
        )
        self._waiting = ThreadPoolExecutor(MOST_WAITING, "wechat-pay")

    def close(self) -> None:
        self._waiting.shutdown()
        self._http.close()

    def send(self, request: Request) -> Raw | Unknown:
        try:
            return self._receive(
                self._http.build_request(
                    request.method, request.target, content=request.body or None, headers=dict(request.headers)
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
        response = self._http.send(request, stream=True)
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
        return Raw(response.status_code, {k.lower(): v for k, v in response.headers.items()}, bytes(body))
