"""The network's own thread: keeps the replica and the service together for as long as the program runs."""

import logging
import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from app.kernel.clock import Clock
from app.kernel.errors import KnownError
from app.sync.asking import Questions
from app.sync.identity import Identity
from app.sync.status import Link, SyncStatus
from app.sync.steps import Progress, Steps
from app.sync.transport import Refused, Transport, Unreachable
from app.wire.messages import AskReply, AskRequest, HelloReply

POLL_S = 15.0
QUIET = timedelta(minutes=10)
COMPARE_EVERY = timedelta(hours=24)
WORTH_SAYING_MINUTES = 5
BACK_OFF_S = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
_MENDED_BY_HELLO = ("epoch_changed", "cursor_expired", "sequence_gap", "sequence_conflict")
_LINKS = {"device_revoked": Link.LOCKED, "device_cloned": Link.LOCKED, "upgrade_required": Link.OUTDATED}
log = logging.getLogger("sync")


class PokingTransport(Transport, Protocol):
    """A line that also tells when there is something to pull."""

    def pokes(self) -> Iterator[None]:
        """Yields at every poke; raises Unreachable when the stream ends."""
        ...

    def hang_up(self) -> None:
        """End a running stream and every request from another thread, for good."""
        ...


class IdentitySource(Protocol):
    """Who we are. A hello was answered: then the next one uses the next key. We are a copy: become a new device."""

    def identity(self) -> Identity: ...
    def greeted(self, identity: Identity, reply: HelloReply) -> None: ...
    def join_anew(self) -> bool: ...


