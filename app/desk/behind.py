"""What comes up behind the first picture: paper, the service beside us, the line to it, and the demo's buyers.

The thread that brings the desktop up makes it once the first rows are painted; whoever needs a part of it sooner makes
it then. Nothing that the first picture needs is imported from here, and so nothing of this is.
"""

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from app.desk.account import carrier_account, wechat_account
from app.desk.counter import NewCode, in_background
from app.desk.demo_buyers import DOOR, DemoBuyers
from app.desk.desk import Desk
from app.desk.founding import Founding
from app.desk.identity import IdentityStore
from app.desk.joining import Joining
from app.desk.pictures import Pictures
from app.desk.plan import Plan
from app.desk.printing import Printing
from app.desk.supervisor import Supervisor
from app.desk.threads import WriterThread
from app.kernel.errors import KnownError
from app.sync.http import Address, HttpTransport
from app.sync.loop import SyncLoop
from app.sync.status import SyncStatus
from app.sync.steps import Steps
from app.sync.transport import Unreachable
from app.wire.messages import NewCodeRequest


@dataclass(frozen=True, slots=True)
class Front:
    """What is there already: all that the first picture needs."""

    plan: Plan
    desk: Desk
    writer: WriterThread
    identities: IdentityStore
    pictures: Pictures
    counter_no: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Told:
    """Whom to tell what comes up behind the picture; each is called on a thread of the desktop's."""

    status: Callable[[SyncStatus], None]
    trouble: Callable[[KnownError], None]
    not_started: Callable[[KnownError], None]
    founding: Callable[[Founding], None]
    not_kept: Callable[[KnownError], None]


class Behind:
    """Attributes: ``printing``, ``transport``, ``outside``, ``carrier``, ``demo_buyers``, ``loop``, ``steps``."""

    def __init__(self, front: Front, told: Told) -> None:
        plan, desk, clock = front.plan, front.desk, front.desk.clock
        self._plan = plan
        self._told = told
        self._desk = desk
        self._identities = front.identities
        self._stop = threading.Event()
        self.printing = Printing(desk, front.writer, plan.folder, front.counter_no)
        self.printing.printers.on_failed = told.not_kept
        self.supervisor = Supervisor(plan.child, self._trouble_text, told.founding) if plan.child else None
        self.demo_buyers: DemoBuyers | None = None
        if plan.child is not None and plan.has_buyers:
            self.demo_buyers = DemoBuyers(lambda: self.service_url, plan.child.folder / DOOR, clock)
        self.transport = HttpTransport(self._address)
        self.outside = wechat_account(self.transport, self._who)
        self.carrier = carrier_account(self.transport, self._who)
        self.steps = Steps(front.writer, self.transport, clock, desk.hub.publish)
        self.steps.before_push = front.pictures.send_before
        self._joining = Joining(front.identities, self.transport, plan.device_name, self._code)
        self.loop = SyncLoop(self.steps, self.transport, self._joining, clock, told.status)
        desk.on_outgoing(self.loop.nudge)
        desk.on_asking(self.loop.ask)

    @property
    def service_url(self) -> str:
        return self.supervisor.url if self.supervisor else self._plan.service_url

    def bring_up(self) -> None:
        """Service, enrolment, line and buyers, in this order; raises KnownError when it cannot be."""
        self._start_service()
        self._join()
        if not self._stop.is_set():
            self.loop.start()
            if self.demo_buyers is not None:
                self.demo_buyers.start()

    def stop(self) -> None:
        """Whatever still comes up is to give up; may be called again and again."""
        self._stop.set()
        self.transport.hang_up()
        if self.supervisor is not None:
            self.supervisor.close()

    def close_line(self) -> None:
        """Nobody brings anything any more, and nothing new is printed."""
        self._stop.set()
        if self.demo_buyers is not None:
            self.demo_buyers.close()
        self.loop.close()
        self.printing.close()
        self.steps.close()

    def close(self) -> None:
        """After the database: the service may go."""
        if self.supervisor is not None:
            self.supervisor.close()
        self.transport.close()

    def enrolment_code(self) -> str:
        """A code for one more counter; only where this desktop brought the service along."""
        if self.supervisor is None:
            raise KnownError("enrol.elsewhere", "Make the code on the computer where the shop's service runs.")
        return self.supervisor.enrolment_code(is_manager=True)

    def new_code(self, *, is_manager: bool) -> "Future[NewCode]":
        """A code for one more computer, asked in the name of whoever is on duty."""
        actor = self._who()

        def ask() -> NewCode:
            made = self.transport.new_code(NewCodeRequest(actor, is_manager))
            return NewCode(made.code, made.expires_at, is_manager)

        return in_background("new-code", ask)

    def _join(self) -> None:
        """Become one of the shop's counters. An empty window must say why it is empty, and it goes on trying."""
        is_told = False
        while not self._stop.is_set() and not self._joining.join():
            if not is_told and not self._stop.is_set():
                is_told = True
                self._told.trouble(_not_joined(self.service_url))
            self._stop.wait(2.0)

    def _start_service(self) -> None:
        """Our own service, again and again: whatever is in its way may be out of it later, without a new start."""
        if self.supervisor is None:
            return
        told, pauses = "", self._plan.start_again_s
        for wait_s in itertools.chain(pauses, itertools.repeat(pauses[-1])):
            try:
                self.supervisor.start()
            except KnownError as error:
                if str(error) != told:
                    told = str(error)
                    self._told.not_started(error)
            else:
                return
            if self._stop.wait(wait_s):
                return

    def _who(self) -> str:
        """Who is on duty, "" for nobody."""
        return self._desk.on_duty.staff_id if self._desk.on_duty else ""

    def _code(self) -> str:
        return self.supervisor.enrolment_code(is_manager=True) if self.supervisor else self._plan.code

    def _address(self) -> Address:
        url = self.service_url
        if not url:
            raise Unreachable("the service is not running")
        return Address(self._plan.route(url), self._identities.token())

    def _trouble_text(self, text: str) -> None:
        self._told.trouble(KnownError("service.trouble", "{text}", {"text": text}))


def _not_joined(url: str) -> KnownError:
    return KnownError(
        "enrol.unreachable",
        "This computer has not joined the shop yet: nothing answers at {url}. Check the address, and that the service"
        " runs there. It is tried again by itself.",
        {"url": url},
    )
