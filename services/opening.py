"""Opening the shop: its database claimed and brought up to date, its writer started, its first rows made."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from app.domain.command import Actor
from app.domain.permission import Role
from app.domain.registry import shop_registry
from app.domain.staff.commands import FoundShop
from app.kernel import codec
from app.kernel.clock import SystemClock
from app.kernel.derived import derived_id
from app.kernel.errors import KnownError
from app.kernel.files import private_folder
from app.kernel.i18n import render
from app.kernel.ids import IdSource
from services import pickup_keys
from services.apart import Progress, run_apart
from services.authority.executor import Executor
from services.authority.head import read_head
from services.authority.submission import Intent
from services.db.engine import Store
from services.db.errors import DatabaseError, OperationalError
from services.db.revision import is_current
from services.http.service import Service
from services.settings import Place
from services.standing import damaged, has_shop

log = logging.getLogger("authority")


@dataclass(frozen=True, slots=True)
class Founding:
    """What a new shop is called; empty names take defaults. A demo comes with everything and keeps to itself.

    ``demo_orders`` is how much a demo has sold already; without any it is a small shop in which nobody has bought yet.
    """

    shop_name: str = ""
    owner_name: str = ""
    location_name: str = ""
    is_demo: bool = False
    demo_orders: int = 0


@contextmanager
def opened(place: Place, founding: Founding, tell: Progress = lambda *_: None) -> Iterator[Service]:
    """The shop's service without its door; raises KnownError when the database is in use or cannot be reached."""
    if founding.is_demo and not has_shop(place):
        _found_demo(place, founding, tell)
    with prepared(place) as store:
        keys = pickup_keys.load_or_create(place.data)
        executor = Executor(store, shop_registry(), SystemClock())
        executor.start()
        try:
            service = Service(store, executor, shop_registry(), SystemClock(), IdSource(), place.media, keys)
            _found(service, founding)
            yield service
        finally:
            executor.close()


@contextmanager
def prepared(place: Place, *, is_apart: bool = False) -> Iterator[Store]:
    """The database, claimed for this process and brought up to date, before anybody writes in it; raises KnownError.

    ``is_apart`` says that this process ends soon, so that what it loads for that is not kept.
    """
    try:
        private_folder(place.data)
        place.media.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KnownError(
            "folder.unusable", "The folder {folder} cannot be written to.", {"folder": str(place.data)}
        ) from error
    store = Store(place.database)
    try:
        _prepare(store, is_apart=is_apart)
        _require_here(store)
        yield store
    finally:
        store.close()


def _prepare(store: Store, *, is_apart: bool) -> None:
    with _told(store):
        store.claim()
        if is_current(store):
            return
    if is_apart:
        _upgrade(store)
    else:
        run_apart(_bring_up_to_date, (store.url.whole,), lambda *_: None, _remind)


def _remind(minutes: int) -> None:
    """Whoever looks why nothing answers yet finds it in the log: the tables of a large shop take their time."""
    log.info("still bringing the database's tables up to date, for %d min by now", minutes)


def _bring_up_to_date(address: str, _: Progress) -> None:
    """The entry of a process of its own: what changes tables takes 35 MB, which a service would keep till its end.

    The database is claimed by who waits for this.
    """
    store = Store(address)
    try:
        _upgrade(store)
    finally:
        store.close()


def _upgrade(store: Store) -> None:
    from services.db.migrate import upgrade  # loading it takes half a second

    with _told(store):
        upgrade(store)


@contextmanager
def _told(store: Store) -> Iterator[None]:
    """What a database refuses, in a sentence."""
    try:
        yield
    except OperationalError as error:
        why = str(error.orig).strip().splitlines()[0]
        template = "The shop's database cannot be reached: {why}"
        raise KnownError("store.unreachable", template, {"why": why}) from error
    except DatabaseError as error:
        if not store.is_sqlite:
            raise
        log.critical("the database is damaged", exc_info=error)
        raise damaged(store.file) from error


def _require_here(store: Store) -> None:
    """What a shop left behind decides nothing any more: it would sell the same goods a second time."""
    with store.reading() as database:
        moved_to = read_head(database).moved_to
    if moved_to:
        template = "This shop has moved to {place}. Start the service with that database."
        raise KnownError("store.moved", template, {"place": moved_to})


def _is_founded(store: Store) -> bool:
    with store.reading() as database:
        return bool(database.execute("SELECT count(*) FROM staff").fetchone()[0])


def _found_demo(place: Place, founding: Founding, tell: Progress) -> None:
    """In one piece, before anybody else writes: cut off half-way, it has never begun.

    In a process of its own: this one would keep three times the memory that it needs until its next start.
    """
    run_apart(make_demo, (place, founding.demo_orders, SystemClock().now()), tell)


def make_demo(place: Place, orders: int, until: datetime, tell: Progress) -> None:
    """Fill the place's empty database; without orders it becomes a small shop in which nobody has bought yet."""
    from services.demo import shop  # draws pictures, which only a demo's first start needs

    with prepared(place, is_apart=True) as store:
        shop.make(store, shop_registry(), place.media, (shop.Wish(orders, is_large=orders > 0), until), tell)


def _found(service: Service, founding: Founding) -> None:
    """A new database becomes a shop; its owner is the only person yet."""
    if _is_founded(service.store):
        return
    command = FoundShop(
        shop_name=founding.shop_name or _named("My shop"),
        owner_id=service.ids.new(),
        owner_name=founding.owner_name or _named("Owner"),
        location_id=service.ids.new(),
        location_name=founding.location_name or _named("Main store"),
    )
    actor = Actor("service", Role.SERVICE)
    # One id for this command: of two processes that find an empty database only one founds the shop.
    intent = Intent(
        derived_id("found"), command.NAME, command.VERSION, codec.plain(command), actor, service.clock.now()
    )
    service.executor.submit(intent).result()


def _named(template: str) -> str:
    """In the language of the shop's buyers, whatever the server it stands on speaks."""
    return render(template, {}, "zh_CN")
