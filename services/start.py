"""Puts the service together and runs it: beside a desktop that started it, or alone."""

import asyncio
import logging
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import uvicorn

from app.kernel import logs
from app.kernel.errors import KnownError
from app.kernel.i18n import tr
from services import record
from services.apart import Progress
from services.behind import PATIENCE_S, Behind
from services.child import ChildConfig, read_config, tell, when_parent_is_gone
from services.door import listen, listen_anyhow, outside
from services.faults import as_known, exit_code, explain
from services.http.connection import PatientProtocol
from services.http.front import VERSION, Front
from services.opening import Founding, opened
from services.record import Record
from services.settings import DEFAULT_HOST, DEFAULT_PORT, Place, data_folder, place_of
from services.standing import has_shop

log = logging.getLogger("http")
GRACE_S = 3
_OWN_PROXIES = "127.0.0.1,::1,::ffff:127.0.0.1"
"""Who is believed from where its callers ask: proxies on this computer, the last one at a door for both protocols."""


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
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # it tells of each stand-in as of the service
        has_log = True
        _run(options, place, config, leaving)
    except Exception as error:  # process entry: what nobody foresaw is written down, and told in a sentence
        known = as_known(error)
        if known is None:
            log.critical("the service met a fault and ends", exc_info=error)
        elif has_log:  # without one the same sentence would be told twice
            log.error("the service ends: %s", known, exc_info=None if known is error else error)
        return _explain(_named(known, options) or _fault(options), is_child=options.is_child)
    return 0


def _named(error: KnownError | None, options: ServeOptions) -> KnownError | None:
    """Where another service has the shop, say where that one answers, and what can be done."""
    if error is None or error.code != "store.in_use":
        return error
    place = place_of(options.data, options.database)
    running = record.read(place.data)
    if running is None or running.database != place.database_name or not record.is_answering(running):
        return error
    template = (
        "The shop's service runs by itself already, at {url}. Close this window and start the program once with"
        " --service {url}, or stop that service."
        if options.is_child
        else "The shop's service is running already, at {url}."
    )
    return KnownError("store.served", template, {"url": running.url})


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
    tell({"error": error.code, "template": error.template, "params": error.params})
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
            tokens = (own, config.token) if config else (own,)
            behind = Behind(service, place, door.getsockname()[1], tokens, restart)
            _answer(behind, door, port if config else None, leaving)
        finally:
            record.remove(place.data)


def _telling(*, is_child: bool) -> Progress:
    """How far the making of a demo shop is, for the desktop that waits for it."""

    def tell_desktop(what: str, done: int, total: int) -> None:
        tell({"progress": what, "done": done, "total": total})

    return tell_desktop if is_child else lambda *_: None


def _record(door: socket.socket, secret: str, place: Place) -> Record:
    host, port = door.getsockname()[:2]
    return Record(_reachable(host), port, secret, os.getpid(), place.database_name, _outside(host, port))


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def _outside(host: str, port: int) -> str:
    name = outside(host)
    return record.url_of(name, port) if name else ""


class Server(uvicorn.Server):
    """Ends the desktops' open streams before it waits for its connections, and soon what waits for the outside."""

    def __init__(self, config: uvicorn.Config, behind: Behind) -> None:
        super().__init__(config)
        self._behind = behind

    def stop(self, *_: Any) -> None:
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._behind.hub.close()
        self._behind.end_soon()
        hanging_up = asyncio.get_running_loop().call_later(PATIENCE_S, self._behind.hang_up)
        await super().shutdown(sockets)
        hanging_up.cancel()


def _answer(behind: Behind, door: socket.socket, wanted: int | None, leaving: Leaving) -> None:
    """Serve until told to stop. What is behind the door is made meanwhile, and raises here what it could not do."""
    faults: list[BaseException] = []

    def failed(error: BaseException) -> None:
        faults.append(error)
        server.should_exit = True

    config = uvicorn.Config(
        Front(behind.make, failed),
        http=PatientProtocol,
        lifespan="on",
        log_config=None,
        ws="none",
        access_log=False,
        server_header=False,
        forwarded_allow_ips=os.environ.get("FORWARDED_ALLOW_IPS", _OWN_PROXIES),
        timeout_graceful_shutdown=GRACE_S,
    )
    server = Server(config, behind)
    log.info("the service begins to answer at %s", record.url_of(*door.getsockname()[:2]))
    _stop_on_signals(server)
    _announce(door, wanted)
    leaving.concerns(server)
    try:
        server.run(sockets=[door])
    finally:
        behind.close()
    if faults:
        raise faults[0]
    log.info("the service has ended, as it was told to")


def _stop_on_signals(server: Server) -> None:
    """The server raises a signal once more after its end; ours are in place then, so the rest is closed in order."""
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), server.stop)


def _announce(door: socket.socket, wanted: int | None) -> None:
    """``wanted`` is the shop's port, or None when nobody waits for a line that programs read."""
    host, port = door.getsockname()[:2]
    if wanted is None:
        address = _outside(host, port) or record.url_of(host, port)
        print(tr("The shop's service answers at {address}. Stop it with Ctrl+C.", address=address))
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
