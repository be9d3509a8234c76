"""Login of a mini-program's visitor: the one-time code from the phone becomes the visitor's openid."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Protocol

import httpx

from app.kernel.errors import KnownError
from services.adapters.lines import Lines

HOST = "https://api.weixin.qq.com"
MAX_CODE_LENGTH = 128
MAX_ANSWER_BYTES = 64 * 1024

log = logging.getLogger("http")


@dataclass(frozen=True, slots=True)
class MiniConfig:
    """The mini-program's identity; the secret is not part of the printed form."""

    appid: str
    secret: str = field(repr=False)
    host: str = HOST
    timeout_seconds: int = 10

    def __post_init__(self) -> None:
        if not (self.host.startswith("https://") or self.is_loopback):
            raise KnownError("wechat.insecure_host", "WeChat must be reached over https.")

    @property
    def is_loopback(self) -> bool:
        return self.host.startswith(("http://127.0.0.1:", "http://[::1]:"))


class LoginRefusal(StrEnum):
    """Why WeChat gave no identity."""

    CODE_INVALID = "code_invalid"
    CODE_USED = "code_used"
    TOO_OFTEN = "too_often"
    USER_BLOCKED = "user_blocked"
    MISCONFIGURED = "misconfigured"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The visitor; ``session_key`` stays on the server and is never logged."""

    openid: str
    unionid: str = ""
    session_key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class LoginRefused:
    reason: LoginRefusal
    errcode: int
    message: str


@dataclass(frozen=True, slots=True)
class LoginUnknown:
    """No usable answer. The code may be spent: the phone has to fetch a new one."""

    detail: str


class MiniProgram(Protocol):
    """WeChat's mini-program server API, as far as the shop uses it."""

    def login(self, js_code: str) -> LoggedIn | LoginRefused | LoginUnknown: ...


_BUSY = -1
_REFUSALS = {
    40029: LoginRefusal.CODE_INVALID,
    40163: LoginRefusal.CODE_USED,
    45011: LoginRefusal.TOO_OFTEN,
    40226: LoginRefusal.USER_BLOCKED,
    40013: LoginRefusal.MISCONFIGURED,
    40125: LoginRefusal.MISCONFIGURED,
    41002: LoginRefusal.MISCONFIGURED,
    41004: LoginRefusal.MISCONFIGURED,
}


class _SecretQuery(httpx.BaseTransport):
    """Puts app id and secret into the address only when it leaves.

    The protocol wants the secret in the query; added here, it is in no request object and so in no log line and no
    exception of the HTTP library.
    """

    def __init__(self, config: MiniConfig, inner: httpx.BaseTransport) -> None:
        self._config = config
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url.copy_merge_params({"appid": self._config.appid, "secret": self._config.secret})
        outgoing = httpx.Request(
            request.method, url, headers=request.headers, stream=request.stream, extensions=request.extensions
        )
        return self._inner.handle_request(outgoing)

    def close(self) -> None:
        self._inner.close()


class WechatMiniClient:
    """The real ``MiniProgram``. Blocking; safe to use from several threads; ``dispose`` ends its connections."""

    def __init__(self, config: MiniConfig, transport: httpx.BaseTransport | None = None) -> None:
        self._lines = Lines(config.host, is_loopback=config.is_loopback, transport=transport)
        self._http = httpx.Client(
            base_url=config.host,
            transport=_SecretQuery(config, self._lines.transport),
            timeout=config.timeout_seconds,
            follow_redirects=False,
        )

    def cut(self) -> None:
        """Every call that waits answers that nothing is known."""
        self._lines.cut()

    def dispose(self) -> None:
        self._http.close()

    def login(self, js_code: str) -> LoggedIn | LoginRefused | LoginUnknown:
        if not 0 < len(js_code) <= MAX_CODE_LENGTH:
            return LoginRefused(LoginRefusal.CODE_INVALID, 40029, "invalid code")
        params = {"js_code": js_code, "grant_type": "authorization_code"}
        try:
            response = self._http.get("/sns/jscode2session", params=params)
        except httpx.HTTPError as fault:
            log.warning("login: no answer, %s", type(fault).__name__)
            return LoginUnknown(type(fault).__name__)
        if response.status_code != HTTPStatus.OK or len(response.content) > MAX_ANSWER_BYTES:
            log.warning("login: status %s", response.status_code)
            return LoginUnknown(f"status {response.status_code}")
        return _read_login(response.content)


def _read_login(body: bytes) -> LoggedIn | LoginRefused | LoginUnknown:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return LoginUnknown("not JSON")
    if not isinstance(content, dict):
        return LoginUnknown("not an object")
    errcode = content.get("errcode", 0)
    if type(errcode) is not int:
        return LoginUnknown("errcode is not a number")
    if errcode == 0:
        return _read_identity(content)
    message = content.get("errmsg")
    log.info("login: errcode %s", errcode)
    if errcode == _BUSY:
        return LoginUnknown("busy")
    reason = _REFUSALS.get(errcode, LoginRefusal.OTHER)
    return LoginRefused(reason, errcode, message if isinstance(message, str) else "")


def _read_identity(content: Mapping[str, Any]) -> LoggedIn | LoginUnknown:
    openid, unionid, session_key = (content.get(name) or "" for name in ("openid", "unionid", "session_key"))
    if not (isinstance(openid, str) and isinstance(unionid, str) and isinstance(session_key, str) and openid):
        return LoginUnknown("no openid")
    return LoggedIn(openid, unionid, session_key)
