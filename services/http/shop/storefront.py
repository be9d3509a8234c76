"""What the routes of the storefront share, and the dependencies by which they ask for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.http.problem import Problem
from services.http.service import Service
from services.http.shop import codes
from services.http.shop.catalog_cache import CatalogCache
from services.http.shop.limits import Limits
from services.http.shop.session import Buyer, find_buyer

_BEARER = HTTPBearer(auto_error=False, description="The token that POST /shop/v1/login answered.")
MAX_TOKEN_SIGNS = 128


@dataclass(frozen=True, slots=True)
class Storefront:
    """The service as buyers see it."""

    service: Service
    limits: Limits
    catalog: CatalogCache

    def now(self) -> datetime:
        return self.service.clock.now()


def provide(storefront: Storefront) -> Callable[[Request], None]:
    """The router's first dependency: counts the address and hands the storefront to the routes."""

    def hand_over(request: Request) -> None:
        storefront.limits.check_address("address", address_of(request), storefront.limits.rates.address)
        request.state.storefront = storefront

    return hand_over


def address_of(request: Request) -> str:
    return request.client.host if request.client is not None else ""


def _storefront(request: Request) -> Storefront:
    found: Storefront = request.state.storefront
    return found


Front = Annotated[Storefront, Depends(_storefront)]


def _buyer(front: Front, bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]) -> Buyer:
    if bearer is None or not 0 < len(bearer.credentials) <= MAX_TOKEN_SIGNS:
        raise Problem(codes.SESSION_UNKNOWN, headers={"WWW-Authenticate": "Bearer"})
    with front.service.store.reading() as database:
        buyer = find_buyer(database, bearer.credentials, front.now())
    if buyer is None:
        raise Problem(codes.SESSION_UNKNOWN, headers={"WWW-Authenticate": "Bearer"})
    front.limits.check("buyer", buyer.id, front.limits.rates.buyer)
    return buyer


def _buyer_if_any(
    front: Front, bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]
) -> Buyer | None:
    return None if bearer is None else _buyer(front, bearer)


CurrentBuyer = Annotated[Buyer, Depends(_buyer)]
MaybeBuyer = Annotated[Buyer | None, Depends(_buyer_if_any)]
"""Whoever asks; a token that is sent must be a valid one."""
