"""All of the service that stands behind its door: the ways to the outside, the routes, the threads that work alone.

It is neither imported nor made before the door can answer: it takes longer than claiming the shop and starting its
writer, and nobody who asks whether the service is there should have to wait for it.
"""

import gc
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from app.domain.row import Audience
from app.domain.settings import read_settings
from app.tables.view import SqlView
from services.accounts.kept import KeptAccount, Where
from services.accounts.sf import SF, real_sf
from services.accounts.wechat import WECHAT, real_wechat
from services.http.poke import PokeHub
from services.http.service import Service
from services.light import load_fastapi, load_httpx, spare_old_models
from services.settings import Place

if TYPE_CHECKING:
    from fastapi import FastAPI

    from services.adapters.sf.client import SfClient
    from services.adapters.wechat_mini import WechatMiniClient
    from services.adapters.wechat_pay.client import WechatPayClient
    from services.jobs.worker import Worker


PATIENCE_S = 0.7
"""So long an answer from the outside is waited for at a stop: a healthy one comes sooner."""


class Door(Protocol):
    """A way to the outside."""

    def cut(self) -> None: ...


class Behind:
    """Made once by ``make``, from any thread; ``close`` ends it after that, whole or not.

    Raises KnownError at once when a demo shop finds a real account beside it. ``tokens`` are those of ``/supervisor``;
    ``restart`` ends the service when somebody starts it anew, and says whether that is so.
    """

    def __init__(
        self, service: Service, place: Place, port: int, tokens: tuple[str, ...], restart: Callable[[], bool]
    ) -> None:
        with service.store.reading() as database:
            self._is_demo = read_settings(SqlView(database, Audience)).is_demo
        where = Where(place.data)
        self._wechat = KeptAccount(WECHAT, where, service.clock, is_demo=self._is_demo, restart=restart)
        self._sf = KeptAccount(SF, where, service.clock, is_demo=self._is_demo, restart=restart)
        if self._is_demo:
            self._wechat.read()  # says so, should there be a real account beside it
            self._sf.read()
        self.hub = PokeHub()
        self._service = replace(service, wechat_account=self._wechat, carrier_account=self._sf)
        self._place = place
        self._port = port
        self._tokens = tokens
        self._made = ExitStack()
        self._doors: list[Door] = []
        self._workers: list[Worker] = []

    def make(self) -> "FastAPI":
        """The routes, with all that they reach at work. Raises what keeps it from that."""
        load_httpx()
        spare_old_models()
        load_fastapi()
        from services.http.app import create_app
        from services.http.shop import events, session
        from services.jobs.number_work import number_workers, tell_carriers
        from services.jobs.outside import Outside
        from services.jobs.payment_work import payment_work
        from services.jobs.upkeep import forgetting, trimming
        from services.jobs.worker import Worker

        whole = self._with_outside()
        app = create_app(whole, self._tokens, self.hub)
        store, executor, clock = whole.store, whole.executor, whole.clock
        outside = Outside(store, executor, clock, whole.pay)
        tell_carriers(outside, whole.carriers)
        handlers, timers = payment_work(outside)
        timers.append(trimming(executor, clock))
        timers.append(forgetting(executor, clock, session.forget_ended, "ended sessions"))
        timers.append(forgetting(executor, clock, events.forget_old, "old visits"))
        for worker in (Worker(store, executor, clock, handlers, timers), *number_workers(outside, whole.carriers)):
            worker.start()
            self._workers.append(worker)
            self._made.callback(worker.close)
        gc.freeze()
        gc.enable()
        return app

    def end_soon(self) -> None:
        """Begin nothing more that asks the outside. May be called from any thread, and more than once."""
        for worker in self._workers:
            worker.stop()

    def hang_up(self) -> None:
        """Give up whatever waits for the outside: what was asked is asked again after the next start."""
        for door in self._doors:
            door.cut()

    def close(self) -> None:
        self.end_soon()
        ends_at = time.monotonic() + PATIENCE_S
        for worker in self._workers:
            worker.wait(max(0.0, ends_at - time.monotonic()))
        self.hang_up()
        self._made.close()

    def _with_outside(self) -> Service:
        """The doors to the outside. A demo's lead to a stand-in on this computer, and only a demo's do."""
        opened = self._made.enter_context
        pay: WechatPayClient | None
        mini: WechatMiniClient | None
        sf: SfClient | None
        if self._is_demo:
            from services.demo.carrier import pretended_sf
            from services.demo.outside import pretended_wechat

            pay, mini = opened(pretended_wechat(self._place.data, self._port, self._service.store))
            sf = opened(pretended_sf(self._service.store, self._service.clock))
        else:
            pay, mini = opened(real_wechat(self._wechat))
            sf = opened(real_sf(self._sf, self._service.clock))
        self._doors = [door for door in (pay, mini, sf) if door is not None]
        return replace(self._service, pay=pay, mini=mini, carriers={} if sf is None else {"sf": sf})
