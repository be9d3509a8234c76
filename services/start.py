"""Puts the service together and runs it: beside a desktop that started it, or alone."""

import gc
import logging
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import uvicorn

from app.domain.row import Audience
from app.domain.settings import read_settings
from app.kernel import logs
from app.kernel.errors import KnownError
from app.kernel.i18n import language, render, tr
from app.tables.view import SqlView
from services import record
from services.adapters.carrier import Carrier
from services.adapters.sf.client import SfClient
from services.adapters.wechat_mini import WechatMiniClient
from services.adapters.wechat_pay.client import WechatPayClient
from services.apart import Progress
from services.carrier_account import CarrierCredentials, real_sf
from services.child import ChildConfig, read_config, tell, when_parent_is_gone
from services.credentials import Credentials, real_wechat
from services.door import listen, listen_anyhow
from services.faults import as_known, exit_code, explain
from services.http.app import VERSION, create_app
from services.http.connection import PatientProtocol
from services.http.poke import PokeHub
from services.http.service import Service
from services.http.shop import events, session
from services.jobs.number_work import number_workers, tell_carriers
from services.jobs.outside import Outside
from services.jobs.payment_work import payment_work
from services.jobs.upkeep import forgetting, trimming
from services.jobs.worker import Worker
from services.opening import Founding, opened
from services.record import Record
from services.settings import DEFAULT_HOST, DEFAULT_PORT, Place, data_folder, place_of
from services.standing import has_shop

log = logging.getLogger("http")
GRACE_S = 3


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What the command line says; None where it says nothing."""

    host: str | None = None
    port: int | None = None
    database: str | None = None
    data: str | None = None
    is_child: bool = False


def serve(options: ServeOptions) -> int:
    """Run until told to stop; answers the exit code."""
    has_log = False
    try:
        config = read_config() if options.is_child else None
        leaving = Leaving()
        if config is not None:
            when_parent_is_gone(leaving.leave)
        place = place_of(options.data, options.database)
        logs.set_up(place.logs, "service")
        has_log = True
        _run(options, place, config, leaving)
    except Exception as error:  # process entry: what nobody foresaw is written down, and told in a sentence
        known = as_known(error)
        if known is None:
            log.critical("the service met a fault and ends", exc_info=error)
        elif has_log:  # without one the same sentence would be told twice
            log.error("the service ends: %s", known, exc_info=None if known is error else error)
        return _explain(known or _fault(options), is_child=options.is_child)
    return 0


def _fault(options: ServeOptions) -> KnownError:
    return KnownError(
        "service.fault",
        "The shop's service met a fault of its own and ended. It is written down in service.log in {folder}.",
        {"folder": str(data_folder(options.data) / "logs")},
    )


def _explain(error: KnownError, *, is_child: bool) -> int:
    """Tell what is wrong to whoever started us; answers the exit code."""
    if not is_child:
        return explain(error)
    text = render(error.template, error.params, language())
    tell({"error": error.code, "detail": text, "params": error.params})
    return exit_code(error)


class Leaving:
    """The wish to stop, which may come before there is a server to be told of it."""

    def __init__(self) -> None:
        self._is_wished = False
        self._server: uvicorn.Server | None = None

    def leave(self) -> None:
        self._is_wished = True
        if self._server is not None:
            self._server.should_exit = True

    def restarting(self, *, can_restart: bool) -> Callable[[], bool]:
        """Ends a child, which its desktop starts again at once; a service that stands alone goes on."""

        def restart() -> bool:
            if can_restart:
                self.leave()
            return can_restart

        return restart

    def concerns(self, server: uvicorn.Server) -> None:
        self._server = server
        if self._is_wished:
            server.should_exit = True


def _run(options: ServeOptions, place: Place, config: ChildConfig | None, leaving: Leaving) -> None:
    host = options.host or (config.host if config else "") or DEFAULT_HOST
    port = options.port if options.port is not None else config.port if config and config.port >= 0 else DEFAULT_PORT
    take_door = listen_anyhow if config else listen
    if not has_shop(place):
        take_door(host, port).close()  # who cannot answer there founds nothing either
    with (
        opened(place, config.shop if config else Founding(), _telling(is_child=config is not None)) as service,
        take_door(host, port) as door,
    ):
        own = secrets.token_urlsafe(32)
        record.write(place.data, _record(door, own, place))
        try:
            restart = leaving.restarting(can_restart=config is not None)
            with _outside(service, place, door.getsockname()[1], restart) as whole:
                tokens = (own, config.token) if config else (own,)
                _answer(whole, door, tokens, port if config else None, leaving)
        finally:
            record.remove(place.data)


def _telling(*, is_child: bool) -> Progress:
    """How far the making of a demo shop is, for the desktop that waits for it."""

    def tell_desktop(what: str, done: int, total: int) -> None:
        tell({"progress": what, "done": done, "total": total})

    return tell_desktop if is_child else lambda *_: None


@contextmanager
def _outside(service: Service, place: Place, port: int, restart: Callable[[], bool]) -> Iterator[Service]:
    """The doors to the outside. A demo's lead to a stand-in on this computer, and only a demo's do.

    ``restart`` ends the service when somebody starts it anew, and says whether that is so.
    """
    with service.store.reading() as database:
        is_demo = read_settings(SqlView(database, Audience)).is_demo
    credentials = Credentials(place.data, service.clock, is_demo=is_demo, restart=restart)
    account = CarrierCredentials(place.data, service.clock, is_demo=is_demo, restart=restart)
    pay: WechatPayClient | None
    mini: WechatMiniClient | None
    sf: SfClient | None
    with ExitStack() as doors:
        if is_demo:
            from services.demo.carrier import pretended_sf  # a real shop has no use for them
            from services.demo.outside import pretended_wechat

            credentials.read()  # says so, should there be a real account beside it
            account.read()
            pay, mini = doors.enter_context(pretended_wechat(place.data, port, service.store))
            sf = doors.enter_context(pretended_sf(service.store, service.clock))
        else:
            pay, mini = doors.enter_context(real_wechat(credentials))
            sf = doors.enter_context(real_sf(account, service.clock))
        carriers: dict[str, Carrier] = {} if sf is None else {"sf": sf}
        whole = replace(service, pay=pay, mini=mini, credentials=credentials, carriers=carriers)
        yield replace(whole, carrier_account=account)


def _record(door: socket.socket, secret: str, place: Place) -> Record:
    host, port = door.getsockname()[:2]
    return Record(_reachable(host), port, secret, os.getpid(), place.database_name)


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


class Server(uvicorn.Server):
    """Ends the desktops' open streams before it waits for its connections."""

    def __init__(self, config: uvicorn.Config, hub: PokeHub) -> None:
        super().__init__(config)
        self._hub = hub

    def stop(self, *_: Any) -> None:
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hub.close()
        await super().shutdown(sockets)


