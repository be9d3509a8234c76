"""Rules that hold for every test: warnings fail, logged warnings fail, no thread outlives its test."""

import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from app.bootstrap import texts
from tests.support import quick_files

# Deadlines measure the machine, not the code: a busy one would make good tests red.
settings.register_profile("zhanggui", deadline=None, print_blob=True)
settings.load_profile("zhanggui")

pytest_plugins = ["tests.support.stores"]

_PATIENCE_S = 5.0


def pytest_configure(config: pytest.Config) -> None:
    quick_files.use_memory()
    # Commands speak the terminal's language; the tests read Chinese, whatever whoever runs them speaks.
    os.environ["LANG"] = os.environ.pop("LC_ALL", "") or os.environ.get("LANG", "")
    os.environ["LC_MESSAGES"] = "C"
    config.addinivalue_line("markers", "outlived(why): what is opened for all tests of a module goes on between them")
    config.addinivalue_line("markers", "warns_in_log(why): this test makes the program log a warning on purpose")
    if not hasattr(config, "workerinput"):  # the worker processes find the texts made
        texts.compile_texts(Path(sys.executable))


_LONG = ("tests/properties/", "tests/journeys/", "tests/architecture/test_linters.py", "tests/services/test_process.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: one that began last would keep a single processor busy after everything else is done."""
    items.sort(key=lambda item: not item.nodeid.startswith(_LONG))


@pytest.fixture(autouse=True)
def no_thread_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A thread that outlives its test would disturb another one, at a place nobody can tell."""
    if request.node.get_closest_marker("outlived") is not None:
        yield
        return
    before = set(threading.enumerate())
    yield
    until = time.monotonic() + _PATIENCE_S
    left = [thread for thread in threading.enumerate() if thread not in before and _is_ours(thread)]
    for thread in left:
        thread.join(max(0.0, until - time.monotonic()))
    alive = [thread.name for thread in left if thread.is_alive()]
    if alive:
        pytest.fail(f"threads outlived the test: {', '.join(alive)}", pytrace=False)


def _is_ours(thread: threading.Thread) -> bool:
    # Qt's own threads show up as dummies once they have run a line of Python; they cannot be joined.
    return not isinstance(thread, threading._DummyThread)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What passing tests print is what they measured: it stands together at the end."""
    passed = terminalreporter.stats.get("passed", [])
    lines = [
        line
        for report in passed
        for line in report.capstdout.splitlines()
        if line.strip() and not line.startswith("modeltest:")
    ]
    if lines:
        terminalreporter.section("measured")
        for line in sorted(lines):
            terminalreporter.line(line)


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_warning_is_logged(request: pytest.FixtureRequest) -> Iterator[None]:
    """A warning in the log is a finding, unless the test says that it provokes one."""
    heard = _Warnings()
    root = logging.getLogger()
    root.addHandler(heard)
    yield
    root.removeHandler(heard)
    if heard.lines and request.node.get_closest_marker("warns_in_log") is None:
        pytest.fail("unexpected in the log:\n" + "\n".join(heard.lines), pytrace=False)
