"""How a signed request travels to WeChat Pay and its answer comes back; nothing is believed here."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol
from urllib.request import getproxies, proxy_bypass

import httpx

from services.adapters.wechat_pay.config import WechatPayConfig
from services.adapters.wechat_pay.gateway import Doubt, Unknown
from services.adapters.wechat_pay.lines import BadAnswer, Lines, NoLine, Request

MAX_ANSWER_BYTES = 1024 * 1024


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


class Wire(Protocol):
    """Safe to use from several threads."""

    def send(self, request: Request) -> Raw | Unknown: ...

    async def send_soon(self, request: Request) -> Raw | Unknown:
        """The same for whoever holds no thread meanwhile."""
        ...

    def close(self) -> None: ...


def wire_to(config: WechatPayConfig, transport: httpx.BaseTransport | None) -> Wire:
    """Straight to the host, or the library's way where a proxy stands between, or ``transport`` for the network."""
    host = httpx.URL(config.host).host
    is_straight = config.is_loopback or not _is_behind_proxy(host)
    return StraightWire(config) if transport is None and is_straight else LibraryWire(config, transport)


def _is_behind_proxy(host: str) -> bool:
    proxies = getproxies()
    return ("https" in proxies or "all" in proxies) and not proxy_bypass(host)


class StraightWire:
    """Over kept connections of our own: the library takes a millisecond of the processor's for each request."""

    def __init__(self, config: WechatPayConfig) -> None:
        self._lines = Lines(config.host, config.timeout_seconds)

    def close(self) -> None:
        self._lines.close()

    def send(self, request: Request) -> Raw | Unknown:
        try:
            return Raw(*self._lines.ask(request, MAX_ANSWER_BYTES))
        except (NoLine, BadAnswer, OSError, EOFError) as fault:
            return _unknown(fault)

    async def send_soon(self, request: Request) -> Raw | Unknown:
        try:
            return Raw(*await self._lines.ask_soon(request, MAX_ANSWER_BYTES))
        except (NoLine, BadAnswer, OSError, EOFError) as fault:
            return _unknown(fault)


def _unknown(fault: Exception) -> Unknown:
    match fault:
        case NoLine():
            return Unknown(Doubt.NO_CONNECTION, str(fault))
        case BadAnswer():
            return Unknown(Doubt.UNREADABLE, str(fault))
        case TimeoutError():
            return Unknown(Doubt.NO_ANSWER, "ReadTimeout")
        case _:
            return Unknown(Doubt.NO_ANSWER, type(fault).__name__)


class LibraryWire:
    """By httpx, which knows proxies."""

    def __init__(self, config: WechatPayConfig, transport: httpx.BaseTransport | None) -> None:
        self._timeout_s = config.timeout_seconds
        self._http = httpx.Client(
            base_url=config.host, transport=transport, timeout=config.timeout_seconds, follow_redirects=False
        )

    def close(self) -> None:
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
        return await asyncio.to_thread(self.send, request)

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
