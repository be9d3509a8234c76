"""What was given to the desktop comes back, also when it was neither done nor refused."""

import logging
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.desk.desk import Desk
from app.desk.threads import ReaderThreads, WriterThread
from app.domain.orders.commands import NoteOrder
from app.domain.registry import shop_registry
from app.kernel.ids import IdSource
from app.replica.holder import ReplicaHolder
from tests.support.clocks import FixedClock
from ui.bridge.runner import QtRunner


@pytest.fixture
def runner(tmp_path: Path, qtbot: QtBot) -> Iterator[QtRunner]:
    """Nobody is on duty, so no command is done."""
    registry = shop_registry()
    writer = WriterThread(lambda: ReplicaHolder(tmp_path, registry))
    made = QtRunner(Desk(writer, ReaderThreads(writer), registry, FixedClock(), IdSource()))
    yield made
    made.close()


def test_whoever_waits_for_a_command_goes_on_after_a_fault_was_told(runner: QtRunner, qtbot: QtBot) -> None:
    heard: list[str] = []
    runner.failed.connect(lambda error: heard.append(error.code))
    runner.perform(
        NoteOrder("o1", "x"),
        lambda _: heard.append("done"),
        lambda _: heard.append("refused"),
        on_lost=lambda: heard.append("lost"),
    )
    qtbot.waitUntil(lambda: "lost" in heard)
    assert heard == ["desk.nobody", "lost"]


def test_a_bug_keeps_nobody_waiting_either(runner: QtRunner, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    heard: list[str] = []
    runner.crashed.connect(lambda error: heard.append(str(error)))
    answer: Future[int] = Future()
    with caplog.at_level(logging.CRITICAL + 1, "ui"):
        runner.when(answer, lambda _: heard.append("done"), on_lost=lambda: heard.append("lost"))
        answer.set_exception(ZeroDivisionError("a bug"))
        qtbot.waitUntil(lambda: "lost" in heard)
    assert heard == ["a bug", "lost"]
