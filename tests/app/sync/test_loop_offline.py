"""The loop while there is no service: it keeps its distance, and a person may shorten it."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from app.sync.loop import SyncLoop
from app.sync.status import Link
from app.sync.transport import Unreachable
from tests.support.clocks import FixedClock
from tests.support.waiting import until


class DeadLine:
    """Stands for the steps, their transport and whoever we are; counts how often the service was looked for."""

    def __init__(self) -> None:
        self.attempts = 0
        self.came = threading.Event()
        self._hung_up = threading.Event()

    def identity(self) -> Any:
        return None

    def hello(self, identity: Any) -> Any:
        self.attempts += 1
        self.came.set()
        raise Unreachable("the cable is out")

    def pokes(self) -> Iterator[None]:
        self._hung_up.wait()
        raise Unreachable("the cable is out")
        yield

    def hang_up(self) -> None:
        self._hung_up.set()


@pytest.fixture
def line() -> DeadLine:
    return DeadLine()


@pytest.fixture
def loop(line: DeadLine) -> Iterator[SyncLoop]:
    stand_in: Any = line
    found = SyncLoop(stand_in, stand_in, stand_in, FixedClock(), lambda _: None)
    found.start()
    until(lambda: found.status.link is Link.OFFLINE, "it notices")
    line.came.clear()
    yield found
    found.close()


def test_commands_given_offline_do_not_shorten_the_wait(line: DeadLine, loop: SyncLoop) -> None:
    loop.nudge()
    assert not line.came.wait(0.3)
    assert line.attempts == 1


def test_a_person_who_asks_is_answered_at_once(line: DeadLine, loop: SyncLoop) -> None:
    loop.try_now()
    assert line.came.wait(0.6), "the first wait is longer than that"
