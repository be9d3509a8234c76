"""The storefront at /shop/v1, whole."""

from functools import cache
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.openapi.utils import get_openapi

from services.http.service import Service
from services.http.shop import cart, catalog, endings, events, login, media, orders, payments, pickup, quotes
from services.http.shop.answer import bytes_answer, json_bytes
from services.http.shop.catalog_cache import CatalogCache
from services.http.shop.limits import Limits, Rates
from services.http.shop.storefront import Storefront, phone_of, provide

PREFIX = "/shop/v1"
PARTS = (login, catalog, cart, quotes, orders, payments, pickup, endings, events)


def storefront_of(service: Service, rates: Rates | None = None) -> Storefront:
    """The service as buyers see it; its caches listen to the service's commits."""
    cache = CatalogCache(service.clock)
    service.executor.on_commit(cache.on_commit)
    return Storefront(service, Limits(service.clock, rates or Rates()), cache)


def router(storefront: Storefront) -> APIRouter:
    """All routes of the mini-program."""
    whole = _whole([Depends(provide(storefront))])
    described = cache(lambda: json_bytes(description()))  # made when somebody asks: it takes as long as all the rest
    whole.add_api_route("/openapi.json", lambda: bytes_answer(described()), methods=["GET"], include_in_schema=False)
    return whole


def description() -> dict[str, Any]:
    """What the mini-program's programmers read: the storefront's routes and nothing else of the service."""
    routes = _whole([Depends(phone_of)]).routes
    return get_openapi(title="掌柜 storefront", version="1.0.0", openapi_version="3.1.0", routes=routes)


def _whole(dependencies: list[Any]) -> APIRouter:
    whole = APIRouter(dependencies=dependencies)
    for part in PARTS:
        whole.include_router(part.ROUTES, prefix=PREFIX)
    whole.include_router(media.ROUTES)
    return whole
