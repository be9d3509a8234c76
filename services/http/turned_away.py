"""Whoever sends what is refused, over and over, is told to wait before anybody reads on.

A refusal costs the shop more than it costs a stranger: a body is read, a route is found, a token is looked up. So
refusals are counted, by whom a known token stands for, else by the address they come from, and too many of them close
the door for a moment. A neighbour with a token that is known here goes on meanwhile.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from math import ceil

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kernel.clock import Clock
from services.http.buckets import Buckets, Rate, is_loopback, neighbourhood
from services.http.problem import TOO_OFTEN, Problem, document

_COUNTED = range(400, 500)
_DECIDED = frozenset((409, 410, 429))
"""Refusals by the shop's rules and by other limits: they are counted where they are made."""
_PICTURES = ("/media/", "/sync/v1/media/")
"""A page may show many pictures that are gone, or not here yet; each was counted as a request of its asker."""
_MOST_CLOSED = 10_000
_PLAIN = (b"x-content-type-options", b"nosniff")
Known = Callable[[str, datetime], str | None]
"""For whom a token stands, if that is known without looking it up."""


class TurnedAway:
    """Middleware around everything else. Used by the event loop only.

    ``rates`` are how many refusals an address and a token may have; ``known`` are asked in turn.
    """

    def __init__(self, app: ASGIApp, clock: Clock, rates: tuple[Rate, Rate], known: Iterable[Known]) -> None:
        self._app = app
        self._rates = dict(zip(("address", "token"), rates, strict=True))
        self._clock = clock
        self._known = tuple(known)
        self._buckets = Buckets(clock)
        self._closed: dict[tuple[str, str], datetime] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._closed:
            wait_s = self._wait_s(scope)
            if wait_s:
                await _wait(scope, wait_s)(scope, receive, send)
                return

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in _COUNTED:
                self._count(scope, message["status"])
            await send(message)

        await self._app(scope, receive, watched)

    def _wait_s(self, scope: Scope) -> int:
        """For how many seconds the door is closed for this one."""
        key = self._key(scope)
        ends_at = self._closed.get(key)
        if ends_at is None:
            return 0
        left = (ends_at - self._clock.now()) / timedelta(seconds=1)
        if left <= 0:
            del self._closed[key]
        return max(0, ceil(left))

    def _count(self, scope: Scope, status: int) -> None:
        if status in _DECIDED or (status == 404 and scope["path"].startswith(_PICTURES)):
            return
        key = self._key(scope)
        kind, who = key
        if kind == "address" and is_loopback(who):  # a tunnel's, or the shop's own
            return
        wait_s = self._buckets.take(kind, who, self._rates[kind])
        if wait_s:
            if len(self._closed) >= _MOST_CLOSED:
                del self._closed[next(iter(self._closed))]
            self._closed[key] = self._clock.now() + timedelta(seconds=wait_s)

    def _key(self, scope: Scope) -> tuple[str, str]:
        token = _token(scope)
        if token:
            now = self._clock.now()
            for known in self._known:
                who = known(token, now)
                if who is not None:
                    return "token", who
        client = scope.get("client")
        return "address", neighbourhood(client[0] if client else "")


def _token(scope: Scope) -> str:
    scheme, _, token = _header(scope, b"authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _header(scope: Scope, wanted: bytes) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == wanted), "")


def _wait(scope: Scope, seconds: int) -> ASGIApp:
    language = _header(scope, b"accept-language")
    response = document(Problem(TOO_OFTEN, {"seconds": seconds}, {"Retry-After": str(seconds)}), language)
    response.raw_headers.append(_PLAIN)
    return response
