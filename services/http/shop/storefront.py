"""What the routes of the storefront share, and the dependencies by which they ask for it."""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.domain.row import Audience
from app.domain.settings import ShopSettings
from app.tables.kept import KeptView
from app.tables.view import SqlView
from services.http.problem import MALFORMED, Problem
from services.http.service import Service
from services.http.shop import codes
from services.http.shop.catalog_cache import CatalogCache
from services.http.shop.limits import Limits
from services.http.shop.session import Buyer, Sessions, find_session
from services.http.shop.turnstile import PAYING, Turnstile

T = TypeVar("T")
_BEARER = HTTPBearer(auto_error=False, description="The token that POST /shop/v1/login answered.")
MAX_TOKEN_SIGNS = 128
PHONE_HEADER = "Zhanggui-Phone"
PHONE_PATTERN = r"^([0-9A-Za-z_\-]{16,64})?$"
_PHONE = re.compile(PHONE_PATTERN)


@dataclass(frozen=True, slots=True)
class Storefront:
    """The service as buyers see it."""

    service: Service
    limits: Limits
    catalog: CatalogCache
    outside: Turnstile = field(default_factory=Turnstile)
    paying: Turnstile = field(default_factory=lambda: Turnstile(PAYING))
    sessions: Sessions = field(default_factory=Sessions)

    async def looked(self, work: Callable[[KeptView], T]) -> T:
        """What ``work`` makes of one snapshot; what hardly ever changes may come from the catalogue's cache.

        It may ask but little, and by keys: SQLite answers that sooner than a thread is found, while PostgreSQL has to
        be waited for: by threads of the store's own, which nobody who reads a long report can take away.
        """
        store = self.service.store
        if store.is_sqlite:
            return self._looked(work)
        return await asyncio.wrap_future(store.glance(partial(self._looked, work)))

    def _looked(self, work: Callable[[KeptView], T]) -> T:
        rows = self.catalog.rows
        with self.service.store.glancing() as database:
            return work(KeptView(database, Audience, rows))

    async def shop(self) -> ShopSettings:
        """The shop's settings for who asks nothing else."""
        known = self.catalog.known_settings()
        return known if known is not None else await self.looked(self.settings)

    def settings(self, view: SqlView) -> ShopSettings:
        """The shop's settings, made of their rows once."""
        return self.catalog.settings(view)

    def now(self) -> datetime:
        return self.service.clock.now()


async def phone_of(
    named: Annotated[
        str,
        Header(
            alias=PHONE_HEADER,
            description="The phone's own random name for itself, made once and kept; requests are counted by it.",
            json_schema_extra={"pattern": PHONE_PATTERN},
        ),
    ] = "",
) -> str:
    """By what a phone is counted: a hash of its name for itself, "" when it gives none.

    Checked here and not by the framework, which would go on to the dependencies that need what this one gives.
    """
    return counted_phone(named)


def counted_phone(named: str) -> str:
    """The same for a request that has not come through the framework; raises Problem."""
    if _PHONE.fullmatch(named) is None:
        raise Problem(MALFORMED, {"where": PHONE_HEADER, "why": "must have 16 to 64 letters and digits"})
    return hashlib.sha256(named.encode()).hexdigest() if named else ""


Phone = Annotated[str, Depends(phone_of)]


def provide(storefront: Storefront) -> Callable[[Request, str], Awaitable[None]]:
    """The router's first dependency: counts address and phone and hands the storefront to the routes."""
    limits = storefront.limits

    async def hand_over(request: Request, phone: Phone) -> None:
        limits.check_address("address", address_of(request), limits.rates.address)
        limits.check_phone("phone", phone, limits.rates.phone)
        request.state.storefront = storefront

    return hand_over


def address_of(request: Request) -> str:
    return request.client.host if request.client is not None else ""


async def _storefront(request: Request) -> Storefront:
    found: Storefront = request.state.storefront
    return found


Front = Annotated[Storefront, Depends(_storefront)]


def _buyer(front: Front, bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]) -> Buyer:
    if bearer is None or not 0 < len(bearer.credentials) <= MAX_TOKEN_SIGNS:
        raise Problem(codes.SESSION_UNKNOWN, headers={"WWW-Authenticate": "Bearer"})
    token = bearer.credentials
    buyer = front.sessions.known(token, front.now()) or _found(front, token)
    front.limits.check("buyer", buyer.id, front.limits.rates.buyer)
    return buyer


def _found(front: Storefront, token: str) -> Buyer:
    with front.service.store.reading() as database:
        session = find_session(database, token, front.now())
    if session is None:
        raise Problem(codes.SESSION_UNKNOWN, headers={"WWW-Authenticate": "Bearer"})
    front.sessions.keep(token, session)
    return session.buyer


def token_of(header: str) -> str | None:
    """The token in an Authorization header; None when it holds none."""
    scheme, _, token = header.partition(" ")
    return token if scheme.lower() == "bearer" and 0 < len(token) <= MAX_TOKEN_SIGNS else None


def _buyer_if_any(
    front: Front, bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]
) -> Buyer | None:
    return None if bearer is None else _buyer(front, bearer)


CurrentBuyer = Annotated[Buyer, Depends(_buyer)]
MaybeBuyer = Annotated[Buyer | None, Depends(_buyer_if_any)]
"""Whoever asks; a token that is sent must be a valid one."""
