"""The loop that keeps both sides together: it outlives everything that its steps may meet."""

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.kernel.errors import KnownError
from app.sync.loop import SyncLoop
from app.sync.status import Link, SyncStatus
from app.sync.steps import Greeting, Identity
from app.sync.transport import Refused, Unreachable
from app.wire.messages import HelloReply
from tests.support.clocks import FixedClock

PATIENCE_S = 20


@dataclass
class Stumbling:
    """Steps whose first greetings fail, one after the other, and a line without a stream of pokes."""

    troubles: list[Exception]
    has_code: bool = False
    gone: threading.Event = field(default_factory=threading.Event)

    def hello(self, identity: Identity) -> Greeting:
        if self.troubles:
            raise self.troubles.pop(0)
        return Greeting(None, needs_bootstrap=False)  # type: ignore[arg-type]

    def push(self) -> int:
        return 0

    def pull(self) -> int:
        return 0

    def pokes(self) -> Iterator[None]:
        self.gone.wait(PATIENCE_S)
        raise Unreachable("no stream")

    def hang_up(self) -> None:
        self.gone.set()

    def identity(self) -> Identity:
        return Identity("device", "key", "next", "test")

    def greeted(self, identity: Identity, reply: HelloReply) -> None:
        """Nothing is kept here."""

    def join_anew(self) -> bool:
        return self.has_code


def statuses(*troubles: Exception, has_code: bool = False) -> list[SyncStatus]:
    """What the badge is told until the line stands; somebody presses "try again" whenever it does not."""
    told: queue.Queue[SyncStatus] = queue.Queue()
    parts: Any = Stumbling(list(troubles), has_code)
    loop = SyncLoop(parts, parts, parts, FixedClock(), told.put)
    loop.start()
    found = []
    try:
        while not found or found[-1].link is not Link.ONLINE:
            found.append(told.get(timeout=PATIENCE_S))
            while not _nudge_on(loop, found[-1], told):
                pass
    finally:
        loop.close()
    return found


def _nudge_on(loop: SyncLoop, last: SyncStatus, told: "queue.Queue[SyncStatus]") -> bool:
    """Nudge until the next status comes: a nudge before the loop has begun to wait is forgotten."""
    if last.link is Link.ONLINE:
        return True
    loop.try_now()
    threading.Event().wait(0.01)
    return not told.empty()


@pytest.mark.warns_in_log
@pytest.mark.parametrize(
    ("trouble", "link", "code"),
    [
        (RuntimeError("a bug"), Link.OFFLINE, "internal_error"),
        (KnownError("replica.disk_full", "The disk is full."), Link.OFFLINE, "replica.disk_full"),
        (Unreachable("no line"), Link.OFFLINE, ""),
        (Refused("device_revoked", {}), Link.LOCKED, "device_revoked"),
        (Refused("device_cloned", {}), Link.LOCKED, "device_cloned"),
        (Refused("upgrade_required", {}), Link.OUTDATED, "upgrade_required"),
    ],
    ids=str,
)
def test_trouble_is_told_and_the_loop_goes_on(trouble: Exception, link: Link, code: str) -> None:
    first, *_, last = statuses(trouble)
    assert (first.link, first.trouble) == (link, code)
    assert (last.link, last.trouble) == (Link.ONLINE, "")


def test_a_copied_computer_with_a_new_code_joins_at_once() -> None:
    assert [s.link for s in statuses(Refused("device_cloned", {}), has_code=True)] == [Link.ONLINE]
