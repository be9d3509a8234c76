"""The short way to the few routes that every checkout takes.

The web framework spends ten times the work of these routes on finding them and on reading their parameters. Here both
are done by hand, for requests of which nothing is odd. Whatever is odd goes the whole way with its body unread, so what
is refused is refused there, in the same words: no check is made here that could be forgotten there.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kernel.errors import KnownError
from services.adapters.wechat_pay.notice import MAX_NOTICE_BYTES
from services.http.limits import ZIPPED_FROM, ZIPPED_HOW
from services.http.problem import Problem, document, problem_of
from services.http.shop import orders, payments, quotes
from services.http.shop.answer import MAX_BODY_BYTES
from services.http.shop.session import Buyer
from services.http.shop.shapes import ID_PATTERN, OrderBody, QuoteBody
from services.http.shop.storefront import PHONE_HEADER, Storefront, counted_phone, token_of
from services.http.wechat import notify

_PREFIX = "/shop/v1/"
_ID = re.compile(ID_PATTERN)
_KEY = re.compile(orders.KEY_PATTERN)
_PHONE = PHONE_HEADER.lower().encode()
_ONCE = frozenset(
    (b"authorization", b"content-type", b"content-length", b"idempotency-key", b"accept-language", _PHONE)
) | {name.encode() for name in notify.KEPT_HEADERS}
_CHUNKED = b"transfer-encoding"
_PLAIN = (b"x-content-type-options", b"nosniff")
_PRIVATE = (b"cache-control", b"no-store")
"""What ``limits.PlainAnswers`` says of every answer, and of every private one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of which nothing is odd. ``id`` is the order's, where the path names one."""

    headers: Mapping[bytes, bytes]
    buyer: Buyer
    id: str = ""
    body: Any = None

    @property
    def language(self) -> str:
        return self.headers.get(b"accept-language", b"").decode("latin-1")

    @property
    def key(self) -> str:
        return self.headers[b"idempotency-key"].decode("latin-1")


@dataclass(frozen=True, slots=True)
class Way:
    """One route: what its body must be, whether it needs a key, and who answers."""

    answer: Callable[[Storefront, Asked], Awaitable[Response]]
    body: type[BaseModel] | None = None
    has_key: bool = False


_QUOTE = Way(lambda front, asked: quotes.quote(front, asked.buyer, asked.body, asked.language), QuoteBody)
_PLACE = Way(lambda front, asked: orders.place(front, asked.buyer, asked.key, asked.body), OrderBody, has_key=True)
_PAY = Way(lambda front, asked: payments.pay(front, asked.buyer, asked.id))
_LOOK = Way(lambda front, asked: orders.order(front, asked.buyer, asked.id))


class Odd(Exception):
    """Something that only the whole way knows how to judge."""


class ShortWay:
    """Middleware around the application and all that it does for every request."""

    def __init__(self, app: ASGIApp, front: Storefront) -> None:
        self._app = app
        self._front = front

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _is_notice(scope):
            await self._noticed(scope, receive, send)
            return
        found = _found(scope)
        if found is None:
            await self._app(scope, receive, send)
            return
        way, order_id = found
        heard: list[Message] = []
        try:
            asked = await self._asked(way, order_id, scope, _heard(receive, heard))
        except Odd:
            await self._app(scope, _again(receive, heard), send)
            return
        response = await self._answered(way, asked, scope)
        response.raw_headers += (_PLAIN, _PRIVATE)
        zips = len(response.body) >= ZIPPED_FROM
        await (GZipMiddleware(response, ZIPPED_FROM, ZIPPED_HOW) if zips else response)(scope, receive, send)

    async def _noticed(self, scope: Scope, receive: Receive, send: Send) -> None:
        heard: list[Message] = []
        try:
            headers = _headers(scope)
            body = await _body(headers, _heard(receive, heard), MAX_NOTICE_BYTES)
        except Odd:
            await self._app(scope, _again(receive, heard), send)
            return
        try:
            response = await notify.take(self._front.service, _signature(headers), body)
        except (Problem, KnownError) as error:
            response = document(problem_of(error), _text(headers, b"accept-language"))
        response.raw_headers.append(_PLAIN)
        await response(scope, receive, send)

    async def _asked(self, way: Way, order_id: str, scope: Scope, receive: Receive) -> Asked:
        headers = _headers(scope)
        token = token_of(headers.get(b"authorization", b"").decode("latin-1"))
        buyer = self._front.sessions.known(token, self._front.now())
        if buyer is None or (way.has_key and _KEY.fullmatch(_text(headers, b"idempotency-key")) is None):
            raise Odd
        body = await _body(headers, receive)
        return Asked(headers, buyer, order_id, None if way.body is None else _fitting(way.body, headers, body))

    async def _answered(self, way: Way, asked: Asked, scope: Scope) -> Response:
        try:
            self._count(asked, scope)
            return await way.answer(self._front, asked)
        except (Problem, KnownError) as error:
            return document(problem_of(error), asked.language)

    def _count(self, asked: Asked, scope: Scope) -> None:
        limits, client = self._front.limits, scope.get("client")
        limits.check_address("address", client[0] if client else "", limits.rates.address)
        limits.check_phone("phone", counted_phone(_text(asked.headers, _PHONE)), limits.rates.phone)
        limits.check("buyer", asked.buyer.id, limits.rates.buyer)


