"""Builds the desktop without its windows: database, threads, service and sync, each when what it needs is there."""

import itertools
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from app.desk import queries
from app.desk.carrier import CarrierDoor
from app.desk.counter import CounterFacts, NewCode, in_background
from app.desk.demo_buyers import DOOR, DemoBuyers
from app.desk.desk import Desk
from app.desk.identity import IdentityStore
from app.desk.joining import Joining
from app.desk.notifications import Notifications
from app.desk.outside import OutsideDoor
from app.desk.picture_store import PictureStore
from app.desk.pictures import Pictures
from app.desk.preferences import PreferenceStore
from app.desk.printing import Printing
from app.desk.secrets import SecretStore
from app.desk.session import OnDuty
from app.desk.sounds import Player, Sound, Sounds
from app.desk.supervisor import ChildConfig, Founding, Supervisor
from app.desk.threads import ReaderThreads, WriterThread
from app.domain.permission import Role
from app.domain.pickup.code import PickupKeys
from app.domain.registry import shop_registry
from app.kernel.clock import Clock
from app.kernel.errors import KnownError
from app.kernel.filelock import FileLock
from app.kernel.ids import IdSource
from app.replica.holder import ReplicaHolder
from app.replica.reader import readable_file
from app.replica.version import VERSION
from app.sync.http import Address, HttpTransport
from app.sync.loop import SyncLoop
from app.sync.status import SyncStatus
from app.sync.steps import Steps
from app.sync.transport import Unreachable
from app.wire.messages import NewCodeRequest

START_AGAIN_S = (5.0, 10.0, 30.0)
FIRST_PICTURE_S = 2.0
"""No longer than this does the rest wait for the first picture, should nobody look at it."""
APP_VERSION = "0.1.0"
log = logging.getLogger("desk")


@dataclass(frozen=True, slots=True)
class Plan:
    """How this desktop is to run.

    child      how to start our own service, or None to use the shop's at ``service_url``
    code       an enrolment code, needed once where the service is not our own
    route      where to go instead of an address: a tunnel, a proxy
    player     plays the sounds; None: this desktop is silent
    start_again_s  how long to wait before a service is started again that could not be
    has_buyers in a demo that runs here buyers come by themselves, and one when they are called
    """

    folder: Path
    device_name: str
    child: ChildConfig | None
    service_url: str = ""
    code: str = ""
    route: Callable[[str], str] = lambda url: url
    player: Player | None = None
    start_again_s: tuple[float, ...] = START_AGAIN_S
    has_buyers: bool = False


class AlreadyRunning(Exception):
    """Another window has this data folder open."""


