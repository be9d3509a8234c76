"""Reading that nobody waits for any more ends in the middle of a statement, and whoever reads goes on with the next."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.desk.stopping import Stoppable
from app.desk.threads import ReaderThreads, WriterThread
from tests.support.waiting import until

LONG = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 30000000) SELECT max(i) FROM n"
"""Many seconds, should nobody stop it."""


@pytest.fixture
def one_reader(tmp_path: Path) -> Iterator[ReaderThreads]:
    file = tmp_path / "replica.db"
    sqlite3.connect(file).close()
    writer = WriterThread(lambda: pytest.fail("nothing is written"))
    writer.expect(file)
    readers = ReaderThreads(writer, count=1)
    readers.start()
    yield readers
    readers.close()


def test_a_statement_is_stopped_in_the_middle_and_the_reader_is_free_again(one_reader: ReaderThreads) -> None:
    is_reading = threading.Event()

    def read(connection: sqlite3.Connection) -> object:
        is_reading.set()
        return connection.execute(LONG).fetchone()

    asked = Stoppable(read)
    answer = one_reader.submit(asked)
    following = one_reader.submit(lambda connection: connection.execute("SELECT 7").fetchone())
    until(is_reading.is_set, "it reads", 5)
    asked.stop()
    assert answer.result(5) is None
    assert following.result(5) == (7,)


def test_what_was_stopped_before_its_turn_is_never_read(one_reader: ReaderThreads) -> None:
    read: list[str] = []
    asked = Stoppable(lambda _: read.append("x"))
    asked.stop()
    assert one_reader.submit(asked).result(5) is None and read == []


def test_what_is_wanted_is_answered_and_its_faults_are_told(tmp_path: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        assert Stoppable(lambda c: c.execute("SELECT 7").fetchone())(connection) == (7,)
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            Stoppable(lambda c: c.execute("SELECT * FROM orders"))(connection)


def test_what_was_read_to_its_end_although_it_was_stopped_is_no_answer() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        asked: Stoppable[str] = Stoppable(lambda _: asked.stop() or "counted in Python")
        assert asked(connection) is None
        assert connection.execute(LONG.replace("30000000", "100000")).fetchone() == (100_000,), "others are not stopped"
