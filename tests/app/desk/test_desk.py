"""What the windows may ask of the desktop when it is not ready for it."""

from pathlib import Path

import pytest

from app.desk.desk import Desk
from app.desk.hub import ChangeHub
from app.desk.threads import ReaderThreads, WriterThread
from app.domain.registry import shop_registry
from app.domain.stock.commands import ReceiveStock
from app.kernel.errors import KnownError
from app.kernel.ids import IdSource
from app.replica.changes import ChangeSet, Origin
from app.replica.holder import ReplicaHolder
from tests.support.clocks import FixedClock

COMMAND = ReceiveStock("sku", "place", 1)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    writer = WriterThread(lambda: ReplicaHolder(tmp_path, shop_registry()))
    return Desk(writer, ReaderThreads(writer), shop_registry, FixedClock(), IdSource())


def test_while_nobody_is_on_duty_that_is_said(desk: Desk) -> None:
    error = desk.perform(COMMAND).exception(5)
    assert isinstance(error, KnownError) and error.code == "desk.nobody"


def test_a_computer_that_was_locked_out_does_nothing_more(desk: Desk) -> None:
    desk.is_locked = True
    error = desk.perform(COMMAND).exception(5)
    assert isinstance(error, KnownError) and error.code == "desk.locked"


@pytest.mark.warns_in_log
def test_a_listener_that_fails_does_not_make_what_is_done_look_undone() -> None:
    hub, told = ChangeHub(), []

    def fail(changes: ChangeSet) -> None:
        raise RuntimeError("the window is gone")

    hub.listen(fail)
    hub.listen(told.append)
    hub.publish(ChangeSet(Origin.LOCAL, {}))
    assert len(told) == 1
