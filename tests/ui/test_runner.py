"""What was given to the desktop comes back, also when it was neither done nor refused."""

import logging
import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.desk.desk import Desk
from app.desk.threads import ReaderThreads, WriterThread
from app.domain.orders.commands import NoteOrder
from app.domain.registry import shop_registry
from app.kernel.errors import KnownError
from app.kernel.ids import IdSource
from app.replica.holder import ReplicaHolder
from tests.support.clocks import FixedClock
from ui.bridge.runner import QtRunner


@pytest.fixture
def runner(tmp_path: Path, qtbot: QtBot) -> Iterator[QtRunner]:
    """Nobody is on duty, so no command is done."""
    registry = shop_registry()
    writer = WriterThread(lambda: ReplicaHolder(tmp_path, registry))
    readers = ReaderThreads(writer)
    writer.start().result(20)
    readers.start()
    made = QtRunner(Desk(writer, readers, registry, FixedClock(), IdSource()))
    yield made
    made.close()
    readers.close()
    writer.close()


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


def broken() -> sqlite3.OperationalError:
    """What the database says of a disk that does not answer."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_READ
    return error


BLIND = pytest.mark.warns_in_log("the disk is faulty on purpose")


@BLIND
def test_what_could_not_be_read_is_read_again_until_it_is_without_a_toast(runner: QtRunner, qtbot: QtBot) -> None:
    told: list[object] = []
    for signal in (runner.failed, runner.crashed, runner.blinded):
        signal.connect(told.append)
    answers: list[int] = []
    faults = iter((broken(), KnownError("disk.gone", "The disk is gone.")))

    def query(_: sqlite3.Connection) -> int:
        fault = next(faults, None)
        if fault is not None:
            raise fault
        return 7

    lost: list[None] = []
    runner.query(query, answers.append, lambda: lost.append(None) is None)
    qtbot.waitUntil(lambda: bool(lost))
    assert (told, answers) == ([True], [])
    qtbot.waitUntil(lambda: bool(answers))
    assert (told, answers, len(lost)) == ([True, False], [7], 2)


@pytest.mark.parametrize("bug", [ZeroDivisionError("a bug"), sqlite3.OperationalError("no such column: qyt")], ids=repr)
@BLIND
def test_a_bug_in_a_query_is_told_once_as_one(runner: QtRunner, qtbot: QtBot, bug: Exception) -> None:
    crashes: list[object] = []
    runner.crashed.connect(crashes.append)
    asked: list[None] = []

    def query(_: sqlite3.Connection) -> int:
        asked.append(None)
        raise bug

    runner.query(query, lambda _: None, lambda: len(asked) < 2)
    qtbot.waitUntil(lambda: len(asked) == 2)
    assert crashes == [bug]


@BLIND
def test_what_is_no_longer_wanted_is_not_read_again(runner: QtRunner, qtbot: QtBot) -> None:
    told: list[object] = []
    runner.blinded.connect(told.append)
    asked: list[None] = []

    def query(_: sqlite3.Connection) -> int:
        asked.append(None)
        raise broken()

    lost: list[None] = []

    def on_lost() -> bool:
        lost.append(None)
        return len(lost) < 2

    runner.query(query, lambda _: None, on_lost)
    qtbot.waitUntil(lambda: told == [True, False])
    assert (len(asked), len(lost)) == (2, 2)