def _is_notice(scope: Scope) -> bool:
    is_there = scope["type"] == "http" and scope["path"] == notify.PATH
    return is_there and scope["method"] == "POST" and not scope["query_string"]


def _found(scope: Scope) -> tuple[Way, str] | None:
    if scope["type"] != "http" or scope["query_string"] or not scope["path"].startswith(_PREFIX):
        return None
    rest = scope["path"][len(_PREFIX) :]
    if scope["method"] == "POST":
        if rest == "quotes":
            return _QUOTE, ""
        if rest == "orders":
            return _PLACE, ""
        order_id = rest.removeprefix("orders/").removesuffix("/pay")
        return (_PAY, order_id) if rest == f"orders/{order_id}/pay" and _ID.fullmatch(order_id) else None
    if scope["method"] == "GET" and rest.startswith("orders/"):
        order_id = rest.removeprefix("orders/")
        return (_LOOK, order_id) if _ID.fullmatch(order_id) else None
    return None


def _headers(scope: Scope) -> dict[bytes, bytes]:
    """By name; raises Odd for one that counts and is there twice, and for a body of unknown size."""
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in found and name in _ONCE or name == _CHUNKED:
            raise Odd
        found[name] = value
    return found


def _signature(headers: Mapping[bytes, bytes]) -> dict[str, str]:
    """What WeChat says of its notice, as ``notify.kept`` finds it."""
    found = ((name, headers.get(name.encode())) for name in notify.KEPT_HEADERS)
    return {name: value.decode("latin-1") for name, value in found if value is not None}


def _text(headers: Mapping[bytes, bytes], name: bytes) -> str:
    return headers.get(name, b"").decode("latin-1")


async def _body(headers: Mapping[bytes, bytes], receive: Receive, most: int = MAX_BODY_BYTES) -> bytes:
    promised = headers.get(b"content-length", b"0")
    if not promised.isdigit() or int(promised) > most:
        raise Odd
    parts, is_over = [], False
    while not is_over:
        message = await receive()
        if message["type"] != "http.request":
            raise Odd
        parts.append(message.get("body", b""))
        is_over = not message.get("more_body", False)
    return b"".join(parts)


def _fitting(kind: type[BaseModel], headers: Mapping[bytes, bytes], body: bytes) -> BaseModel:
    if headers.get(b"content-type") not in (b"application/json", b"application/json; charset=utf-8"):
        raise Odd
    try:
        return kind.model_validate(json.loads(body))
    except (ValidationError, ValueError, RecursionError) as error:
        raise Odd from error


def _heard(receive: Receive, heard: list[Message]) -> Receive:
    """Keeps what was heard."""

    async def keeping() -> Message:
        message = await receive()
        heard.append(message)
        return message

    return keeping


def _again(receive: Receive, heard: list[Message]) -> Receive:
    """Says once more what was heard, and then goes on."""
    left = list(reversed(heard))

    async def repeating() -> Message:
        return left.pop() if left else await receive()

    return repeating
