"""Work in a process of its own tells how far it is and how it ended."""

import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.kernel.errors import KnownError
from services.apart import Progress, run_apart


def tells(count: int, tell: Progress) -> None:
    for done in range(count):
        tell("orders", done + 1, count)


def is_refused(tell: Progress) -> None:
    raise KnownError("demo.not_empty", "{what} is there already.", {"what": "A shop"})


def stumbles(tell: Progress) -> None:
    raise ZeroDivisionError("a bug")


def dies(tell: Progress) -> None:
    os._exit(7)


def holds_a_line(port: int, tell: Progress) -> None:
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(b"here")
        line.recv(1)


def is_quiet_for_long(port: int, tell: Progress) -> None:
    holds_a_line(port, tell)
    tell("orders", 1, 1)


_WAITER = """
import sys
from services.apart import run_apart
from tests.services.test_apart import holds_a_line
run_apart(holds_a_line, (int(sys.argv[1]),), lambda *_: None)
"""


def test_it_ends_with_whoever_waits_for_it_however_that_ended() -> None:
    """A migration would go on in a database that nobody holds any more."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        command = [sys.executable, "-c", _WAITER, str(door.getsockname()[1])]
        with subprocess.Popen(command, cwd=Path(__file__).parents[2]) as waiter:
            line, _ = door.accept()
            with line:
                line.settimeout(30)
                assert line.recv(4) == b"here"
                waiter.kill()
                assert line.recv(1) == b""


def test_it_tells_how_far_it_is() -> None:
    heard: list[tuple[str, int, int]] = []
    run_apart(tells, (3,), lambda *done: heard.append(done))
    assert heard == [("orders", 1, 3), ("orders", 2, 3), ("orders", 3, 3)]


def test_who_waits_is_reminded_while_nothing_is_said_and_nothing_is_ended() -> None:
    heard: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as door, ExitStack() as line:

        def remind(times: int) -> None:
            heard.append(times)
            if times == 3:
                line.enter_context(door.accept()[0]).sendall(b"go on")

        port = int(door.getsockname()[1])
        run_apart(is_quiet_for_long, (port,), lambda *done: heard.append(done), remind, 0.05)
    assert heard[:3] == [1, 2, 3] and ("orders", 1, 1) in heard


def test_what_a_person_can_mend_comes_over_whole() -> None:
    with pytest.raises(KnownError) as caught:
        run_apart(is_refused, (), lambda *_: None)
    assert (caught.value.code, str(caught.value)) == ("demo.not_empty", "A shop is there already.")


def test_a_bug_comes_over_with_its_trace() -> None:
    with pytest.raises(RuntimeError, match=r"stumbles(.|\n)*ZeroDivisionError: a bug"):
        run_apart(stumbles, (), lambda *_: None)


def test_a_death_is_noticed() -> None:
    with pytest.raises(RuntimeError, match="without a word"):
        run_apart(dies, (), lambda *_: None)