class Desktop:
    """The running desktop. ``start`` returns at once; what goes wrong later is told to ``on_trouble``."""

    def __init__(self, plan: Plan, secrets: SecretStore, clock: Clock, ids: IdSource) -> None:
        self._plan = plan
        self._lock = FileLock(plan.folder / "desktop.lock")
        self.preferences = PreferenceStore(plan.folder)
        self._identities = IdentityStore(plan.folder, secrets, APP_VERSION)
        registry = shop_registry()
        self._writer = WriterThread(lambda: ReplicaHolder(plan.folder / "replica", registry))
        self._readers = ReaderThreads(self._writer)
        self.desk = Desk(self._writer, self._readers, registry, clock, ids)
        self._sounds = Sounds(plan.player, plan.folder / "sounds", self.preferences)
        self.notifications = Notifications(self.desk.hub, self.desk.query, self._sounds.play, clock)
        self.printing = Printing(self.desk, self._writer, plan.folder, lambda: self.counter_no)
        self._clock = clock
        self._supervisor = Supervisor(plan.child, self._trouble_text, self._founding_told) if plan.child else None
        self.demo_buyers: DemoBuyers | None = None
        if plan.child is not None and plan.has_buyers:
            self.demo_buyers = DemoBuyers(lambda: self.service_url, plan.child.folder / DOOR, clock)
        self._transport = HttpTransport(self._address)
        self.outside = OutsideDoor(self._transport, self._who)
        self.carrier = CarrierDoor(self._transport, self._who)
        self._steps = steps = Steps(self._writer, self._transport, clock, self.desk.hub.publish)
        self.pictures = Pictures(PictureStore(plan.folder / "pictures"), self._transport)
        steps.before_push = self.pictures.send_before
        self._joining = Joining(self._identities, self._transport, plan.device_name, self._code)
        self._loop = SyncLoop(steps, self._transport, self._joining, clock, self._status)
        self.desk.on_outgoing(self._loop.nudge)
        self.desk.on_asking(self._loop.ask)
        self.on_status: Callable[[SyncStatus], None] = lambda _: None
        self.on_trouble: Callable[[KnownError], None] = lambda _: None
        self.on_founding: Callable[[Founding], None] = lambda _: None
        self.on_duty_found: Callable[[], None] = lambda: None
        self._stop = threading.Event()
        self._go_on = threading.Event()
        self._starter = threading.Thread(target=self._bring_up, name="starter", daemon=True)

    def _who(self) -> str:
        """Who is on duty, "" for nobody."""
        return self.desk.on_duty.staff_id if self.desk.on_duty else ""

    @property
    def service_url(self) -> str:
        return self._supervisor.url if self._supervisor else self._plan.service_url

    @property
    def status(self) -> SyncStatus:
        return self._loop.status

    @property
    def counter_no(self) -> int:
        """This counter's number in the shop; 0 before it has joined."""
        here = self._identities.enrolment()
        return here.no if here else 0

    def pickup_keys(self) -> PickupKeys | None:
        """What pickup codes are verified with; None before the service has handed it over."""
        return self._identities.pickup_keys()

    @property
    def service_pid(self) -> int:
        return self._supervisor.pid if self._supervisor else 0

    def start(self, *, is_behind_window: bool = False) -> None:
        """Raises AlreadyRunning. Behind a window everything but reading waits for ``go_on``."""
        if not self._lock.acquire():
            raise AlreadyRunning
        if not is_behind_window:
            self._go_on.set()
        readable = readable_file(self._plan.folder / "replica", VERSION)
        if readable is not None:  # else they wait for the writer, which makes one
            self._writer.expect(readable)
            self._readers.start()
        self._starter.start()

    def go_on(self) -> None:
        """The first picture is there: now everything behind it may take the computer's time."""
        self._go_on.set()

    def sync_now(self) -> None:
        self._loop.try_now()

    def enrolment_code(self) -> str:
        """A code for one more counter; only where this desktop brought the service along."""
        if self._supervisor is None:
            raise KnownError("enrol.elsewhere", "Make the code on the computer where the shop's service runs.")
        return self._supervisor.enrolment_code(is_manager=True)

    def facts(self) -> CounterFacts:
        """This counter as the settings page shows it."""
        here = self._identities.enrolment()
        return CounterFacts(
            version=APP_VERSION,
            folder=self._plan.folder,
            logs=self._plan.folder / "logs",
            device_id=here.device_id if here else "",
            no=here.no if here else 0,
            is_manager=bool(here and here.is_manager),
            service_url=self.service_url,
            is_own_service=self._supervisor is not None,
            can_sound=self._plan.player is not None,
        )

    def play(self, sound: Sound) -> None:
        self._sounds.play(sound)

    def last_seen(self) -> "Future[Mapping[str, datetime]]":
        """When each computer of the shop was last heard of."""

        def ask() -> Mapping[str, datetime]:
            return {d.device_id: d.seen_at for d in self._transport.devices().devices if d.seen_at is not None}

        return in_background("last-seen", ask)

    def new_code(self, *, is_manager: bool) -> "Future[NewCode]":
        """A code for one more computer, asked in the name of whoever is on duty."""
        actor = self.desk.on_duty.staff_id if self.desk.on_duty else ""

        def ask() -> NewCode:
            made = self._transport.new_code(NewCodeRequest(actor, is_manager))
            return NewCode(made.code, made.expires_at, is_manager)

        return in_background("new-code", ask)

    def close(self) -> None:
        """Network first, then the database, then the service: nothing that was given is lost."""
        self._stop.set()
        self._go_on.set()
        if self.demo_buyers is not None:
            self.demo_buyers.close()
        while self._starter.is_alive():
            self._transport.hang_up()
            if self._supervisor is not None:
                self._supervisor.close()
            self._starter.join(0.2)
        self._loop.close()
        self.printing.close()
        self._steps.close()
        self._readers.close()
        self._writer.close()
        self._sounds.close()
        self.preferences.close()
        if self._supervisor is not None:
            self._supervisor.close()
        self._transport.close()
        self.pictures.close()
        self._lock.release()

    def compare(self) -> "Future[tuple[str, ...]]":
        """The tables in which this computer differs from the service; empty when all is well."""
        return in_background("comparing", self._steps.compare)

    def take_duty(self, person: OnDuty) -> None:
        self.desk.on_duty = person
        self.on_duty_found()
        self.preferences.write(replace(self.preferences.read(), on_duty=person.staff_id))

    def _bring_up(self) -> None:
        try:
            self._go_on.wait(FIRST_PICTURE_S)  # each moment of it would be the picture's
            self._writer.start().result()
            self._readers.start()
            self.printing.start()
            self._find_duty()
            self._start_service()
            self._join()
        except KnownError as error:
            self._tell(error)
            return
        except Exception as error:  # thread entry: a window that waits for ever must at least say so
            log.critical("not started", exc_info=error)
            self.on_trouble(_not_started(self._plan.folder))
            return
        if not self._stop.is_set():
            self._loop.start()
            if self.demo_buyers is not None:
                self.demo_buyers.start()

    def _join(self) -> None:
        """Become one of the shop's counters. An empty window must say why it is empty, and it goes on trying."""
        is_told = False
        while not self._stop.is_set() and not self._joining.join():
            if not is_told and not self._stop.is_set():
                is_told = True
                self.on_trouble(_not_joined(self.service_url))
            self._stop.wait(2.0)

    def _start_service(self) -> None:
        """Our own service, again and again: whatever is in its way may be out of it later, without a new start."""
        if self._supervisor is None:
            return
        told, pauses = "", self._plan.start_again_s
        for wait_s in itertools.chain(pauses, itertools.repeat(pauses[-1])):
            try:
                self._supervisor.start()
            except KnownError as error:
                if str(error) != told:
                    told = str(error)
                    self._tell(error)
            else:
                return
            if self._stop.wait(wait_s):
                return

    def _tell(self, error: KnownError) -> None:
        if not self._stop.is_set():  # else it is we who are in the way
            log.error("not started: %s", error)
            self.on_trouble(error)

    def _code(self) -> str:
        return self._supervisor.enrolment_code(is_manager=True) if self._supervisor else self._plan.code

    def _address(self) -> Address:
        url = self.service_url
        if not url:
            raise Unreachable("the service is not running")
        return Address(self._plan.route(url), self._identities.token())

    def _status(self, status: SyncStatus) -> None:
        self.desk.is_locked = status.trouble == "device_revoked"
        if self.desk.on_duty is None:
            self._find_duty()
        self.on_status(status)

    def _find_duty(self) -> None:
        """Whoever was on duty last, or else the owner."""
        people = self.desk.query(queries.staff()).result()
        wanted = self.preferences.read().on_duty
        ranked = sorted(people, key=lambda p: (p[0] != wanted, p[2] != Role.OWNER))
        if ranked and self.desk.on_duty is None:  # somebody may have been chosen while we were asking
            staff_id, name, role = ranked[0]
            self.desk.on_duty = OnDuty(staff_id, name, Role(role))
            self.on_duty_found()

    def _founding_told(self, founding: Founding) -> None:
        self.on_founding(founding)

    def _trouble_text(self, text: str) -> None:
        self.on_trouble(KnownError("service.trouble", "{text}", {"text": text}))


def _not_joined(url: str) -> KnownError:
    return KnownError(
        "enrol.unreachable",
        "This computer has not joined the shop yet: nothing answers at {url}. Check the address, and that the service"
        " runs there. It is tried again by itself.",
        {"url": url},
    )


def _not_started(folder: Path) -> KnownError:
    return KnownError(
        "desktop.not_started",
        "The program could not start everything it needs. Look at the file desktop.log in {folder}.",
        {"folder": str(folder / "logs")},
    )