class SyncLoop:
    """Greets, then pushes and pulls whenever there is reason to: a poke, a command given here, or the clock."""

    def __init__(
        self,
        steps: Steps,
        transport: PokingTransport,
        identities: IdentitySource,
        clock: Clock,
        tell: Callable[[SyncStatus], None],
    ) -> None:
        self._steps = steps
        self._transport = transport
        self._identities = identities
        self._clock = clock
        self._tell = tell
        self._wake = threading.Event()
        self._hope = threading.Event()
        self._stop = threading.Event()
        self._status = SyncStatus(Link.CONNECTING, clock.now())
        self._questions = Questions(lambda: self._status.link is Link.ONLINE, self._wake.set)
        self._mendings = 0
        self._clock_off_minutes = 0
        self._quiet_since = clock.now()
        self._compared_at: datetime | None = None
        self._is_distrusted = False
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._poke_thread = threading.Thread(target=self._listen, name="sync-pokes", daemon=True)

    @property
    def status(self) -> SyncStatus:
        return self._status

    def start(self) -> None:
        self._thread.start()
        self._poke_thread.start()

    def nudge(self) -> None:
        """Something is waiting to go up; while there is no service it waits until the service is looked for again."""
        self._quiet_since = self._clock.now()
        self._wake.set()

    def ask(self, request: AskRequest) -> "Future[AskReply]":
        """Have the service decide something now, after all that was done here before; see ``Questions.put``."""
        return self._questions.put(request)

    def try_now(self) -> None:
        """The service may be there again: look for it without waiting any longer."""
        self._hope.set()
        self._wake.set()

    def close(self) -> None:
        self._stop.set()
        self.try_now()
        while self._thread.is_alive():
            self._transport.hang_up()  # again, should a request have been beginning just now
            self._thread.join(0.2)
        while self._poke_thread.is_alive():
            self._transport.hang_up()  # again, should the stream have been opening just now
            self._poke_thread.join(0.2)

    def _run(self) -> None:
        try:
            self._keep_together()
        finally:
            self._questions.close()

    def _keep_together(self) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                self._connect()
                failures = 0
                self._stay()
            except Unreachable as error:
                wait_s = max(float(error.retry_after_s), BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)])
                failures += 1
                self._rest(wait_s * random.uniform(0.8, 1.2), error.why, error.trouble)
            except Refused as refused:
                self._answer_refusal(refused)
            except KnownError as error:
                self._is_distrusted = self._is_distrusted or error.code == "replica.damaged"
                log.warning("interrupted: %s", error)
                self._rest(BACK_OFF_S[-1], error.code, error.code)
            except Exception as error:  # thread entry: without this thread nothing is sent any more, unnoticed
                log.critical("the synchronisation met a fault", exc_info=error)
                self._rest(BACK_OFF_S[-1], "a fault", "internal_error")

    def _connect(self) -> None:
        identity = self._identities.identity()
        greeting = self._steps.hello(identity)
        self._identities.greeted(identity, greeting.reply)
        off_minutes = abs(greeting.clock_offset_ms) // 60_000
        self._clock_off_minutes = off_minutes if off_minutes >= WORTH_SAYING_MINUTES else 0
        if greeting.needs_bootstrap or self._is_distrusted:
            self._set(Link.LOADING)
            self._steps.bootstrap(identity.device_id, greeting.reply, self._loading)
            self._is_distrusted = False

    def _stay(self) -> None:
        """Keep both sides together until the line breaks, or this side turns out to be wrong."""
        while not self._stop.is_set() and not self._is_distrusted:
            self._wake.clear()
            self._hope.clear()
            self._exchange()
            self._questions.put_to(self._steps, self._exchange)
            if self._is_time_to_compare():
                self._compare()
            else:
                self._wake.wait(POLL_S)

    def _is_time_to_compare(self) -> bool:
        """Once a day, when nobody has done anything here for a while: it reads every row."""
        now = self._clock.now()
        if now - self._quiet_since < QUIET:
            return False
        return self._compared_at is None or now - self._compared_at >= COMPARE_EVERY

    def _compare(self) -> None:
        """Bit rot or a fault of ours: a replica that is not what the service has is made anew, and that is told."""
        self._compared_at = self._clock.now()
        self._steps.tidy()
        differing = self._steps.compare()
        if differing:
            log.error("this computer differs from the service in %s and fetches everything anew", ", ".join(differing))
            self._is_distrusted = True

    def _exchange(self) -> None:
        while not self._stop.is_set() and self._steps.push():
            self._busy()
            self._steps.pull()
        while not self._stop.is_set() and self._steps.pull():
            self._busy()
        self._mendings = 0
        self._set(Link.ONLINE, synced=True)

    def _rest(self, wait_s: float, why: str, trouble: str = "") -> None:
        log.info("offline, trying again in %.1f s: %s", wait_s, why)
        self._set(Link.OFFLINE, next_in_s=wait_s, trouble=trouble)
        self._hope.wait(wait_s)
        self._hope.clear()

    def _answer_refusal(self, refused: Refused) -> None:
        log.info("the service refused: %s", refused.code)
        self._mendings += 1
        if refused.code in _MENDED_BY_HELLO and self._mendings <= len(_MENDED_BY_HELLO):
            return
        if refused.code == "device_cloned" and self._identities.join_anew():
            return  # the replica and what waits in it go over to the new device
        self._set(_LINKS.get(refused.code, Link.OFFLINE), next_in_s=BACK_OFF_S[-1], trouble=refused.code)
        self._hope.wait(BACK_OFF_S[-1])
        self._hope.clear()

    def _listen(self) -> None:
        while not self._stop.is_set():
            is_open = False
            try:
                for _ in self._transport.pokes():
                    is_open = True
                    self.try_now()
                    if self._stop.is_set():
                        return
            except (Unreachable, Refused):
                pass  # the other thread tells
            except Exception as error:  # thread entry: without it news would come with the clock alone
                log.error("listening for news met a fault", exc_info=error)
            if is_open:
                self._wake.set()  # a stream that breaks is the first to know that the line is gone
            self._stop.wait(1.0)

    def _loading(self, progress: Progress) -> None:
        part = (progress.place, progress.places)
        self._status = replace(self._status, progress=(progress.table, progress.rows), part=part)
        self._tell(self._status)

    def _busy(self) -> None:
        if not self._status.is_busy:
            self._status = replace(self._status, is_busy=True)
            self._tell(self._status)

    def _set(self, link: Link, *, synced: bool = False, next_in_s: float | None = None, trouble: str = "") -> None:
        now = self._clock.now()
        since = self._status.since if self._status.link is link else now
        next_try_at = None if next_in_s is None else now + timedelta(seconds=next_in_s)
        synced_at = now if synced else self._status.synced_at
        self._status = SyncStatus(link, since, synced_at, next_try_at, trouble=trouble)
        self._status = replace(self._status, clock_off_minutes=self._clock_off_minutes)
        if link is not Link.ONLINE:
            self._questions.give_back()
        self._tell(self._status)
