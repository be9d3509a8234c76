"""The service's HTTP application, put together from its routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from fastapi import FastAPI
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.gzip import GZipMiddleware

from services.http import health, supervisor
from services.http.auth import DESKTOP_RATE, KnownDesktops, device_guard
from services.http.buckets import Buckets, Rate
from services.http.front import VERSION
from services.http.limits import ZIPPED_FROM, ZIPPED_HOW, BodyLimit, PlainAnswers
from services.http.poke import FeedWatch, PokeHub
from services.http.problem import answer_with_documents
from services.http.service import Service
from services.http.shop import routes as shop
from services.http.shop.storefront import Storefront
from services.http.short_way import ShortWay
from services.http.sync import accounts, machines, media
from services.http.sync import routes as sync
from services.http.turned_away import Known, TurnedAway
from services.http.wechat import notify as wechat

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

THREADS = 24
"""More would only take turns at the same processor and keep memory: requests beyond them wait in line for nothing."""


def create_app(
    service: Service, secrets: tuple[str, ...] = (), hub: PokeHub | None = None, desktop_rate: Rate = DESKTOP_RATE
) -> "Application":
    """The application; ``secrets`` are the tokens of ``/supervisor``, and ``hub`` is closed by whoever gave it."""
    pokes, front = hub or PokeHub(), shop.storefront_of(service)
    service.executor.on_commit(pokes.on_commit)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        watch = None if service.store.is_sqlite else _watch(service, pokes, front)
        if watch is not None:
            watch.start()
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        yield
        pokes.close()
        if watch is not None:
            watch.close()

    # The interface is described in docs; a description made by the framework would show the routes to everybody.
    app = Application(title="Zhanggui", version=VERSION, lifespan=lifespan, openapi_url=None)
    desktops = KnownDesktops()
    surround(app, front, desktops.known)
    app.include_router(health.router())
    app.include_router(supervisor.router(service, secrets))
    guard = device_guard(service.store, Buckets(service.clock), desktop_rate, desktops)
    app.include_router(sync.router(service, pokes, guard))
    app.include_router(media.router(service, guard))
    app.include_router(machines.router(service, guard))
    app.include_router(accounts.router(service, guard))
    app.include_router(shop.router(front))
    app.include_router(wechat.router(service))
    return app


def _watch(service: Service, pokes: PokeHub, front: Storefront) -> FeedWatch:
    own = service.store
    return FeedWatch(own, pokes, service.executor.tell, lambda: own.writer_pid, front.limits.shared())


class Application(FastAPI):
    """The framework's application behind the short way, which spares it and all its layers; ``surround`` lays it."""

    short_way: "ASGIApp | None" = None

    def __init__(self, **how: Any) -> None:
        """An address with one slash too many is none: the framework would send its caller to any host it names."""
        super().__init__(**{"redirect_slashes": False, **how})

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if self.short_way is not None and scope["type"] == "http":
            await self.short_way(scope, receive, send)
        else:
            await self.whole_way(scope, receive, send)

    async def whole_way(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        await super().__call__(scope, receive, send)


def surround(app: Application, front: Storefront, *known: Known) -> None:
    """What holds for all routes of ``app``, the last one first; ``known`` are tokens beside the buyers'."""
    app.add_middleware(GZipMiddleware, minimum_size=ZIPPED_FROM, compresslevel=ZIPPED_HOW)
    app.add_middleware(BodyLimit)
    app.add_middleware(PlainAnswers)
    answer_with_documents(app)
    bugs: Any = app.exception_handlers[Exception]
    whole = ServerErrorMiddleware(ShortWay(app.whole_way, front), bugs)
    rates = front.limits.rates
    app.short_way = TurnedAway(
        whole, front.service.clock, (rates.refused, rates.refused_token), (front.sessions.whose, *known)
    )