def _answer(
    service: Service, door: socket.socket, tokens: tuple[str, ...], wanted: int | None, leaving: Leaving
) -> None:
    hub = PokeHub()
    app = create_app(service, tokens, hub)
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        log_config=None,
        ws="none",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    server = Server(config, hub)
    _stop_on_signals(server)
    outside = Outside(service.store, service.executor, service.clock, service.pay)
    tell_carriers(outside, service.carriers)
    handlers, timers = payment_work(outside)
    timers.append(trimming(service.executor, service.clock))
    timers.append(forgetting(service.executor, service.clock, session.forget_ended, "ended sessions"))
    timers.append(forgetting(service.executor, service.clock, events.forget_old, "old visits"))
    workers = [Worker(service.store, service.executor, service.clock, handlers, timers)]
    workers += number_workers(outside, service.carriers)
    for worker in workers:
        worker.start()
    try:
        gc.freeze()
        gc.enable()
        _announce(door, wanted)
        leaving.concerns(server)
        server.run(sockets=[door])
    finally:
        for worker in workers:
            worker.close()


def _stop_on_signals(server: Server) -> None:
    """The server raises a signal once more after its end; ours are in place then, so the rest is closed in order."""
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), server.stop)


def _announce(door: socket.socket, wanted: int | None) -> None:
    """``wanted`` is the shop's port, or None when nobody waits for a line that programs read."""
    host, port = door.getsockname()[:2]
    if wanted is None:
        shown = f"[{host}]" if ":" in host else host
        print(tr("The shop's service answers at {address}. Stop it with Ctrl+C.", address=f"http://{shown}:{port}"))
        sys.stdout.flush()
        return
    is_wanted = wanted in (0, port)
    tell(
        {
            "host": host,
            "port": port,
            "pid": os.getpid(),
            "version": VERSION,
            "wanted_port": wanted,
            "is_wanted_port": is_wanted,
        }
    )
