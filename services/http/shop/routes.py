"""The storefront at /shop/v1, whole."""

from typing import Any

from fastapi import APIRouter, Depends
from fastapi.openapi.utils import get_openapi

from services.http.service import Service
from services.http.shop import cart, catalog, endings, events, login, orders, payments, quotes
from services.http.shop.answer import bytes_answer, json_bytes
from services.http.shop.catalog_cache import CatalogCache
from services.http.shop.limits import Limits, Rates
from services.http.shop.storefront import Storefront, phone_of, provide

PREFIX = "/shop/v1"
PARTS = (login, catalog, cart, quotes, orders, payments, endings, events)


def router(service: Service, rates: Rates | None = None) -> APIRouter:
    """All routes of the mini-program; its caches listen to the service's commits."""
    cache = CatalogCache(service.clock)
    service.executor.on_commit(cache.on_commit)
    storefront = Storefront(service, Limits(service.clock, rates or Rates()), cache)
    found = APIRouter(prefix=PREFIX, dependencies=[Depends(provide(storefront))])
    for part in PARTS:
        found.include_router(part.ROUTES)
    whole = APIRouter()
    whole.include_router(found)
    body = json_bytes(description())
    whole.add_api_route("/openapi.json", lambda: bytes_answer(body), methods=["GET"], include_in_schema=False)
    return whole


def description() -> dict[str, Any]:
    """What the mini-program's programmers read: the storefront's routes and nothing else of the service."""
    described = APIRouter(prefix=PREFIX, dependencies=[Depends(phone_of)])
    for part in PARTS:
        described.include_router(part.ROUTES)
    return get_openapi(title="掌柜 storefront", version="1.0.0", openapi_version="3.1.0", routes=described.routes)
