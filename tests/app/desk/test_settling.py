"""What is asked for on the screen is answered before a start goes on."""

import sqlite3
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app.desk.threads import EXPECTED, ReaderThreads


def test_settling_waits_for_every_answer_and_no_longer_than_it_may(tmp_path: Path) -> None:
    file = tmp_path / "replica.db"
    sqlite3.connect(file).close()
    writer: Any = SimpleNamespace(location=(EXPECTED, file))
    readers = ReaderThreads(writer)
    readers.start()
    try:
        readers.settle(10)  # nothing was asked
        gate = threading.Event()
        slow = readers.submit(lambda _: gate.wait(10))
        failing = readers.submit(lambda connection: connection.execute("no such statement"))
        readers.settle(0)
        assert not slow.done()
        gate.set()
        readers.settle(10)
        assert slow.done() and failing.done()
    finally:
        readers.close()
