"""The desktop without its windows: what the first picture needs at once, and all the rest behind it.

Here stands what reads: the lock on the folder, preferences, who this counter is, the replica's threads and what shows
them. Everything else is ``app.desk.behind``, which is neither imported nor made before the first rows are painted.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from app.desk.desk import Desk
from app.desk.preferences import PreferenceStore
from app.desk.threads import ReaderThreads, WriterThread
from app.kernel.errors import KnownError
from app.kernel.filelock import FileLock
from app.kernel.kept import end_start
from app.kernel.later import fetch, later
from app.kernel.once import once
from app.replica.reader import early_reader
from app.replica.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Future
    from datetime import datetime

    from app.desk import behind, counter, duty, identity, notifications, picture_store, pictures, sounds, status
    from app.desk.account import Account
    from app.desk.counter import CounterFacts, NewCode
    from app.desk.demo_buyers import DemoBuyers
    from app.desk.founding import Founding
    from app.desk.plan import Plan
    from app.desk.printers import QueueDoor
    from app.desk.printing import Printing
    from app.desk.secrets import SecretStore
    from app.desk.session import OnDuty
    from app.desk.sounds import Sound
    from app.desk.status import SyncStatus
    from app.domain import registry
    from app.domain.pickup.code import PickupKeys
    from app.kernel.clock import Clock
    from app.kernel.ids import IdSource
    from app.replica import holder
    from app.wire.carrier import CarrierReply, CarrierRequest
    from app.wire.outside import OutsideReply, OutsideRequest
else:
    behind, holder = later("app.desk.behind"), later("app.replica.holder")
    counter, duty, identity = later("app.desk.counter"), later("app.desk.duty"), later("app.desk.identity")
    notifications, sounds = later("app.desk.notifications"), later("app.desk.sounds")
    picture_store, pictures = later("app.desk.picture_store"), later("app.desk.pictures")
    status, registry = later("app.desk.status"), later("app.domain.registry")

FIRST_PICTURE_S = 2.0
"""No longer than this does the rest wait for the first picture, should nobody look at it."""
FIRST_PAGE_S = 1.0
"""No longer than this does it wait for the rest of the first page to be read."""
APP_VERSION = "0.1.0"
log = logging.getLogger("desk")


class AlreadyRunning(Exception):
    """Another window has this data folder open."""


class Desktop:
    """The running desktop. ``start`` returns at once; what goes wrong later is told to ``on_trouble``.

    ``on_behind`` is called when what comes up behind the first picture is there; ``open_queue`` opens a queue of the
    operating system for the printers. Both, and all that is told, come on threads of the desktop's.
    """

    def __init__(self, plan: "Plan", secrets: "SecretStore", clock: "Clock", ids: "IdSource") -> None:
        self._plan = plan
        self._secrets = secrets
        self._lock = FileLock(plan.folder / "desktop.lock")
        self.preferences = PreferenceStore(plan.folder)
        self._writer = WriterThread(lambda: holder.ReplicaHolder(plan.folder / "replica", self._registry))
        self._readers = ReaderThreads(self._writer)
        self.desk = Desk(self._writer, self._readers, lambda: self._registry, clock, ids)
        self._begun_at = clock.now()
        self._rest: behind.Behind | None = None
        self._making = threading.Lock()
        self.open_queue: QueueDoor | None = None
        self.on_status: Callable[[SyncStatus], None] = lambda _: None
        self.on_trouble: Callable[[KnownError], None] = lambda _: None
        self.on_founding: Callable[[Founding], None] = lambda _: None
        self.on_duty_found: Callable[[], None] = lambda: None
        self.on_behind: Callable[[], None] = lambda: None
        self._stop = threading.Event()
        self._go_on = threading.Event()
        self._starter = threading.Thread(target=self._bring_up, name="starter", daemon=True)

    @once
    def _registry(self) -> "registry.Registry":
        return registry.shop_registry()

    @once
    def _identities(self) -> "identity.IdentityStore":
        return identity.IdentityStore(self._plan.folder, self._secrets, APP_VERSION)

    @once
    def _sounds(self) -> "sounds.Sounds":
        return sounds.Sounds(self._plan.player, self._plan.folder / "sounds", self.preferences)

    @once
    def _duty(self) -> "duty.Duty":
        return duty.Duty(self.desk, self.preferences, self._duty_told)

    @once
    def notifications(self) -> "notifications.Notifications":
        desk = self.desk
        return notifications.Notifications(desk.hub, desk.query, self._sounds.play, desk.clock)

    @once
    def pictures(self) -> "pictures.Pictures":
        store = picture_store.PictureStore(self._plan.folder / "pictures")
        return pictures.Pictures(store, pictures.LateLine(lambda: self.rest.transport))

    @once
    def _unconnected(self) -> "SyncStatus":
        return status.SyncStatus(status.Link.CONNECTING, self._begun_at)

    @property
    def rest(self) -> "behind.Behind":
        """What is not needed for the first picture; made by whoever asks first, which should be our own thread."""
        with self._making:
            if self._rest is None:
                self._rest = self._made()
            return self._rest

    @property
    def printing(self) -> "Printing":
        return self.rest.printing

    @property
    def demo_buyers(self) -> "DemoBuyers | None":
        return self.rest.demo_buyers

    @property
    def outside(self) -> "Account[OutsideRequest, OutsideReply]":
        return self.rest.outside

    @property
    def carrier(self) -> "Account[CarrierRequest, CarrierReply]":
        return self.rest.carrier

    @property
    def service_url(self) -> str:
        return self._plan.service_url if self._plan.child is None else self.rest.service_url

    @property
    def status(self) -> "SyncStatus":
        return self._rest.loop.status if self._rest is not None else self._unconnected

    @property
    def counter_no(self) -> int:
        """This counter's number in the shop; 0 before it has joined."""
        here = self._identities.enrolment()
        return here.no if here else 0

    def pickup_keys(self) -> "PickupKeys | None":
        """What pickup codes are verified with; None before the service has handed it over."""
        return self._identities.pickup_keys()

    @property
    def service_pid(self) -> int:
        supervisor = self.rest.supervisor
        return supervisor.pid if supervisor else 0

    def read_early(self) -> None:
        """Let what is kept here be read; nothing is locked, written or begun by that."""
        early = early_reader(self._plan.folder / "replica", VERSION)
        if early is not None:  # else they wait for the writer, which makes one
            path, connection = early
            self._writer.expect(path)
            self._readers.start_early(path, connection)

    def start(self, *, is_behind_window: bool = False) -> None:
        """Raises AlreadyRunning. Behind a window everything but reading waits for ``go_on``."""
        if not self._lock.acquire():
            raise AlreadyRunning
        if not is_behind_window:
            self._go_on.set()
        if self._writer.location is None:
            self.read_early()
        self._starter.start()

    def go_on(self) -> None:
        """The first picture is there: now everything behind it may take the computer's time."""
        self._go_on.set()

    def sync_now(self) -> None:
        self.rest.loop.try_now()

    def enrolment_code(self) -> str:
        """A code for one more counter; only where this desktop brought the service along."""
        return self.rest.enrolment_code()

    def facts(self) -> "CounterFacts":
        """This counter as the settings page shows it."""
        here = self._identities.enrolment()
        return counter.CounterFacts(
            version=APP_VERSION,
            folder=self._plan.folder,
            logs=self._plan.folder / "logs",
            device_id=here.device_id if here else "",
            no=here.no if here else 0,
            is_manager=bool(here and here.is_manager),
            service_url=self.service_url,
            is_own_service=self._plan.child is not None,
            can_be_own=self._plan.has_own_shop or here is None,
            can_sound=self._plan.player is not None,
        )

    def play(self, sound: "Sound") -> None:
        self._sounds.play(sound)

    def last_seen(self) -> "Future[Mapping[str, datetime]]":
        """When each computer of the shop was last heard of."""

        def ask() -> "Mapping[str, datetime]":
            seen = self.rest.transport.devices().devices
            return {device.device_id: device.seen_at for device in seen if device.seen_at is not None}

        return counter.in_background("last-seen", ask)

    def new_code(self, *, is_manager: bool) -> "Future[NewCode]":
        """A code for one more computer, asked in the name of whoever is on duty."""
        return self.rest.new_code(is_manager=is_manager)

    def compare(self) -> "Future[tuple[str, ...]]":
        """The tables in which this computer differs from the service; empty when all is well."""
        return counter.in_background("comparing", self.rest.steps.compare)

    def close(self) -> None:
        """Network first, then the database, then the service: nothing that was given is lost."""
        self._stop.set()
        self._go_on.set()
        while self._starter.is_alive():
            if self._rest is not None:
                self._rest.stop()
            self._starter.join(0.2)
        if self._rest is not None:
            self._rest.close_line()
        self._readers.close()
        self._writer.close()
        self._sounds.close()
        self.preferences.close()
        if self._rest is not None:
            self._rest.close()
        self.pictures.close()
        self._lock.release()

    def take_duty(self, person: "OnDuty") -> None:
        """Somebody else works at this computer now."""
        self._duty.take(person)

    def _bring_up(self) -> None:
        try:
            self._go_on.wait(FIRST_PICTURE_S)  # each moment of it would be the picture's
            if self._writer.location is not None:
                self._readers.start()
            end_start()
            self._read_first()
            self.notifications  # noqa: B018 - before the feed brings anything
            self._writer.start().result()
            self._readers.start()
            if self.desk.on_duty is None:
                self._duty.find()
            if self._stop.is_set():
                return
            here = self.rest
            fetch("app", "ui")
            self.on_behind()
            here.printing.start()
            here.bring_up()
        except KnownError as error:
            self._tell(error)
            self.on_behind()  # what only reads is to be seen all the same
        except Exception as error:  # thread entry: a window that waits for ever must at least say so
            log.critical("not started", exc_info=error)
            self.on_trouble(_not_started(self._plan.folder))

    def _made(self) -> "behind.Behind":
        told = behind.Told(self._status, self._trouble_told, self._tell, self._founding_told, self._not_kept)
        plan, desk, writer = self._plan, self.desk, self._writer
        made = behind.Behind(
            behind.Front(plan, desk, writer, self._identities, self.pictures, lambda: self.counter_no), told
        )
        if self.open_queue is not None:
            made.printing.queue.open_queue = self.open_queue
        return made

    def _not_kept(self, error: KnownError) -> None:
        self.preferences.on_failed(error)

    def _tell(self, error: KnownError) -> None:
        if not self._stop.is_set():  # else it is we who are in the way
            log.error("not started: %s", error)
            self.on_trouble(error)

    def _status(self, told: "SyncStatus") -> None:
        self.desk.is_locked = told.trouble == "device_revoked"
        if self.desk.on_duty is None:
            self._duty.find()
        self.on_status(told)

    def _read_first(self) -> None:
        """Where there is something to read, it is seen and can be acted on before anything else is begun."""
        if self._writer.location is not None:
            with suppress(sqlite3.Error):  # whoever opens it for writing meets the same, and tells
                self._duty.find()
            self._readers.settle(FIRST_PAGE_S)

    def _duty_told(self) -> None:
        self.on_duty_found()

    def _trouble_told(self, error: KnownError) -> None:
        self.on_trouble(error)

    def _founding_told(self, founding: "Founding") -> None:
        self.on_founding(founding)


def _not_started(folder: Path) -> KnownError:
    return KnownError(
        "desktop.not_started",
        "The program could not start everything it needs. Look at the file desktop.log in {folder}.",
        {"folder": str(folder / "logs")},
    )
